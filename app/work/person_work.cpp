// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/person_work.h"

#include "base/paths.h"
#include "base/version.h"
#include "behaviour/person_file.h"

#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

const QString kExpression = u"org.framewitness.expression"_s;

class ShareListener final : public RunListener
{
public:
    explicit ShareListener(const std::function<void(double)> &tell) : m_tell(tell) {}
    void progressed(const RunProgress &p) override
    {
        if (m_tell && p.framesTotal > 0)
            m_tell(double(p.framesDecoded) / double(p.framesTotal));
    }

private:
    const std::function<void(double)> &m_tell;
};

} // namespace

Result<PersonClip> observePerson(PluginRegistry &registry, const QString &path, std::stop_token stop,
                                 const std::function<void(double)> &progress)
{
    RunRequest request;
    request.path = path;
    request.methods = {{kExpression, {}}};
    ShareListener listener(progress);
    auto outcome = runAnalyses(registry, request, nullptr, listener, stop);
    if (!outcome)
        return Failure{outcome.error()};
    PersonClip clip;
    clip.path = path;
    clip.sha256 = outcome->media.sha256Text();
    for (const MethodResult &result : outcome->results) {
        if (result.state != RunState::Done)
            return fail(Errc::NotApplicable, result.reason, path);
        if (result.record.pluginId == kExpression)
            clip.observers = result.record.inputs;
        clip.observers.emplace(result.record.pluginId, result.record.pluginVersion);
    }
    for (FrameIndex i = 0; i < outcome->ledger.count(); ++i)
        clip.seconds.push_back(outcome->ledger.seconds(i));
    clip.log = std::move(outcome->observations);
    return clip;
}

PersonRecording recordingOf(const PersonClip &clip)
{
    WindowedBehaviour cut = windowsOfClip(clip.log, clip.seconds);
    return {QFileInfo(clip.path).fileName(), clip.sha256, cut.usableSeconds, std::move(cut.windows)};
}

WindowedBehaviour questionedWindows(const ObservationLog &log, const std::vector<double> &seconds)
{
    WindowedBehaviour best;
    std::size_t most = 0;
    for (const TrackId track : log.tracks()) {
        const auto samples = behaviourSamples(log, seconds, track);
        if (samples.size() <= most)
            continue;
        most = samples.size();
        const double length = samples.back().seconds - samples.front().seconds;
        best = windowsOf(samples, length < 60.0 ? kFineStrideSeconds : kBehaviourStrideSeconds);
    }
    return best;
}

QStringList enrolmentAdvice(const PersonProfile &profile)
{
    QStringList advice = enrolmentShortcomings(profile);
    if (profile.usableSeconds() >= kLeastEnrolledSeconds && profile.usableSeconds() < kAdvisedEnrolledSeconds)
        advice << u"%1 minutes are enrolled; %2 are advised"_s.arg(profile.usableSeconds() / 60.0, 0, 'f', 1).arg(kAdvisedEnrolledSeconds / 60.0, 0, 'f', 0);
    double longest = 0.0;
    for (const PersonRecording &r : profile.recordings)
        longest = std::max(longest, r.usableSeconds);
    if (profile.recordings.size() > 1 && longest > 0.6 * profile.usableSeconds())
        advice << u"one recording makes up %1 % of the material; other days and situations would make the range more honest"_s.arg(100.0 * longest / profile.usableSeconds(), 0, 'f', 0);
    return advice;
}

Result<BehaviourCohort> shippedCohort()
{
    return readCohortFile(InstallPaths::ofProgram().models() + u"/behaviour/speakers.fwcohort"_s);
}

Result<PersonProfile> enrolPerson(const QString &name, const QString &provenance, const std::vector<PersonClip> &clips,
                                  BehaviourCohort cohort, std::stop_token stop, const std::function<void(double)> &progress)
{
    PersonProfile profile;
    profile.name = name;
    profile.madeBy = u"framewitness "_s + QStringLiteral(FW_VERSION);
    profile.provenance = provenance;
    std::set<QString> known;
    for (const PersonClip &clip : clips) {
        if (profile.observers.empty())
            profile.observers = clip.observers;
        else if (profile.observers != clip.observers)
            return fail(Errc::Mismatch, u"was measured by other observers than the clips before it"_s, clip.path);
        if (known.insert(clip.sha256).second) // the same file twice is one recording
            profile.recordings.push_back(recordingOf(clip));
    }
    profile.cohort = std::move(cohort);
    return enrol(std::move(profile), stop, progress);
}

QString personFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + u"/people"_s;
}

} // namespace fw
