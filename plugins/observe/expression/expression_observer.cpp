// SPDX-License-Identifier: GPL-3.0-or-later
#include "expression_observer.h"

#include "base/numbers.h"
#include "faces/alignment.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

const QString kModel = u"ict-head"_s, kReader = u"units"_s;
// Beyond these a frame is not measured; the page's limits for landmarks and for action units.
constexpr double kLeastEyes = 30.0, kLeastEyesForUnits = 40.0; ///< px between outer eye corners
constexpr double kMostYaw = 60.0, kMostYawForUnits = 40.0;     ///< degrees
constexpr double kWorstRms = 0.06;                             ///< of the eye distance

/// A unit is called present at this intensity and twice its own uncertainty.
constexpr double kPresent = 1.0;

std::array<bool, 18> presenceOf(const ActionUnits &units, float lipSuck)
{
    std::array<bool, 18> present{};
    for (std::size_t p = 0, u = 0; p < kPresenceUnits.size(); ++p) {
        if (kPresenceUnits[p] != kIntensityUnits[std::min(u, kIntensityUnits.size() - 1)]) {
            present[p] = double(lipSuck) >= kPresent; // AU28, which has no intensity
            continue;
        }
        const double value = double(units.intensity[u]), sigma = double(units.sigma[u]);
        present[p] = std::isfinite(value) && value >= std::max(kPresent, sigma);
        ++u;
    }
    return present;
}

} // namespace

Result<void> ExpressionObserver::begin(const ClipFacts &clip, const JobContext &job)
{
    const auto model = job.modelPaths.find(kModel);
    if (model == job.modelPaths.end())
        return fail(Errc::NotFound, u"the head model is missing"_s, kModel);
    auto shapes = FaceShapes::load(model->second);
    if (!shapes)
        return Failure{shapes.error()};
    m_shapes = std::make_shared<const FaceShapes>(std::move(*shapes));
    m_table.emplace(*m_shapes);
    if (job.choice(u"unitsFrom"_s) == u"picture"_s) {
        const auto reader = job.modelPaths.find(kReader);
        if (reader == job.modelPaths.end())
            return fail(Errc::NotFound, u"the reader of action units is missing"_s, kReader);
        const auto hash = job.modelHashes.find(kReader);
        auto loaded = UnitReader::load(reader->second, hash == job.modelHashes.end() ? QString() : hash->second);
        if (!loaded)
            return Failure{loaded.error()};
        m_reader = std::move(*loaded);
    }
    m_camera = Camera::assumed(clip.width, clip.height);
    m_options.framesPerSecond = clip.nominalRate > 0 ? clip.nominalRate : 30.0;
    m_report.setRate(m_options.framesPerSecond);
    return {};
}

ExpressionObserver::Person &ExpressionObserver::personOf(TrackId track)
{
    const auto known = m_people.find(track);
    if (known != m_people.end())
        return known->second;
    Person &person = m_people.emplace(track, Person(PersonModel(m_shapes, m_camera, m_options))).first->second;
    if (m_reader)
        person.usual.emplace(m_reader->people());
    return person;
}

/// Replaces what the reader can tell from the picture.
void ExpressionObserver::readPixels(Person &person, const FaceObservation &face, const HeadPose &pose,
                                    const cv::Mat &grey, UnitEstimate *estimate)
{
    const std::vector<float> evidence = unitEvidence(grey, face, pose);
    if (evidence.empty())
        return;
    person.usual->add(evidence);
    const auto now = m_reader->part(evidence), usual = m_reader->part(person.usual->mean());
    for (std::size_t u = 0; u < now.size(); ++u) {
        if (!m_reader->reads(u))
            continue;
        m_reading[u] = now[u] + m_reader->bias(u);
        estimate->raw[u] = std::clamp(m_reading[u] - usual[u], 0.0f, 5.0f);
        estimate->sigma[u] = m_reader->sigma(u);
    }
}

/// What is added to one face; nullopt outside the limits.
std::optional<FaceObservation> ExpressionObserver::measured(FrameIndex frame,
                                                            const FaceObservation &face,
                                                            const cv::Mat &grey)
{
    m_reading.fill(kNotRead);
    const double eyes = eyeCornerDistance(*face.landmarks);
    const auto yawOf = [](const HeadPose &pose) {
        return std::abs(eulerAngles(pose.rotation).yawRadians) * kDegrees;
    };
    if (!(eyes >= kLeastEyes) || (face.pose && yawOf(*face.pose) > kMostYaw))
        return std::nullopt;
    Person &person = personOf(face.track);
    const auto fit = person.model.next(
        frame, *face.landmarks, face.landmarkSigmas ? &*face.landmarkSigmas : nullptr);
    if (!fit || yawOf(fit->pose) > kMostYaw || fit->pose.rmsPixels > kWorstRms * eyes)
        return std::nullopt;
    FaceObservation out;
    out.track = face.track;
    out.expression = ExpressionFit{fit->expression, fit->points};
    if (face.actionUnits) // another observer has measured them
        return out;
    if (eyes < kLeastEyesForUnits || yawOf(fit->pose) > kMostYawForUnits)
        return out;
    UnitEstimate estimate = m_table->estimate(*fit, face, m_camera);
    if (m_reader && !grey.empty()) {
        FaceObservation whole = face;
        whole.expression = out.expression;
        readPixels(person, whole, fit->pose, grey, &estimate);
    }
    person.rest.add(estimate.raw);
    ActionUnits units;
    units.raw = estimate.raw;
    units.sigma = estimate.sigma;
    units.intensity = RestLevel::above(estimate.raw, person.rest.level());
    units.present = presenceOf(units, estimate.lipSuck);
    out.actionUnits = units;
    return out;
}

Result<void> ExpressionObserver::frame(const FrameBundle &bundle, Observations &add)
{
    if (!bundle.observed.faces)
        return {};
    cv::Mat grey;
    if (m_reader && bundle.frame && !bundle.observed.faces->empty())
        cv::cvtColor(bundle.frame->bgr, grey, cv::COLOR_BGR2GRAY);
    FaceObservations found;
    for (const FaceObservation &face : *bundle.observed.faces) {
        std::optional<FaceObservation> more;
        if (face.landmarks)
            more = measured(bundle.index, face, grey);
        if (!face.actionUnits) // else they are another observer's to report
            m_report.add(bundle.index, face.track, more && more->actionUnits ? &*more->actionUnits : nullptr, m_reading);
        if (more)
            found.push_back(std::move(*more));
    }
    add.faces = std::move(found);
    return {};
}

Result<Measurements> ExpressionObserver::finish(const Ledger &)
{
    for (auto &[track, person] : m_people) {
        PersonSummary summary{person.model.identity(), person.model.keyFrames(), person.model.refinedAt(), {}};
        if (person.usual && person.usual->frames() > 0)
            summary.usual = m_reader->part(person.usual->mean());
        m_report.describe(track, std::move(summary));
    }
    return m_report.finish();
}

} // namespace fw
