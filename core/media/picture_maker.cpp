// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/picture_maker_p.h"

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/motion_vector.h>
#include <libavutil/pixdesc.h>
#include <libavutil/video_enc_params.h>
#include <libswscale/swscale.h>
}

#include <opencv2/core.hpp>

#include <algorithm>
#include <cstring>

using namespace Qt::StringLiterals;

namespace fw::av {

namespace {

constexpr int kRowAlignment = 32; // pixels

/// The yuvj formats are the plain ones with the range in their name, which swscale warns about.
AVPixelFormat withoutRange(AVPixelFormat format, bool *fullRange)
{
    const AVPixelFormat plain = format == AV_PIX_FMT_YUVJ420P   ? AV_PIX_FMT_YUV420P
                                : format == AV_PIX_FMT_YUVJ422P ? AV_PIX_FMT_YUV422P
                                : format == AV_PIX_FMT_YUVJ444P ? AV_PIX_FMT_YUV444P
                                : format == AV_PIX_FMT_YUVJ440P ? AV_PIX_FMT_YUV440P
                                : format == AV_PIX_FMT_YUVJ411P ? AV_PIX_FMT_YUV411P
                                                                : format;
    *fullRange = *fullRange || plain != format;
    return plain;
}

/// The stream's matrix, or by size as broadcasters do where it states none.
int matrixOf(const AVFrame &frame)
{
    switch (frame.colorspace) {
    case AVCOL_SPC_BT709: return SWS_CS_ITU709;
    case AVCOL_SPC_FCC: return SWS_CS_FCC;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M: return SWS_CS_ITU601;
    case AVCOL_SPC_SMPTE240M: return SWS_CS_SMPTE240M;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL: return SWS_CS_BT2020;
    default: return frame.height >= 720 || frame.width >= 1280 ? SWS_CS_ITU709 : SWS_CS_ITU601;
    }
}

void addMotion(const AVFrame &frame, CodingFrame *coding)
{
    const AVFrameSideData *side = av_frame_get_side_data(&frame, AV_FRAME_DATA_MOTION_VECTORS);
    if (!side)
        return;
    const auto *vectors = reinterpret_cast<const AVMotionVector *>(side->data);
    const std::size_t count = side->size / sizeof *vectors;
    coding->motion.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const AVMotionVector &v = vectors[i];
        coding->motion.push_back({v.dst_x, v.dst_y, v.src_x, v.src_y, v.w, v.h,
                                  std::int8_t(std::clamp(v.source, -128, 127))});
    }
}

void addQuantiser(const AVFrame &frame, CodingFrame *coding)
{
    const AVFrameSideData *side = av_frame_get_side_data(&frame, AV_FRAME_DATA_VIDEO_ENC_PARAMS);
    if (!side)
        return;
    auto *parameters = reinterpret_cast<AVVideoEncParams *>(side->data);
    if (parameters->nb_blocks == 0) { // one quantiser for the whole picture
        coding->qpMean = coding->qpMin = coding->qpMax = float(parameters->qp);
        return;
    }
    std::int64_t sum = 0;
    int least = INT_MAX, most = INT_MIN;
    for (unsigned i = 0; i < parameters->nb_blocks; ++i) {
        const int qp = parameters->qp + av_video_enc_params_block(parameters, i)->delta_qp;
        sum += qp;
        least = std::min(least, qp);
        most = std::max(most, qp);
    }
    coding->qpMean = float(double(sum) / parameters->nb_blocks);
    coding->qpMin = float(least);
    coding->qpMax = float(most);
}

} // namespace

void ScalerDeleter::operator()(SwsContext *scaler) const
{
    sws_freeContext(scaler);
}

Sha256 hashPlanes(const AVFrame &frame)
{
    Sha256Stream hash;
    const auto format = AVPixelFormat(frame.format);
    const AVPixFmtDescriptor *description = av_pix_fmt_desc_get(format);
    const int planes = description ? av_pix_fmt_count_planes(format) : 0;
    for (int plane = 0; plane < planes && frame.data[plane]; ++plane) {
        const int rowBytes = av_image_get_linesize(format, frame.width, plane);
        const bool chroma = (plane == 1 || plane == 2) && !(description->flags & AV_PIX_FMT_FLAG_RGB);
        const int rows = chroma ? AV_CEIL_RSHIFT(frame.height, description->log2_chroma_h)
                                : frame.height;
        if (rowBytes <= 0)
            break;
        if (frame.linesize[plane] == rowBytes) {
            hash.add(frame.data[plane], std::size_t(rowBytes) * std::size_t(rows));
            continue;
        }
        for (int y = 0; y < rows; ++y)
            hash.add(frame.data[plane] + std::ptrdiff_t(y) * frame.linesize[plane],
                     std::size_t(rowBytes));
    }
    if (description && (description->flags & AV_PIX_FMT_FLAG_PAL) && frame.data[1])
        hash.add(frame.data[1], AVPALETTE_SIZE);
    return hash.finish();
}

CodingFrame codingOf(const AVFrame &frame)
{
    CodingFrame coding;
    const char type = av_get_picture_type_char(frame.pict_type);
    coding.pictureType = type == 'I' || type == 'P' || type == 'B' || type == 'S' ? type : '?';
    coding.keyFrame = frame.key_frame != 0;
    coding.interlaced = frame.interlaced_frame != 0;
    coding.topFieldFirst = frame.top_field_first != 0;
    coding.repeatPicture = frame.repeat_pict;
    coding.packetBytes = std::max(0, frame.pkt_size);
    addMotion(frame, &coding);
    addQuantiser(frame, &coding);
    return coding;
}

cv::Mat lumaOf(const AVFrame &frame)
{
    const AVPixFmtDescriptor *description = av_pix_fmt_desc_get(AVPixelFormat(frame.format));
    constexpr std::uint64_t kOther = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_HWACCEL
        | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_FLOAT;
    if (!description || (description->flags & kOther) || frame.width <= 0 || frame.height <= 0)
        return {};
    const AVComponentDescriptor &y = description->comp[0];
    if (y.depth < 8 || y.depth > 16)
        return {};
    cv::Mat luma(frame.height, frame.width, CV_8UC1);
    const int down = y.shift + y.depth - 8;
    for (int row = 0; row < frame.height; ++row) {
        const std::uint8_t *from = frame.data[y.plane] + std::ptrdiff_t(row) * frame.linesize[y.plane]
            + y.offset;
        std::uint8_t *to = luma.ptr(row);
        if (y.step == 1) {
            std::copy_n(from, frame.width, to);
        } else if (y.depth == 8) {
            for (int x = 0; x < frame.width; ++x)
                to[x] = from[std::ptrdiff_t(x) * y.step];
        } else {
            for (int x = 0; x < frame.width; ++x) {
                std::uint16_t value;
                std::memcpy(&value, from + std::ptrdiff_t(x) * y.step, sizeof value);
                to[x] = std::uint8_t(value >> down);
            }
        }
    }
    return luma;
}

Result<void> PictureMaker::prepare(const AVFrame &frame, const QString &path)
{
    bool fullRange = frame.color_range == AVCOL_RANGE_JPEG;
    const AVPixelFormat format = withoutRange(AVPixelFormat(frame.format), &fullRange);
    const int matrix = matrixOf(frame);
    if (m_scaler && frame.width == m_width && frame.height == m_height && format == m_format
        && matrix == m_matrix && fullRange == m_fullRange)
        return {};
    // The fast path is up to two grey levels off, mostly too dark.
    constexpr int kExact = SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
    m_scaler.reset(sws_getContext(frame.width, frame.height, format, frame.width, frame.height,
                                  AV_PIX_FMT_BGR24, SWS_BILINEAR | (m_exact ? kExact : 0), nullptr,
                                  nullptr, nullptr));
    if (!m_scaler) {
        const char *name = av_get_pix_fmt_name(format);
        return fail(Errc::Unsupported,
                    u"pictures of the form %1 cannot be shown"_s.arg(
                        QString::fromUtf8(name ? name : "unknown")),
                    path);
    }
    const int *coefficients = sws_getCoefficients(matrix);
    sws_setColorspaceDetails(m_scaler.get(), coefficients, fullRange, coefficients, 1, 0, 1 << 16,
                             1 << 16);
    m_width = frame.width;
    m_height = frame.height;
    m_format = format;
    m_matrix = matrix;
    m_fullRange = fullRange;
    return {};
}

Result<cv::Mat> PictureMaker::bgr(const AVFrame &frame, const QString &path)
{
    QStringList unheard;
    const LogCapture capture(&unheard);
    if (auto ready = prepare(frame, path); !ready)
        return Failure{ready.error()};
    try {
        // Straight into the answer where rows end on the scaler's step, else by way of a padded buffer.
        const bool direct = m_rotation == 0 && frame.width % kRowAlignment == 0;
        cv::Mat fresh;
        cv::Mat target;
        if (direct) {
            fresh.create(frame.height, frame.width, CV_8UC3);
            target = fresh;
        } else {
            m_scratch.create(frame.height + 1,
                             (frame.width + 2 * kRowAlignment) / kRowAlignment * kRowAlignment, CV_8UC3);
            target = m_scratch(cv::Rect(0, 0, frame.width, frame.height));
        }
        std::uint8_t *rows[4] = {target.data, nullptr, nullptr, nullptr};
        const int steps[4] = {int(target.step), 0, 0, 0};
        sws_scale(m_scaler.get(), frame.data, frame.linesize, 0, frame.height, rows, steps);
        switch (m_rotation) {
        case 90: cv::rotate(target, fresh, cv::ROTATE_90_CLOCKWISE); break;
        case 180: cv::rotate(target, fresh, cv::ROTATE_180); break;
        case 270: cv::rotate(target, fresh, cv::ROTATE_90_COUNTERCLOCKWISE); break;
        default:
            if (!direct)
                target.copyTo(fresh);
        }
        return fresh;
    } catch (const std::exception &) {
        return fail(Errc::Unsupported,
                    u"not enough memory for a picture of %1 × %2"_s.arg(frame.width).arg(frame.height),
                    path);
    }
}

} // namespace fw::av
