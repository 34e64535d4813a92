// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/json.h"
#include "detect/analysis.h"
#include "detect/manifest.h"
#include "media/video_reader.h"
#include "test_data.h"

#include <QFileInfo>

#include <memory>
#include <vector>

namespace fw::test {

/// A small clip in memory, as a host would hand it to an analysis.
struct BenchClip
{
    ClipFacts facts;
    std::vector<FrameBundle> bundles;
    Ledger ledger;
};

/// Reads a file through the product's own reader. For clips of a few hundred small frames.
inline Result<BenchClip> readBenchClip(const QString &path)
{
    ReaderOptions options;
    options.coding = options.macroblocks = options.luma = true;
    auto reader = VideoReader::open(path, options);
    if (!reader)
        return Failure{reader.error()};
    BenchClip clip;
    clip.facts.media = reader.value()->facts();
    const StreamFacts &video = *clip.facts.media.video();
    clip.facts.streamIndex = video.index;
    clip.facts.timeBase = clip.ledger.timeBase = video.timeBase;
    clip.facts.width = video.width;
    clip.facts.height = video.height;
    clip.facts.coding = codingSupport(video.codec.toLatin1().constData());
    clip.ledger.streamIndex = video.index;
    auto metadata = readMetadata(path);
    clip.facts.metadata = std::make_shared<const Metadata>(metadata ? metadata.value() : Metadata{});
    if (clip.facts.media.still && video.codec == QStringLiteral("mjpeg")) {
        if (auto jpeg = readJpeg(path, false))
            clip.facts.jpeg = std::make_shared<const JpegFile>(std::move(jpeg).value());
    }
    if (auto credentials = readCredentials(path))
        clip.facts.credentials = std::make_shared<const Credentials>(std::move(credentials).value());
    for (;;) {
        auto picture = reader.value()->next();
        if (!picture)
            return Failure{picture.error()};
        if (!picture.value())
            break;
        const DecodedPicture &decoded = *picture.value();
        Frame frame;
        frame.index = decoded.index;
        frame.bgr = decoded.bgr;
        FrameBundle bundle;
        bundle.frame = std::make_shared<const Frame>(std::move(frame));
        bundle.luma = decoded.luma;
        bundle.index = decoded.index;
        bundle.ledger = decoded.ledger;
        bundle.coding = std::make_shared<const CodingFrame>(decoded.coding);
        clip.ledger.entries.push_back(decoded.ledger);
        clip.bundles.push_back(std::move(bundle));
    }
    clip.ledger.complete = true;
    clip.facts.frameCount = clip.ledger.count();
    return clip;
}

/// A still that never was a file.
inline BenchClip stillOf(const cv::Mat &upright, int rotationDegrees = 0)
{
    BenchClip clip;
    clip.facts.media.still = true;
    StreamFacts video;
    video.kind = StreamKind::Video;
    video.rotationDegrees = rotationDegrees;
    clip.facts.media.streams.push_back(video);
    clip.facts.metadata = std::make_shared<const Metadata>();
    Frame frame;
    frame.bgr = upright;
    FrameBundle bundle;
    bundle.frame = std::make_shared<const Frame>(std::move(frame));
    clip.bundles.push_back(bundle);
    clip.ledger.entries.push_back(bundle.ledger);
    clip.ledger.complete = true;
    return clip;
}

/// Every frame to the detector, then the end; the first error ends it.
inline Result<AnalysisResult> runDetector(Detector &detector, const BenchClip &clip,
                                          const JobContext &job = {})
{
    if (auto begun = detector.begin(clip.facts, job); !begun)
        return Failure{begun.error()};
    for (const FrameBundle &bundle : clip.bundles) {
        if (auto taken = detector.frame(bundle); !taken)
            return Failure{taken.error()};
    }
    return detector.finish(clip.ledger);
}

inline Result<Measurements> runObserver(Observer &observer, const BenchClip &clip,
                                        const JobContext &job = {})
{
    if (auto begun = observer.begin(clip.facts, job); !begun)
        return Failure{begun.error()};
    for (const FrameBundle &bundle : clip.bundles) {
        Observations add;
        if (auto taken = observer.frame(bundle, add); !taken)
            return Failure{taken.error()};
    }
    return observer.finish(clip.ledger);
}

/// The manifest of plugins/<folder>, read with the parser that the host uses.
inline Result<Manifest> manifestOf(const QString &folder)
{
    const QString path = sourceDir() + QStringLiteral("/plugins/") + folder
        + QStringLiteral("/manifest.json");
    const auto object = readJsonObject(path);
    if (!object)
        return Failure{object.error()};
    return parseManifest(object.value(), path);
}

/// A job that was told to stop before it began.
inline JobContext stoppedJob()
{
    std::stop_source source;
    source.request_stop();
    JobContext job;
    job.stop = source.get_token();
    return job;
}

inline const Table *tableOf(const Measurements &measured, const QString &id)
{
    for (const Table &table : measured.tables) {
        if (table.id == id)
            return &table;
    }
    return nullptr;
}

inline const Trace *traceOf(const Measurements &measured, const QString &id)
{
    for (const Trace &trace : measured.traces) {
        if (trace.id == id)
            return &trace;
    }
    return nullptr;
}

/// The value in the last column of the row whose `keyColumn` holds `key`; undefined when none does.
inline QJsonValue valueIn(const Table *table, const QString &key, int keyColumn = 0)
{
    if (table) {
        for (const QJsonArray &row : table->rows) {
            if (row.at(keyColumn).toString() == key)
                return row.last();
        }
    }
    return QJsonValue(QJsonValue::Undefined);
}

} // namespace fw::test
