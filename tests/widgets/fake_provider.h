// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "frames/frame_provider.h"

#include <QTimer>

#include <functional>
#include <optional>
#include <vector>

namespace fw::test {

/// A clip made of nothing: every answer comes later, from the event loop, and only the newest
/// ticket is answered, as the contract allows. Pixel (x, y) of frame i is B = i % 256, G = x % 256,
/// R = y % 256, so that a test can tell which frame and which pixel it sees.
class FakeProvider final : public FrameProvider
{
public:
    struct Options
    {
        int frames = 100;
        double rate = 25.0;       ///< frames/s
        int width = 64, height = 48;
        int keyEvery = 10;
        Rational sampleAspect{1, 1};
        bool complete = true;     ///< of the index
        QString fileName = QStringLiteral("clip.mp4");
    };

    FakeProvider() : FakeProvider(Options()) {}
    explicit FakeProvider(const Options &options) : m_options(options)
    {
        m_facts.fileName = options.fileName;
        m_facts.path = QStringLiteral("/nowhere/") + options.fileName;
        m_facts.container = QStringLiteral("mov,mp4,m4a,3gp,3g2,mj2");
        m_facts.still = options.frames == 1;
        StreamFacts video;
        video.kind = StreamKind::Video;
        video.codec = QStringLiteral("h264");
        video.width = video.codedWidth = options.width;
        video.height = video.codedHeight = options.height;
        video.sampleAspect = options.sampleAspect;
        video.timeBase = {1, 12800};
        video.startTicks = 0;
        m_facts.streams.push_back(video);
        grow(options.frames);
        m_clock.complete = options.complete;
    }

    // What a test sets.
    int delayMs = 0;                 ///< before an answer
    bool keyFrameFirst = false;      ///< the nearest key frame is shown before an exact frame
    bool hold = false;               ///< answers wait for answerNow()
    std::optional<FrameIndex> failAt; ///< this frame cannot be decoded
    std::function<void(FrameIndex)> onRequest;

    // What a test looks at.
    std::vector<FrameIndex> requested;
    std::vector<FrameIndex> thumbnails;

    /// Answers the newest request at once.
    void answerNow() { answer(m_newest); }
    /// Lengthens the clip, as an index does that is still being read.
    void grow(int frames)
    {
        for (int i = int(m_clock.frameCount); i < frames; ++i) {
            m_clock.seconds.push_back(i / m_options.rate);
            m_clock.keyFrames.push_back(i % m_options.keyEvery == 0);
            m_clock.pictureTypes.push_back(i % m_options.keyEvery == 0 ? 'I' : 'P');
        }
        m_clock.frameCount = frames;
        Q_EMIT clockChanged();
    }
    void finishClock()
    {
        m_clock.complete = true;
        Q_EMIT clockChanged();
    }
    /// Replaces the frames' times: a clip of variable frame rate.
    void setSeconds(std::vector<double> seconds)
    {
        m_clock.seconds = std::move(seconds);
        Q_EMIT clockChanged();
    }
    MediaFacts &editFacts() { return m_facts; }

    FramePtr makeFrame(FrameIndex index) const
    {
        auto frame = std::make_shared<Frame>();
        frame->index = index;
        frame->time = {std::int64_t(m_clock.secondsOf(index) * 12800.0 + 0.5), {1, 12800}};
        frame->keyFrame = index % m_options.keyEvery == 0;
        frame->pictureType = frame->keyFrame ? 'I' : 'P';
        frame->bgr.create(m_options.height, m_options.width, CV_8UC3);
        for (int y = 0; y < m_options.height; ++y) {
            for (int x = 0; x < m_options.width; ++x)
                frame->bgr.at<cv::Vec3b>(y, x) = {uchar(index % 256), uchar(x % 256), uchar(y % 256)};
        }
        return frame;
    }

    quint64 request(FrameIndex index, bool) override
    {
        requested.push_back(index);
        const quint64 ticket = ++m_ticket;
        m_newest = {ticket, index};
        if (onRequest)
            onRequest(index);
        if (!hold)
            QTimer::singleShot(delayMs, this, [this, ticket, index] { answer({ticket, index}); });
        return ticket;
    }
    void requestThumbnail(FrameIndex index, int) override
    {
        thumbnails.push_back(index);
        QTimer::singleShot(0, this, [this, index] { Q_EMIT thumbnailReady(index, makeFrame(index)); });
    }
    void cancelThumbnails() override {}
    const MediaFacts &facts() const override { return m_facts; }
    const ClipClock &clock() const override { return m_clock; }

private:
    struct Request
    {
        quint64 ticket = 0;
        FrameIndex index = 0;
    };
    void answer(Request request)
    {
        if (request.ticket != m_newest.ticket || request.ticket == 0)
            return; // nobody waits for it any more
        const FrameIndex key = request.index - request.index % m_options.keyEvery;
        if (failAt == request.index) {
            Q_EMIT frameFailed(request.ticket, {Errc::BadData, QStringLiteral("the frame is damaged"), {}});
            return;
        }
        if (keyFrameFirst && key != request.index) {
            Q_EMIT frameReady(request.ticket, makeFrame(key), false);
            if (hold)
                return; // a second answerNow() after keyFrameFirst = false gives the exact one
            QTimer::singleShot(delayMs, this, [this, request] {
                if (request.ticket == m_newest.ticket)
                    Q_EMIT frameReady(request.ticket, makeFrame(request.index), true);
            });
            return;
        }
        Q_EMIT frameReady(request.ticket, makeFrame(request.index), true);
    }

    Options m_options;
    MediaFacts m_facts;
    ClipClock m_clock;
    quint64 m_ticket = 0;
    Request m_newest;
};

} // namespace fw::test
