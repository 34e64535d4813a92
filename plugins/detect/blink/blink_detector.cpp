// SPDX-License-Identifier: GPL-3.0-or-later
#include "blink_detector.h"

#include "faces/alignment.h"

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kRadians = std::numbers::pi / 180.0;
constexpr double kMaxYaw = 35.0 * kRadians, kMaxPitch = 25.0 * kRadians;
constexpr double kFewestSeconds = 1.0; ///< shorter tracks get no finding of their own
constexpr double kAspectRecall = 0.24; ///< 13 of 54 blinks that a person saw; our landmarks hide most
constexpr double kLeastCorners = 30.0; ///< px between the outer eye corners
constexpr double kMostFrames = 65.0;   ///< a second that are looked at: lids are no faster

double meanEyeWidth(const Landmarks68 &points)
{
    const auto width = [&](std::size_t a, std::size_t b) { return double(cv::norm(points[a] - points[b])); };
    return 0.5 * (width(36, 39) + width(42, 45));
}

std::optional<double> opennessOf(const std::optional<EyeObservation> &eye)
{
    return eye ? std::optional(double(eye->openness)) : std::nullopt;
}

} // namespace

Result<void> BlinkDetector::begin(const ClipFacts &, const JobContext &job)
{
    m_job = job;
    if (job.modelPaths.empty())
        return {};
    auto network = LidNetwork::load(job);
    if (!network)
        return Failure{network.error()};
    m_network = std::move(*network);
    return {};
}

/// What the network over time says of the eyes of a frame; a face that is too small or turned away is
/// a gap.
Result<void> BlinkDetector::followLids(const FrameBundle &bundle, const std::vector<Seen> &seen)
{
    std::vector<LidNetwork::Request> requests;
    std::vector<std::size_t> askedBy;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const FaceObservation &face = *seen[i].face;
        if (seen[i].away || !face.landmarks || eyeCornerDistance(*face.landmarks) < kLeastCorners)
            continue;
        requests.push_back({face.track, Eye::ImageLeft, &*face.landmarks});
        requests.push_back({face.track, Eye::ImageRight, &*face.landmarks});
        askedBy.push_back(i);
    }
    std::vector<std::optional<LidReading>> readings;
    if (!requests.empty()) {
        auto read = m_network->read(bundle.frame->bgr, bundle.seconds, requests);
        if (!read)
            return Failure{read.error()};
        readings = std::move(*read);
    }
    for (std::size_t i = 0, asked = 0; i < seen.size(); ++i) {
        EyeSample closure{bundle.index, bundle.seconds, {}, {}}, closed = closure;
        if (asked < askedBy.size() && askedBy[asked] == i) {
            const auto &left = readings[2 * asked], &right = readings[2 * asked + 1];
            ++asked;
            closure.left = left ? std::optional(left->closure) : std::nullopt;
            closure.right = right ? std::optional(right->closure) : std::nullopt;
            closed.left = left ? std::optional(left->closed) : std::nullopt;
            closed.right = right ? std::optional(right->closed) : std::nullopt;
        }
        EyeTrack &track = m_tracks[seen[i].face->track];
        track.closures.push_back(closure);
        track.closed.push_back(closed);
    }
    return {};
}

Result<void> BlinkDetector::frame(const FrameBundle &bundle)
{
    if (!bundle.observed.faces)
        return {};
    if (m_network && (!bundle.frame || bundle.frame->bgr.empty()))
        return fail(Errc::BadData, u"a frame without pixels"_s);
    std::vector<Seen> seen;
    for (const FaceObservation &face : *bundle.observed.faces) {
        EyeTrack &track = m_tracks[face.track];
        if (!track.aspects.empty() && (bundle.seconds - track.aspects.back().seconds) * kMostFrames < 1.0)
            continue;
        EyeSample sample{bundle.index, bundle.seconds, {}, {}};
        bool away = false;
        if (face.pose) {
            const EulerAngles angles = eulerAngles(face.pose->rotation);
            away = std::abs(angles.yawRadians) > kMaxYaw || std::abs(angles.pitchRadians) > kMaxPitch;
        }
        track.turnedAway += away ? 1 : 0;
        if (face.landmarks)
            track.eyeWidths.push_back(meanEyeWidth(*face.landmarks));
        const auto add = [&](std::vector<EyeSample> &to, std::optional<double> left, std::optional<double> right) {
            sample.left = away ? std::nullopt : left;
            sample.right = away ? std::nullopt : right;
            to.push_back(sample);
        };
        add(track.aspects, face.earImageLeft, face.earImageRight);
        add(track.opennesses, opennessOf(face.eyeImageLeft), opennessOf(face.eyeImageRight));
        seen.push_back({&face, away});
    }
    return m_network ? followLids(bundle, seen) : Result<void>();
}

Result<AnalysisResult> BlinkDetector::finish(const Ledger &ledger)
{
    AnalysisResult result;
    for (const auto &[id, track] : m_tracks) {
        if (m_job.stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const LidSource source = sourceOf(track);
        const std::vector<EyeSample> &samples = samplesBy(track, source);
        if (samples.back().seconds - samples.front().seconds < kFewestSeconds)
            continue;
        const std::vector<LidEvent> events = findLidEvents(samples, closureBy(track, source));
        BlinkBasis basis;
        basis.footage = footageOf(samples, track, events, ledger, &basis.stretches);
        basis.context = blinkContext(m_job.choice(u"context"_s));
        basis.counter = {m_job.number(u"recall"_s), m_job.number(u"falsePerMinute"_s)};
        if (source == LidSource::AspectRatio)
            basis.counter.recall = std::min(basis.counter.recall, kAspectRecall);
        basis.reference = {m_job.integer(u"referenceBlinks"_s), m_job.number(u"referenceSeconds"_s)};
        basis.seed = m_job.seed;
        describeLids(id, track, events, source, result.measured);
        for (Table &table : tablesOf(basis, id))
            result.measured.tables.push_back(std::move(table));
        result.findings.push_back(blinkFinding(id, track, events, source, basis));
    }
    if (result.findings.empty())
        return fail(Errc::NotApplicable, u"no face could be followed for a second or longer"_s);
    return result;
}

} // namespace fw
