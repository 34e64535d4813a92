// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/heif_source_p.h"

#include "media/av_input_p.h"

#include <libheif/heif.h>

#include <QtEndian>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw::av {

namespace {

constexpr qint64 kMaxHeifBytes = qint64(256) << 20;
constexpr qint64 kBrandBytes = 256; ///< of the file type box; real ones hold a dozen brands

struct ContextDeleter
{
    void operator()(heif_context *context) const { heif_context_free(context); }
};
struct HandleDeleter
{
    void operator()(heif_image_handle *handle) const { heif_image_handle_release(handle); }
};
struct ImageDeleter
{
    void operator()(heif_image *image) const { heif_image_release(image); }
};
using ContextPtr = std::unique_ptr<heif_context, ContextDeleter>;
using HandlePtr = std::unique_ptr<heif_image_handle, HandleDeleter>;
using ImagePtr = std::unique_ptr<heif_image, ImageDeleter>;

class MemorySource final : public ByteSource
{
public:
    explicit MemorySource(QByteArray bytes) : m_bytes(std::move(bytes)) {}

    Result<qint64> read(char *to, qint64 atMost) override
    {
        const qint64 left = std::max<qint64>(0, m_bytes.size() - m_position);
        const qint64 got = std::min(left, atMost);
        std::copy_n(m_bytes.constData() + std::min<qint64>(m_position, m_bytes.size()), got, to);
        m_position += got;
        return got;
    }
    Result<void> seek(qint64 position) override
    {
        m_position = position;
        return {};
    }
    qint64 size() const override { return m_bytes.size(); }

private:
    QByteArray m_bytes;
    qint64 m_position = 0;
};

/// Reads until `atMost` bytes are there or the source ends.
Result<QByteArray> readBytes(ByteSource &source, qint64 atMost)
{
    QByteArray bytes(atMost, Qt::Uninitialized);
    qint64 filled = 0;
    while (filled < atMost) {
        const auto got = source.read(bytes.data() + filled, atMost - filled);
        if (!got)
            return Failure{got.error()};
        if (*got <= 0)
            break;
        filled += *got;
    }
    return bytes.first(filled);
}

/// The brands of a file type box, the major one first; empty for any other beginning.
QList<QByteArray> brandsOf(const QByteArray &head)
{
    if (head.size() < 16 || head.mid(4, 4) != "ftyp")
        return {};
    const qsizetype end = std::min<qsizetype>(qFromBigEndian<quint32>(head.constData()), head.size());
    QList<QByteArray> brands{head.mid(8, 4)};
    for (qsizetype at = 16; at + 4 <= end; at += 4)
        brands << head.mid(at, 4);
    return brands;
}

bool isHevcStill(const QList<QByteArray> &brands)
{
    static const QList<QByteArray> stills{"heic", "heix", "heim", "heis"};
    static const QList<QByteArray> majors{"mif1", "mif2", "miaf"};
    const auto hevc = [](const QByteArray &brand) { return stills.contains(brand); };
    if (brands.isEmpty())
        return false;
    return hevc(brands.front())
           || (majors.contains(brands.front()) && std::any_of(brands.begin(), brands.end(), hevc));
}

Failure failure(const heif_error &error, const QString &path)
{
    const bool unsupported =
        error.code == heif_error_Unsupported_feature || error.code == heif_error_Unsupported_filetype;
    return fail(unsupported ? Errc::Unsupported : Errc::BadData,
                u"the HEIF picture cannot be read (%1)"_s.arg(QString::fromUtf8(error.message)), path);
}

/// How the chroma is sampled. libheif 1.15 converts to what it is asked for and does not tell what
/// there is, so the HEVC configurations in the file are asked (ISO/IEC 14496-15, 8.3.3.1). They may
/// be those of a depth map or a thumbnail as well: the finest one loses nothing.
heif_chroma storedChroma(const QByteArray &file)
{
    constexpr qsizetype kChromaAt = 4 + 16; // behind the box's name
    int finest = 0;
    for (qsizetype at = file.indexOf("hvcC"); at >= 0 && at + kChromaAt < file.size();
         at = file.indexOf("hvcC", at + 4))
        finest = std::max(finest, int(file[at + kChromaAt]) & 3);
    return heif_chroma(finest);
}

/// The word that YUV4MPEG2 has for these planes; empty when it has none.
QByteArray colourWord(heif_chroma chroma, int bits)
{
    const QByteArray deep = bits > 8 ? QByteArray::number(bits) : QByteArray();
    switch (chroma) {
    case heif_chroma_monochrome:
        return "mono" + deep;
    case heif_chroma_420:
        return deep.isEmpty() ? QByteArray("420jpeg") : "420p" + deep;
    case heif_chroma_422:
        return deep.isEmpty() ? QByteArray("422") : "422p" + deep;
    case heif_chroma_444:
        return deep.isEmpty() ? QByteArray("444") : "444p" + deep;
    default:
        return {};
    }
}

Result<QByteArray> streamOf(const heif_image *image, bool fullRange, const QString &path)
{
    const heif_chroma chroma = heif_image_get_chroma_format(image);
    const int bits = heif_image_get_bits_per_pixel_range(image, heif_channel_Y);
    const QByteArray colour = colourWord(chroma, bits);
    const bool known = bits == 8 || bits == 9 || bits == 10 || bits == 12;
    if (colour.isEmpty() || !known) {
        return fail(Errc::Unsupported,
                    u"HEIF pictures are read as YCbCr or grey with 8 to 12 bits; this one is neither"_s,
                    path);
    }
    const int width = heif_image_get_width(image, heif_channel_Y);
    const int height = heif_image_get_height(image, heif_channel_Y);
    QByteArray stream = "YUV4MPEG2 W" + QByteArray::number(width) + " H" + QByteArray::number(height)
                        + " F1:1 Ip A1:1 C" + colour + " XCOLORRANGE="
                        + (fullRange ? "FULL" : "LIMITED") + "\nFRAME\n";
    const int sampleBytes = bits > 8 ? 2 : 1;
    for (const heif_channel channel : {heif_channel_Y, heif_channel_Cb, heif_channel_Cr}) {
        if (channel != heif_channel_Y && chroma == heif_chroma_monochrome)
            break;
        int stride = 0;
        const std::uint8_t *plane = heif_image_get_plane_readonly(image, channel, &stride);
        if (!plane)
            return fail(Errc::BadData, u"the HEIF picture lacks a colour plane"_s, path);
        const int rowBytes = heif_image_get_width(image, channel) * sampleBytes;
        const int rows = heif_image_get_height(image, channel);
        for (int y = 0; y < rows; ++y)
            stream.append(reinterpret_cast<const char *>(plane) + std::ptrdiff_t(y) * stride, rowBytes);
    }
    return stream;
}

Result<HeifPicture> decode(const QByteArray &file, const QString &path)
{
    const ContextPtr context(heif_context_alloc());
    if (!context)
        return fail(Errc::Internal, u"not enough memory to open the file"_s, path);
    heif_error error = heif_context_read_from_memory_without_copy(context.get(), file.constData(),
                                                                  std::size_t(file.size()), nullptr);
    if (error.code != heif_error_Ok)
        return failure(error, path);
    heif_image_handle *primary = nullptr;
    error = heif_context_get_primary_image_handle(context.get(), &primary);
    if (error.code != heif_error_Ok)
        return failure(error, path);
    const HandlePtr handle(primary);
    const int width = heif_image_handle_get_width(primary), height = heif_image_handle_get_height(primary);
    if (width <= 0 || height <= 0 || std::int64_t(width) * height > kMaxPixels) {
        return fail(Errc::Unsupported,
                    u"the stated picture size, %1 × %2, is larger than we decode"_s.arg(width).arg(height),
                    path);
    }
    HeifPicture picture;
    picture.codedWidth = heif_image_handle_get_ispe_width(primary);
    picture.codedHeight = heif_image_handle_get_ispe_height(primary);
    bool fullRange = true; // as are the defaults of HeifPicture: what libheif takes for not stated
    heif_color_profile_nclx *colours = nullptr;
    if (heif_image_handle_get_nclx_color_profile(primary, &colours).code == heif_error_Ok && colours) {
        picture.matrix = int(colours->matrix_coefficients);
        picture.primaries = int(colours->color_primaries);
        picture.transfer = int(colours->transfer_characteristics);
        fullRange = colours->full_range_flag != 0;
        heif_nclx_color_profile_free(colours);
    }
    const int pictures = heif_context_get_number_of_top_level_images(context.get());
    if (pictures > 1)
        picture.warnings << u"the file holds %1 pictures; the primary one is used"_s.arg(pictures);
    const heif_chroma chroma = storedChroma(file);
    heif_image *decoded = nullptr;
    error = heif_decode_image(primary, &decoded,
                              chroma == heif_chroma_monochrome ? heif_colorspace_monochrome
                                                               : heif_colorspace_YCbCr,
                              chroma, nullptr);
    if (error.code != heif_error_Ok)
        return failure(error, path);
    const ImagePtr image(decoded);
    auto stream = streamOf(decoded, fullRange, path);
    if (!stream)
        return Failure{stream.error()};
    picture.bytes = std::make_unique<MemorySource>(std::move(*stream));
    return picture;
}

} // namespace

Result<std::optional<HeifPicture>> openHeif(ByteSource &source, const QString &path)
{
    const auto head = readBytes(source, kBrandBytes);
    if (!head)
        return Failure{head.error()};
    if (const auto rewound = source.seek(0); !rewound)
        return Failure{rewound.error()};
    const QList<QByteArray> brands = brandsOf(*head);
    if (!isHevcStill(brands))
        return std::optional<HeifPicture>();
    if (source.size() < 0 || source.size() > kMaxHeifBytes)
        return fail(Errc::Unsupported, u"HEIF files of more than 256 MiB are not read"_s, path);
    const auto file = readBytes(source, source.size());
    if (!file)
        return Failure{file.error()};
    auto picture = decode(*file, path);
    if (!picture)
        return Failure{picture.error()};
    picture->brand = QString::fromLatin1(brands.front());
    return std::optional(std::move(*picture));
}

} // namespace fw::av
