// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/sequence_codec.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
}

#include <opencv2/imgproc.hpp>

#include <memory>

using namespace Qt::StringLiterals;

namespace fw::lab {

namespace {

struct Free
{
    void operator()(AVCodecContext *c) const { avcodec_free_context(&c); }
    void operator()(AVFrame *f) const { av_frame_free(&f); }
    void operator()(AVPacket *p) const { av_packet_free(&p); }
};
template <class T> using Owned = std::unique_ptr<T, Free>;

Failure failed(const char *what)
{
    return fail(Errc::Unsupported, u"H.264: "_s + QString::fromLatin1(what));
}

/// Coders want whole blocks; what is added is cut off again.
cv::Size whole(cv::Size size)
{
    return {std::max(32, (size.width + 15) / 16 * 16), std::max(32, (size.height + 15) / 16 * 16)};
}

Owned<AVFrame> frameOf(const cv::Mat &grey, std::int64_t time)
{
    const cv::Size size = whole(grey.size());
    Owned<AVFrame> frame(av_frame_alloc());
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = size.width;
    frame->height = size.height;
    frame->pts = time;
    if (av_frame_get_buffer(frame.get(), 0) < 0)
        return nullptr;
    cv::Mat luma(size, CV_8UC1, frame->data[0], std::size_t(frame->linesize[0]));
    cv::copyMakeBorder(grey, luma, 0, size.height - grey.rows, 0, size.width - grey.cols, cv::BORDER_REPLICATE);
    for (const int plane : {1, 2})
        cv::Mat(size / 2, CV_8UC1, frame->data[plane], std::size_t(frame->linesize[plane])).setTo(128);
    return frame;
}

/// Takes what the decoder has.
void drain(AVCodecContext *decoder, AVFrame *frame, cv::Size size, std::vector<cv::Mat> &out)
{
    while (avcodec_receive_frame(decoder, frame) == 0) {
        const cv::Mat luma(frame->height, frame->width, CV_8UC1, frame->data[0], std::size_t(frame->linesize[0]));
        out.push_back(luma(cv::Rect({0, 0}, size)).clone());
        av_frame_unref(frame);
    }
}

} // namespace

Result<void> throughH264(std::vector<cv::Mat> &pictures, double quality)
{
    if (pictures.empty())
        return {};
    av_log_set_level(AV_LOG_ERROR);
    const AVCodec *coder = avcodec_find_encoder_by_name("libx264"), *reader = avcodec_find_decoder(AV_CODEC_ID_H264);
    if (!coder || !reader)
        return failed("there is no encoder");
    const cv::Size size = pictures.front().size(), coded = whole(size);
    const Owned<AVCodecContext> encoder(avcodec_alloc_context3(coder)), decoder(avcodec_alloc_context3(reader));
    encoder->width = coded.width;
    encoder->height = coded.height;
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->time_base = {1, 30};
    encoder->thread_count = decoder->thread_count = 1;
    av_opt_set(encoder->priv_data, "preset", "veryfast", 0);
    av_opt_set_double(encoder->priv_data, "crf", quality, 0);
    if (avcodec_open2(encoder.get(), coder, nullptr) < 0 || avcodec_open2(decoder.get(), reader, nullptr) < 0)
        return failed("a coder cannot be opened");
    const Owned<AVPacket> packet(av_packet_alloc());
    const Owned<AVFrame> decoded(av_frame_alloc());
    std::vector<cv::Mat> out;
    for (std::size_t i = 0; i <= pictures.size(); ++i) {
        const Owned<AVFrame> frame = i < pictures.size() ? frameOf(pictures[i], std::int64_t(i)) : nullptr;
        if (avcodec_send_frame(encoder.get(), frame.get()) < 0)
            return failed("a picture was refused");
        while (avcodec_receive_packet(encoder.get(), packet.get()) == 0) {
            avcodec_send_packet(decoder.get(), packet.get());
            av_packet_unref(packet.get());
            drain(decoder.get(), decoded.get(), size, out);
        }
    }
    avcodec_send_packet(decoder.get(), nullptr);
    drain(decoder.get(), decoded.get(), size, out);
    if (out.size() != pictures.size())
        return failed("pictures were lost");
    pictures = std::move(out);
    return {};
}

} // namespace fw::lab
