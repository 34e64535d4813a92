// SPDX-License-Identifier: GPL-3.0-or-later
#include "person_detector.h"

#include "behaviour/person_file.h"
#include "behaviour/person_test.h"
#include "person_report.h"

using namespace Qt::StringLiterals;

namespace fw {

namespace {

const QString kPerson = u"person"_s; ///< the option
constexpr double kShortTrack = 60.0; ///< s; below, windows start every five frames

} // namespace

Result<void> PersonDetector::begin(const ClipFacts &, const JobContext &job)
{
    m_job = job;
    const auto file = job.modelPaths.find(kPerson);
    if (file == job.modelPaths.end())
        return fail(Errc::NotApplicable, u"no person is enrolled for this comparison: choose a file in the option \"Enrolled person\", or enrol somebody in the view \"People\""_s);
    auto profile = readPersonFile(file->second);
    if (!profile)
        return Failure{profile.error()};
    m_profile = std::move(*profile);
    if (const auto fault = observersFault(m_profile, job.observers))
        return fail(Errc::NotApplicable, *fault);
    return {};
}

Result<void> PersonDetector::frame(const FrameBundle &bundle)
{
    if (!bundle.observed.faces)
        return {};
    for (const FaceObservation &face : *bundle.observed.faces)
        m_tracks[face.track].push_back(behaviourSampleOf(face, bundle.index, bundle.seconds));
    return {};
}

Result<AnalysisResult> PersonDetector::finish(const Ledger &)
{
    AnalysisResult result;
    for (const auto &[track, samples] : m_tracks) {
        if (m_job.stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const double seconds = samples.back().seconds - samples.front().seconds;
        if (seconds < kBehaviourWindowSeconds - 0.1)
            continue;
        const WindowedBehaviour clip = windowsOf(samples, seconds < kShortTrack ? kFineStrideSeconds : kBehaviourStrideSeconds);
        if (clip.windows.empty())
            continue;
        addPersonResult({m_profile, samples, clip, testPerson(m_profile, clip), track}, &result);
    }
    if (result.findings.empty())
        return fail(Errc::NotApplicable, u"no face could be measured for ten seconds without a gap"_s);
    return result;
}

} // namespace fw
