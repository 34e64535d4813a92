// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/person_test.h"

#include "stats/quantile.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kLongestClip = 60.0; ///< s; longer ones are compared with enrolled clips of this length

QString text(double value, int digits = 0)
{
    return QString::number(value, 'f', digits);
}

QStringList shortcomings(const WindowedBehaviour &clip)
{
    QStringList reasons;
    if (clip.independent < kLeastIndependentWindows)
        reasons << u"only %1 whole stretches of %2 s of this face can be used (%3 s); %4 are needed"_s.arg(clip.independent)
                       .arg(text(kBehaviourWindowSeconds), text(clip.usableSeconds, 1)).arg(kLeastIndependentWindows);
    if (clip.meanYawDegrees > kMostMeanYaw)
        reasons << u"the head is turned to the side by %1 degrees on average; %2 are the most"_s.arg(text(clip.meanYawDegrees), text(kMostMeanYaw));
    if (clip.framesPerSecond < kLeastBehaviourRate)
        reasons << u"%1 frames/s; %2 are needed"_s.arg(text(clip.framesPerSecond, 1), text(kLeastBehaviourRate));
    if (clip.eyeCornersPixels < kLeastEyeCorners)
        reasons << u"the eyes are %1 px apart; %2 px are needed"_s.arg(text(clip.eyeCornersPixels), text(kLeastEyeCorners));
    return reasons;
}

/// Held-out medians of enrolled clips of this length.
std::vector<double> enrolledMedians(const PersonProfile &profile, double seconds)
{
    std::vector<double> all;
    std::size_t at = 0;
    for (const PersonRecording &r : profile.recordings) {
        std::vector<TimedScore> timed;
        for (const BehaviourWindow &w : r.windows) {
            if (at < profile.selfTest.scores.size())
                timed.push_back({w.beginSeconds, double(profile.selfTest.scores[at++])});
        }
        for (const double m : clipMedians(timed, seconds))
            all.push_back(m);
    }
    return all;
}

std::vector<PairDeviation> deviations(const BehaviourModel &model, const WindowedBehaviour &clip)
{
    std::vector<PairDeviation> all;
    for (std::size_t p = 0; p < kBehaviourPairs; ++p) {
        double sum = 0.0, r = 0.0;
        std::size_t seen = 0, most = 0;
        double furthest = 0.0;
        for (std::size_t w = 0; w < clip.windows.size(); ++w) {
            if (clip.windows[w].flagged[p])
                continue;
            ++seen;
            r += clip.windows[w].r[p];
            const double z = (fisherZ(clip.windows[w].r[p]) - model.mean()[p]) / model.spread()[p];
            sum += z;
            if (std::abs(z) > std::abs(furthest)) {
                furthest = z;
                most = w;
            }
        }
        if (2 * seen < clip.windows.size() || seen == 0) // constant most of the time: says nothing
            continue;
        const double mean = std::tanh(model.mean()[p]);
        all.push_back({p, mean, model.spread()[p] * (1.0 - mean * mean), r / double(seen), sum / double(seen), most});
    }
    std::ranges::stable_sort(all, [](const PairDeviation &a, const PairDeviation &b) { return std::abs(a.z) > std::abs(b.z); });
    return all;
}

void decide(const PersonProfile &profile, const WindowedBehaviour &clip, PersonTest *test)
{
    test->reasons = shortcomings(clip) + enrolmentShortcomings(profile);
    if (test->enrolledClips < kLeastEnrolledClips)
        test->reasons << u"only %1 enrolled clips of %2 s to compare with; %3 are needed"_s.arg(test->enrolledClips).arg(text(test->clipSeconds)).arg(kLeastEnrolledClips);
    if (!test->ratio)
        test->reasons << u"no cohort of other people was enrolled with this person"_s;
    if (!test->reasons.isEmpty())
        return;
    const bool outside = *test->p <= kPersonAlarm, likeOthers = *test->ratio < 0.0;
    if (outside == likeOthers)
        test->verdict = outside ? PersonVerdict::Outside : PersonVerdict::Inside;
    else
        test->reasons << (outside ? u"outside this person's range, but still more like this person than like others"_s
                                  : u"inside this person's range, but more like other people"_s);
}

} // namespace

Verdict claimOf(PersonVerdict verdict)
{
    return verdict == PersonVerdict::Inside ? Verdict::Consistent : Verdict::Inconclusive;
}

QString unvalidatedReason()
{
    return u"this is outside the person's range and closer to others, but the method has not been shown to tell enough people apart on different days to claim it against a clip"_s;
}

PersonTest testPerson(const PersonProfile &profile, const WindowedBehaviour &clip)
{
    PersonTest test;
    if (!profile.model) {
        test.reasons << u"this enrolment holds no model"_s;
        return test;
    }
    std::vector<double> held(profile.selfTest.scores.begin(), profile.selfTest.scores.end());
    test.low = quantile(held, 0.05).value_or(0.0);
    test.middle = median(held).value_or(0.0);
    test.high = quantile(held, 0.95).value_or(0.0);
    const double lowest = quantile(held, 0.02).value_or(0.0);
    for (const BehaviourWindow &w : clip.windows) {
        const auto z = fisherZ(w);
        test.scores.push_back(profile.model->centrality(z));
        if (const auto ratio = profile.model->log10Ratio(z))
            test.ratios.push_back(*ratio);
        test.acceptedShare += test.scores.back() >= lowest ? 1.0 / double(clip.windows.size()) : 0.0;
    }
    test.score = median(test.scores).value_or(0.0);
    test.ratio = median(test.ratios);
    test.clipSeconds = std::clamp(std::floor(clip.usableSeconds / 5.0) * 5.0, kClipSeconds, kLongestClip);
    std::vector<double> enrolled = enrolledMedians(profile, test.clipSeconds);
    // Shorter clips scatter more, so that comparing with them only makes an alarm rarer.
    while (int(enrolled.size()) < kLeastEnrolledClips && test.clipSeconds > kClipSeconds) {
        test.clipSeconds = std::max(kClipSeconds, test.clipSeconds - 5.0);
        enrolled = enrolledMedians(profile, test.clipSeconds);
    }
    test.enrolledClips = int(enrolled.size());
    if (!enrolled.empty() && !test.scores.empty())
        test.p = (1.0 + double(std::ranges::count_if(enrolled, [&](double s) { return s <= test.score; }))) / (1.0 + double(enrolled.size()));
    test.pairs = deviations(*profile.model, clip);
    decide(profile, clip, &test);
    return test;
}

} // namespace fw
