// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/jpeg_coder.h"

#include "photo/block_transform.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <cmath>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <jpeglib.h>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

struct Watcher
{
    jpeg_error_mgr errors;
    jmp_buf leave;
    char message[JMSG_LENGTH_MAX];
};

void leaveWithError(j_common_ptr info)
{
    auto *watcher = static_cast<Watcher *>(info->client_data);
    info->err->format_message(info, watcher->message);
    std::longjmp(watcher->leave, 1);
}

float rounded(float quotient, Rounding rounding)
{
    switch (rounding) {
    case Rounding::Floor: return std::floor(quotient);
    case Rounding::Ceil: return std::ceil(quotient);
    case Rounding::Truncate: return std::trunc(quotient);
    case Rounding::Nearest: break;
    }
    return std::round(quotient);
}

cv::Mat quantisedPlane(const cv::Mat &plane, const std::array<std::uint16_t, 64> &table, Rounding rounding)
{
    cv::Mat padded, result;
    const int wide = (plane.cols + 7) / 8 * 8, high = (plane.rows + 7) / 8 * 8;
    cv::copyMakeBorder(plane, padded, 0, high - plane.rows, 0, wide - plane.cols, cv::BORDER_REPLICATE);
    padded -= 128.0;
    result.create(high, wide, CV_16SC1);
    for (int by = 0; by < high; by += 8) {
        for (int bx = 0; bx < wide; bx += 8) {
            const Block block = forwardTransform(blockAt(padded, {bx, by}));
            for (int i = 0; i < 64; ++i) {
                const float level = rounded(block[std::size_t(i)] / float(table[std::size_t(i)]), rounding);
                result.at<short>(by + i / 8, bx + i % 8) = short(std::clamp(level, i == 0 ? -1024.0f : -1023.0f, 1023.0f));
            }
        }
    }
    return result;
}

bool belongTogether(const JpegFile &file)
{
    if (file.width < 1 || file.height < 1 || file.width > 65500 || file.height > 65500
        || (file.components.size() != 1 && file.components.size() != 3))
        return false;
    int mostH = 1, mostV = 1;
    for (const JpegComponent &c : file.components) {
        mostH = std::max(mostH, c.horizontalSampling);
        mostV = std::max(mostV, c.verticalSampling);
    }
    for (const JpegComponent &c : file.components) {
        const auto blocks = [](int size, int factor, int most) { return (size * factor + 8 * most - 1) / (8 * most); };
        if (c.tableIndex < 0 || c.tableIndex > 3 || !file.tables[std::size_t(c.tableIndex)]
            || c.coefficients.type() != CV_16SC1
            || c.coefficients.cols != 8 * blocks(file.width, c.horizontalSampling, mostH)
            || c.coefficients.rows != 8 * blocks(file.height, c.verticalSampling, mostV))
            return false;
    }
    return true;
}

/// A plain C function in C++ clothes: no object with a destructor lives across setjmp.
bool writeAll(jpeg_compress_struct *info, Watcher *watcher, const JpegFile *file, unsigned char **bytes,
              unsigned long *size)
{
    if (setjmp(watcher->leave) != 0)
        return false;
    jpeg_create_compress(info);
    jpeg_mem_dest(info, bytes, size);
    info->image_width = JDIMENSION(file->width);
    info->image_height = JDIMENSION(file->height);
    info->input_components = int(file->components.size());
    info->in_color_space = file->components.size() == 3 ? JCS_YCbCr : JCS_GRAYSCALE;
    jpeg_set_defaults(info);
    for (std::size_t i = 0; i < 4; ++i) {
        if (!file->tables[i])
            continue;
        unsigned int table[64];
        for (std::size_t k = 0; k < 64; ++k)
            table[k] = (*file->tables[i])[k];
        jpeg_add_quant_table(info, int(i), table, 100, TRUE);
    }
    jvirt_barray_ptr arrays[3] = {};
    for (int i = 0; i < info->num_components; ++i) { // input_components is overwritten when transcoding
        const JpegComponent &from = file->components[std::size_t(i)];
        jpeg_component_info &to = info->comp_info[i];
        to.h_samp_factor = from.horizontalSampling;
        to.v_samp_factor = from.verticalSampling;
        to.quant_tbl_no = from.tableIndex;
        const auto up = [](int blocks, int factor) { return JDIMENSION((blocks + factor - 1) / factor * factor); };
        arrays[i] = info->mem->request_virt_barray(
            reinterpret_cast<j_common_ptr>(info), JPOOL_IMAGE, TRUE,
            up(from.coefficients.cols / 8, from.horizontalSampling),
            up(from.coefficients.rows / 8, from.verticalSampling), JDIMENSION(from.verticalSampling));
    }
    jpeg_write_coefficients(info, arrays);
    for (int i = 0; i < info->num_components; ++i) { // input_components is overwritten when transcoding
        const cv::Mat &from = file->components[std::size_t(i)].coefficients;
        for (int row = 0; row < from.rows / 8; ++row) {
            JBLOCKARRAY to = info->mem->access_virt_barray(reinterpret_cast<j_common_ptr>(info), arrays[i],
                                                           JDIMENSION(row), 1, TRUE);
            for (int x = 0; x < from.cols / 8; ++x) {
                for (int y = 0; y < 8; ++y)
                    std::memcpy(to[0][x] + y * 8, from.ptr<short>(row * 8 + y) + x * 8, 8 * sizeof(short));
            }
        }
    }
    jpeg_finish_compress(info);
    return true;
}

} // namespace

JpegFile quantise(const cv::Mat &bgr, const CoderSettings &settings)
{
    cv::Mat wide, planes[3];
    bgr.convertTo(wide, CV_32F);
    cv::cvtColor(wide, wide, cv::COLOR_BGR2YCrCb); // float: centred on 0.5 instead of 128
    cv::split(wide, planes);
    std::swap(planes[1], planes[2]);
    JpegFile file;
    file.width = bgr.cols;
    file.height = bgr.rows;
    file.tables[0] = ijgTable(settings.quality, false);
    file.tables[1] = ijgTable(settings.quality, true);
    for (int i = 0; i < 3; ++i) {
        cv::Mat plane = planes[i];
        JpegComponent component;
        component.id = i + 1;
        component.tableIndex = i == 0 ? 0 : 1;
        if (i > 0)
            plane += 127.5;
        if (i == 0 && settings.halfChroma)
            component.horizontalSampling = component.verticalSampling = 2;
        if (i > 0 && settings.halfChroma) {
            cv::copyMakeBorder(plane, plane, 0, plane.rows % 2, 0, plane.cols % 2, cv::BORDER_REPLICATE);
            cv::resize(plane, plane, {plane.cols / 2, plane.rows / 2}, 0, 0, cv::INTER_AREA);
        }
        component.coefficients = quantisedPlane(plane, *file.tables[std::size_t(component.tableIndex)], settings.rounding);
        file.components.push_back(std::move(component));
    }
    return file;
}

Result<QByteArray> writeJpeg(const JpegFile &file)
{
    if (!belongTogether(file))
        return fail(Errc::BadData, u"size, tables and coefficients of the picture do not belong together"_s);
    Watcher watcher;
    std::memset(&watcher, 0, sizeof watcher);
    jpeg_compress_struct info{};
    info.err = jpeg_std_error(&watcher.errors);
    watcher.errors.error_exit = leaveWithError;
    info.client_data = &watcher;
    unsigned char *bytes = nullptr;
    unsigned long size = 0;
    const bool ok = writeAll(&info, &watcher, &file, &bytes, &size);
    jpeg_destroy_compress(&info);
    const QByteArray result = ok ? QByteArray(reinterpret_cast<const char *>(bytes), qsizetype(size)) : QByteArray();
    std::free(bytes);
    if (!ok)
        return fail(Errc::BadData, u"the picture cannot be written: %1"_s.arg(QString::fromLatin1(watcher.message)));
    return result;
}

cv::Mat savedAs(const cv::Mat &bgr, const CoderSettings &settings, QByteArray *bytes)
{
    const auto written = writeJpeg(quantise(bgr, settings));
    if (!written)
        return {};
    if (bytes)
        *bytes = *written;
    const cv::Mat raw(1, int(written->size()), CV_8UC1, const_cast<char *>(written->constData()));
    return cv::imdecode(raw, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
}

cv::Mat savedUsually(const cv::Mat &bgr, int quality)
{
    if (quality == 0)
        return bgr;
    std::vector<uchar> bytes;
    cv::imencode(".jpg", bgr, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
    return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

} // namespace fw
