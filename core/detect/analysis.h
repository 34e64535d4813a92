// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "faces/face.h"
#include "findings/finding.h"
#include "frames/frame.h"
#include "media/coding.h"
#include "media/credentials.h"
#include "media/jpeg.h"
#include "media/ledger.h"
#include "media/media_facts.h"
#include "media/metadata.h"

#include <QJsonObject>

#include <map>
#include <memory>
#include <stop_token>

namespace fw {

/// The clip as the host knows it before the first frame.
struct ClipFacts
{
    MediaFacts media;
    int streamIndex = 0;
    Rational timeBase;
    int width = 0, height = 0;   ///< px, upright
    double nominalRate = 0.0;    ///< frames/s; 0 for a still or when unknown
    std::int64_t frameCount = 0; ///< from the packet scan; the decode may give fewer
    double durationSeconds = 0.0;
    CodingSupport coding;
    std::shared_ptr<const Metadata> metadata; ///< never null
    /// JPEG stills only; null unless `needs` names media.jpeg or media.metadata. With the latter
    /// alone it comes without coefficients.
    std::shared_ptr<const JpegFile> jpeg;
    /// JPEG and PNG stills only; null unless `needs` names media.credentials.
    std::shared_ptr<const Credentials> credentials;
};

/// What observers measured on one frame so far. Missing is missing: nullopt, never "no faces".
struct Observations
{
    std::optional<FaceObservations> faces;

    /// Takes over what another observer measured: new tracks, and what is still missing on known
    /// ones. What was measured before stays as it is.
    void add(const Observations &more);
};

/// One frame with everything that the manifest of the receiver asked for, and nothing else: a
/// result must not depend on what other methods happen to run beside it.
struct FrameBundle
{
    FramePtr frame;                            ///< null unless `planes` asks for BGR pixels
    /// CV_8UC1 as coded (not rotated); empty unless `planes` asks for luma and the picture has one.
    cv::Mat luma;
    FrameIndex index = 0;
    double seconds = 0.0;                      ///< from the first frame
    LedgerEntry ledger;
    std::shared_ptr<const CodingFrame> coding; ///< null unless `needs` names coding.trace or .macroblocks
    Observations observed;                     ///< of the observers in the way of `needs`
};

/// What an analysis may use of its surroundings.
struct JobContext
{
    QJsonObject options;                  ///< complete and checked
    std::map<QString, QString> modelPaths;  ///< model id -> file whose hash was checked
    std::map<QString, QString> modelHashes; ///< model id -> its SHA-256
    std::stop_token stop;
    quint64 seed = 0;                     ///< use it for every random number
    std::map<QString, QString> observers;   ///< id -> version of the observers whose measurements arrive

    double number(const QString &option) const { return options.value(option).toDouble(); }
    int integer(const QString &option) const { return options.value(option).toInt(); }
    bool flag(const QString &option) const { return options.value(option).toBool(); }
    QString choice(const QString &option) const { return options.value(option).toString(); }
};

/// One clip, one run; the object owns its state and is used by one thread at a time.
/// The host calls begin once, frame in ascending order for the frames of the manifest's sampling,
/// then finish once, unless a call failed or the run was cancelled. An error ends this analysis
/// only; Errc::NotApplicable is recorded as "not applicable because ...", not as a fault.
/// Frames that the decoder lost do not come; with the sampling "none" no frame comes at all.
/// Look at JobContext::stop in every loop that may last longer than a tenth of a second.
class Detector
{
public:
    virtual ~Detector() = default;
    virtual Result<void> begin(const ClipFacts &clip, const JobContext &job) = 0;
    virtual Result<void> frame(const FrameBundle &bundle) = 0;
    /// @param ledger  every frame that was decoded; complete unless the clip is damaged.
    virtual Result<AnalysisResult> finish(const Ledger &ledger) = 0;
};

/// Like a detector, but it measures and never claims: it adds to the observations of each frame,
/// and what it returns holds no findings.
class Observer
{
public:
    virtual ~Observer() = default;
    virtual Result<void> begin(const ClipFacts &clip, const JobContext &job) = 0;
    virtual Result<void> frame(const FrameBundle &bundle, Observations &add) = 0;
    virtual Result<Measurements> finish(const Ledger &ledger) = 0;
};

} // namespace fw
