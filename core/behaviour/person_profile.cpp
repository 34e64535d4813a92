// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/person_profile.h"

#include "stats/neighbour_map.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kMostFolds = 10;
constexpr std::size_t kCohortFolds = 5;

void append(SampleMatrix *rows, const std::vector<BehaviourWindow> &windows)
{
    for (const BehaviourWindow &w : windows)
        rows->add(fisherZ(w));
}

/// Training windows of the recordings that `keep` names.
SampleMatrix trainingRows(const PersonProfile &profile, const std::function<bool(std::size_t)> &keep)
{
    std::size_t total = 0, kept = 0;
    for (std::size_t r = 0; r < profile.recordings.size(); ++r) {
        total += keep(r) ? profile.recordings[r].windows.size() : 0;
        kept += keep(r) ? 1 : 0;
    }
    SampleMatrix rows{kBehaviourPairs, {}};
    for (std::size_t r = 0; r < profile.recordings.size(); ++r) {
        if (!keep(r))
            continue;
        SampleMatrix one{kBehaviourPairs, {}};
        append(&one, profile.recordings[r].windows);
        std::vector<std::size_t> which(one.rows());
        for (std::size_t i = 0; i < which.size(); ++i)
            which[i] = i;
        if (total > kMostTrainingWindows)
            which = farthestPoints(one, which, kMostTrainingWindows / kept);
        for (const std::size_t i : which)
            rows.add(one.row(i));
    }
    return rows;
}

SampleMatrix cohortRows(const BehaviourCohort &cohort, const std::function<bool(std::size_t)> &keep)
{
    SampleMatrix rows{kBehaviourPairs, {}};
    for (std::size_t m = 0; m < cohort.members.size(); ++m) {
        if (keep(m))
            append(&rows, cohort.members[m].windows);
    }
    return rows;
}

bool everything(std::size_t)
{
    return true;
}

void scoreInto(const BehaviourModel &model, const std::vector<BehaviourWindow> &windows, std::vector<float> *scores,
               std::vector<float> *ratios)
{
    for (const BehaviourWindow &w : windows) {
        const auto z = fisherZ(w);
        if (scores)
            scores->push_back(float(model.centrality(z)));
        if (ratios)
            ratios->push_back(float(model.log10Ratio(z).value_or(0.0)));
    }
}

/// Clip medians over consecutive groups of windows (recordings, members).
template <class Groups> std::vector<double> mediansOf(const Groups &groups, const std::vector<float> &values, double leastShare = 0.5)
{
    std::vector<double> all;
    std::size_t at = 0;
    for (const auto &group : groups) {
        std::vector<TimedScore> timed;
        for (const BehaviourWindow &w : group.windows)
            timed.push_back({w.beginSeconds, at < values.size() ? double(values[at++]) : 0.0});
        for (const double m : clipMedians(timed, kClipSeconds, leastShare))
            all.push_back(m);
    }
    return all;
}

Failure stopped()
{
    return fail(Errc::Cancelled, u"the enrolment was stopped"_s);
}

/// Judges every recording by a model without it, and every member by a cohort without it.
Result<void> selfTest(PersonProfile *profile, std::stop_token stop, const std::function<void(double)> &progress)
{
    PersonSelfTest &test = profile->selfTest;
    const std::size_t count = profile->recordings.size(), folds = std::min(count, kMostFolds);
    const SampleMatrix cohort = cohortRows(profile->cohort, everything);
    const double steps = double(folds + kCohortFolds + 1);
    std::vector<std::vector<float>> scores(count), ratios(count);
    for (std::size_t fold = 0; folds >= 2 && fold < folds; ++fold) {
        if (stop.stop_requested())
            return stopped();
        progress((1.0 + double(fold)) / steps);
        const SampleMatrix rest = trainingRows(*profile, [&](std::size_t r) { return r % folds != fold; });
        const auto model = BehaviourModel::fit(rest, cohort, profile->options);
        if (!model)
            return Failure{model.error()};
        for (std::size_t r = fold; r < count; r += folds)
            scoreInto(*model, profile->recordings[r].windows, &scores[r], &ratios[r]);
    }
    for (std::size_t r = 0; r < count; ++r) {
        test.scores.insert(test.scores.end(), scores[r].begin(), scores[r].end());
        test.ratios.insert(test.ratios.end(), ratios[r].begin(), ratios[r].end());
    }
    const std::size_t members = profile->cohort.members.size(), parts = std::min(members, kCohortFolds);
    const SampleMatrix own = trainingRows(*profile, everything);
    std::vector<std::vector<float>> others(members);
    for (std::size_t part = 0; part < parts; ++part) {
        if (stop.stop_requested())
            return stopped();
        progress((1.0 + double(folds + part)) / steps);
        const auto model = BehaviourModel::fit(own, cohortRows(profile->cohort, [&](std::size_t m) { return m % parts != part; }),
                                               profile->options, profile->model->svm());
        if (!model)
            return Failure{model.error()};
        for (std::size_t m = part; m < members; m += parts)
            scoreInto(*model, profile->cohort.members[m].windows, nullptr, &others[m]);
    }
    for (std::size_t m = 0; m < members; ++m) {
        scoreInto(*profile->model, profile->cohort.members[m].windows, &test.cohortScores, nullptr);
        test.cohortRatios.insert(test.cohortRatios.end(), others[m].begin(), others[m].end());
    }
    return {};
}

} // namespace

double PersonProfile::usableSeconds() const
{
    double sum = 0.0;
    for (const PersonRecording &r : recordings)
        sum += r.usableSeconds;
    return sum;
}

std::size_t PersonProfile::windows() const
{
    std::size_t sum = 0;
    for (const PersonRecording &r : recordings)
        sum += r.windows.size();
    return sum;
}

SampleMatrix PersonProfile::ownRows() const
{
    SampleMatrix rows{kBehaviourPairs, {}};
    for (const PersonRecording &r : recordings)
        append(&rows, r.windows);
    return rows;
}

SampleMatrix PersonProfile::cohortRows() const
{
    return fw::cohortRows(cohort, everything);
}

std::vector<double> clipMedians(const std::vector<TimedScore> &windows, double seconds, double leastShare)
{
    std::vector<double> medians;
    if (windows.empty())
        return medians;
    // Bins start where the clip's windows start; a window belongs to the bin that holds all of it.
    const double begin = windows.front().beginSeconds;
    const double fits = std::max(seconds - kBehaviourWindowSeconds, 0.0);
    std::map<long, std::vector<double>> bins;
    for (const TimedScore &w : windows) {
        const double at = w.beginSeconds - begin;
        const long bin = long(std::floor(at / seconds + 1e-9));
        if (at - double(bin) * seconds <= fits + 1e-6)
            bins[bin].push_back(w.score);
    }
    const double most = std::floor(fits / kBehaviourStrideSeconds + 1e-6) + 1.0;
    for (auto &[bin, scores] : bins) {
        if (double(scores.size()) >= leastShare * most)
            medians.push_back(*median(scores));
    }
    return medians;
}

Result<BehaviourModel> modelOf(const PersonProfile &profile, std::optional<KernelSvm> svm)
{
    return BehaviourModel::fit(trainingRows(profile, everything), profile.cohortRows(), profile.options, std::move(svm));
}

Result<PersonProfile> enrol(PersonProfile profile, std::stop_token stop, const std::function<void(double)> &progress)
{
    const auto tell = [&](double share) {
        if (progress)
            progress(share);
    };
    std::erase_if(profile.recordings, [](const PersonRecording &r) { return r.windows.empty(); });
    std::set<QString> enrolled;
    for (const PersonRecording &r : profile.recordings)
        enrolled.insert(r.sha256);
    std::erase_if(profile.cohort.members, [&](const BehaviourCohort::Member &m) {
        return m.windows.empty() || (!m.sha256.isEmpty() && enrolled.contains(m.sha256));
    });
    if (profile.recordings.empty())
        return fail(Errc::BadData, u"no clip holds ten seconds of one face that can be measured"_s);
    profile.selfTest = {};
    tell(0.0);
    auto model = modelOf(profile);
    if (!model)
        return Failure{model.error()};
    profile.model = std::move(*model);
    if (const auto tested = selfTest(&profile, stop, tell); !tested)
        return Failure{tested.error()};
    PersonSelfTest &test = profile.selfTest;
    std::size_t rejected = 0;
    for (const PersonRecording &r : profile.recordings) {
        for (const BehaviourWindow &w : r.windows)
            rejected += profile.model->accepts(fisherZ(w)) ? 0 : 1;
    }
    test.rejectedShare = double(rejected) / double(profile.windows());
    const auto own = mediansOf(profile.recordings, test.scores), others = mediansOf(profile.cohort.members, test.cohortScores, 0.0);
    test.clips = int(test.scores.empty() ? 0 : own.size());
    test.cohortClips = int(others.size());
    if (test.clips > 0) {
        if (const auto area = rocArea(others, own))
            test.scoreArea = area->area;
        if (const auto area = rocArea(mediansOf(profile.cohort.members, test.cohortRatios, 0.0), mediansOf(profile.recordings, test.ratios))) {
            test.ratioArea = area->area;
            test.ratioAreaLow = area->low;
        }
    }
    tell(1.0);
    return profile;
}

QStringList materialShortcomings(double usableSeconds, std::size_t recordings, const QString &name)
{
    QStringList reasons;
    if (usableSeconds < kLeastEnrolledSeconds)
        reasons << u"only %1 minutes of %2 are enrolled; %3 are the least"_s.arg(usableSeconds / 60.0, 0, 'f', 1).arg(name)
                       .arg(kLeastEnrolledSeconds / 60.0, 0, 'f', 0);
    if (recordings < kLeastRecordings)
        reasons << u"recordings of %1: %2; %3 are the least"_s.arg(name).arg(recordings).arg(kLeastRecordings);
    return reasons;
}

QStringList enrolmentShortcomings(const PersonProfile &profile)
{
    QStringList reasons = materialShortcomings(profile.usableSeconds(), profile.recordings.size(), profile.name);
    const auto text = [](double value, int digits) { return QString::number(value, 'f', digits); };
    const PersonSelfTest &test = profile.selfTest;
    if (test.clips < 2 || test.cohortClips < 2)
        reasons << u"the enrolled clips are too few for a self-test"_s;
    else if (test.ratioArea < kLeastSelfTestArea)
        reasons << u"in the self-test this person was told from others with an AUC of %1; %2 is needed"_s.arg(text(test.ratioArea, 2), text(kLeastSelfTestArea, 2));
    return reasons;
}

} // namespace fw
