// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/jpeg.h"

#include "media/jpeg_markers_p.h"

#include <QFile>

#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <jpeglib.h>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr qint64 kMaxJpegBytes = qint64(1) << 30;
constexpr std::int64_t kMaxPixels = 192LL << 20;
constexpr int kMaxScans = 500; // each scan walks the whole picture: more is an attack, not a photo

/// libjpeg reports through callbacks and leaves by longjmp; nothing here needs a destructor.
struct Watcher
{
    jpeg_error_mgr errors;
    jpeg_progress_mgr progress;
    jmp_buf leave;
    char message[JMSG_LENGTH_MAX];
    char firstWarning[JMSG_LENGTH_MAX];
};

void leaveWithError(j_common_ptr info)
{
    auto *watcher = static_cast<Watcher *>(info->client_data);
    info->err->format_message(info, watcher->message);
    std::longjmp(watcher->leave, 1);
}

void keepWarning(j_common_ptr info, int level)
{
    auto *watcher = static_cast<Watcher *>(info->client_data);
    if (level < 0 && watcher->firstWarning[0] == 0)
        info->err->format_message(info, watcher->firstWarning);
}

void countScans(j_common_ptr info)
{
    if (!info->is_decompressor)
        return;
    if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number > kMaxScans) {
        auto *watcher = static_cast<Watcher *>(info->client_data);
        std::strcpy(watcher->message, "more scans than any picture needs");
        std::longjmp(watcher->leave, 1);
    }
}

void prepare(Watcher *watcher)
{
    std::memset(watcher, 0, sizeof *watcher);
    jpeg_std_error(&watcher->errors);
    watcher->errors.error_exit = leaveWithError;
    watcher->errors.emit_message = keepWarning;
    watcher->progress.progress_monitor = countScans;
}

/// Reads the header and, where wanted, all coefficients into libjpeg's own arrays.
/// A plain C function in C++ clothes: no object with a destructor lives across setjmp.
bool readStructures(jpeg_decompress_struct *info, Watcher *watcher, const QByteArray &bytes,
                    bool withCoefficients, jvirt_barray_ptr **arrays)
{
    if (setjmp(watcher->leave) != 0)
        return false;
    jpeg_create_decompress(info);
    info->progress = &watcher->progress;
    jpeg_mem_src(info, reinterpret_cast<const unsigned char *>(bytes.constData()),
                 static_cast<unsigned long>(bytes.size()));
    jpeg_read_header(info, TRUE);
    if (std::int64_t(info->image_width) * info->image_height > kMaxPixels) {
        std::strcpy(watcher->message, "the picture is larger than 192 million pixels");
        return false;
    }
    if (withCoefficients)
        *arrays = jpeg_read_coefficients(info);
    return true;
}

bool copyRow(jpeg_decompress_struct *info, Watcher *watcher, jvirt_barray_ptr array, int row,
             int blocksWide, short *to, std::size_t stride)
{
    if (setjmp(watcher->leave) != 0)
        return false;
    JBLOCKARRAY blocks = info->mem->access_virt_barray(reinterpret_cast<j_common_ptr>(info), array,
                                                       JDIMENSION(row), 1, FALSE);
    for (int x = 0; x < blocksWide; ++x) {
        for (std::size_t y = 0; y < 8; ++y)
            std::memcpy(to + y * stride + std::size_t(x) * 8, blocks[0][x] + y * 8, 8 * sizeof(short));
    }
    return true;
}

bool sameTable(const JHUFF_TBL *a, const JHUFF_TBL *b)
{
    if (!a)
        return true; // not used by this file
    if (std::memcmp(a->bits + 1, b->bits + 1, 16) != 0)
        return false;
    int symbols = 0;
    for (int i = 1; i <= 16; ++i)
        symbols += a->bits[i];
    return std::memcmp(a->huffval, b->huffval, std::size_t(std::min(symbols, 256))) == 0;
}

/// True when a Huffman table of the file differs from those of ITU-T T.81 annex K.
bool usesOwnHuffmanTables(const jpeg_decompress_struct &info)
{
    jpeg_compress_struct standard{};
    Watcher watcher;
    prepare(&watcher);
    standard.err = &watcher.errors;
    standard.client_data = &watcher;
    if (setjmp(watcher.leave) != 0) {
        jpeg_destroy_compress(&standard);
        return false;
    }
    jpeg_create_compress(&standard);
    standard.in_color_space = JCS_YCbCr;
    standard.input_components = 3;
    jpeg_set_defaults(&standard); // fills in the tables of annex K
    bool own = false;
    for (int i = 0; i < 2; ++i) {
        own = own || !sameTable(info.dc_huff_tbl_ptrs[i], standard.dc_huff_tbl_ptrs[i])
              || !sameTable(info.ac_huff_tbl_ptrs[i], standard.ac_huff_tbl_ptrs[i]);
    }
    own = own || info.dc_huff_tbl_ptrs[2] || info.ac_huff_tbl_ptrs[2];
    jpeg_destroy_compress(&standard);
    return own;
}

void copyHeader(const jpeg_decompress_struct &info, JpegFile *file)
{
    file->width = int(info.image_width);
    file->height = int(info.image_height);
    file->progressive = info.progressive_mode;
    file->arithmetic = info.arith_code;
    file->optimizedHuffman = !info.arith_code && usesOwnHuffmanTables(info);
    for (std::size_t i = 0; i < 4; ++i) {
        if (!info.quant_tbl_ptrs[i])
            continue;
        std::array<std::uint16_t, 64> table;
        std::copy_n(info.quant_tbl_ptrs[i]->quantval, 64, table.begin());
        file->tables[i] = table;
    }
    for (int i = 0; i < info.num_components; ++i) {
        const jpeg_component_info &c = info.comp_info[i];
        file->components.push_back(
            {c.component_id, c.h_samp_factor, c.v_samp_factor, c.quant_tbl_no, {}});
    }
}

bool copyCoefficients(jpeg_decompress_struct *info, Watcher *watcher, jvirt_barray_ptr *arrays,
                      JpegFile *file)
{
    for (std::size_t i = 0; i < file->components.size(); ++i) {
        const jpeg_component_info &c = info->comp_info[i];
        const int wide = int(c.width_in_blocks), high = int(c.height_in_blocks);
        cv::Mat all(high * 8, wide * 8, CV_16SC1);
        for (int row = 0; row < high; ++row) {
            if (!copyRow(info, watcher, arrays[i], row, wide, all.ptr<short>(row * 8),
                         std::size_t(wide) * 8))
                return false;
        }
        file->components[i].coefficients = all;
    }
    return true;
}

} // namespace

Result<JpegFile> readJpeg(const QString &path, bool withCoefficients)
{
    QFile input(path);
    if (!input.open(QIODevice::ReadOnly))
        return fail(input.exists() ? Errc::Unreadable : Errc::NotFound, input.errorString(), path);
    if (input.size() > kMaxJpegBytes)
        return fail(Errc::Unsupported, u"the file is too large for a photograph (over 1 GB)"_s, path);
    return readJpeg(input.readAll(), path, withCoefficients);
}

Result<JpegFile> readJpeg(const QByteArray &bytes, const QString &where, bool withCoefficients)
{
    JpegFile file;
    if (auto walked = walkJpegMarkers(bytes, where, &file); !walked)
        return Failure{walked.error()};

    Watcher watcher;
    prepare(&watcher);
    jpeg_decompress_struct info{};
    info.err = &watcher.errors;
    info.client_data = &watcher; // creating the object keeps both
    jvirt_barray_ptr *arrays = nullptr;
    bool ok = readStructures(&info, &watcher, bytes, withCoefficients, &arrays);
    QString problem;
    try {
        if (ok)
            copyHeader(info, &file);
        if (ok && withCoefficients)
            ok = copyCoefficients(&info, &watcher, arrays, &file);
    } catch (const std::exception &e) { // cv::Exception and bad_alloc: a picture too large for us
        ok = false;
        problem = u"not enough memory for the coefficients: %1"_s.arg(QString::fromUtf8(e.what()));
    }
    jpeg_destroy_decompress(&info);
    if (watcher.firstWarning[0] != 0)
        file.warnings << QString::fromLatin1(watcher.firstWarning);
    if (!ok) {
        if (problem.isEmpty())
            problem = QString::fromLatin1(watcher.message);
        return fail(Errc::BadData, u"the JPEG data cannot be read: %1"_s.arg(problem), where);
    }
    return file;
}

} // namespace fw
