// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/behaviour_model.h"

#include <functional>
#include <map>
#include <stop_token>

namespace fw {

/// One authentic clip of an enrolled person: what was measured on it, no picture.
struct PersonRecording
{
    QString name;   ///< of the file
    QString sha256;
    double usableSeconds = 0.0;
    std::vector<BehaviourWindow> windows;
};

/// Other people, to tell "like this person" from "like anybody".
struct BehaviourCohort
{
    struct Member
    {
        QString name;   ///< a number or a pseudonym
        QString sha256; ///< of the clip; enrolling the same clip leaves the member out
        std::vector<BehaviourWindow> windows;
    };
    std::vector<Member> members;
};

/// How well a person is told from the cohort with the enrolled material alone: each recording is
/// judged by a model that was made without it.
struct PersonSelfTest
{
    double rejectedShare = 0.0;                ///< of enrolled windows, by the final machine
    std::vector<float> scores, ratios;         ///< one an enrolled window, recording after recording; held out
    std::vector<float> cohortScores, cohortRatios; ///< one a cohort window, member after member
    /// AUC of the person's clips of 30 s against the cohort's, which may be shorter; see clipMedians.
    double scoreArea = 0.5, ratioArea = 0.5;
    double ratioAreaLow = 0.0;                 ///< lower end of its 95 % interval
    int clips = 0, cohortClips = 0;
};

/// An enrolled person.
struct PersonProfile
{
    QString name;
    QString madeBy;                        ///< program and version
    QString provenance;                    ///< why the clips are held to be authentic, in the words of who enrolled
    std::map<QString, QString> observers;  ///< id -> version that measured the clips
    std::vector<PersonRecording> recordings;
    BehaviourCohort cohort;
    BehaviourModelOptions options;
    PersonSelfTest selfTest;
    std::optional<BehaviourModel> model;   ///< set by enrol() and by reading a file

    double usableSeconds() const;
    std::size_t windows() const;
    SampleMatrix ownRows() const;    ///< Fisher z, recording after recording
    SampleMatrix cohortRows() const; ///< Fisher z, member after member
};

/// Trains the model and tests it. Recordings without windows are left out, cohort members of the
/// same bytes too. More than kMostTrainingWindows are thinned by farthest-point sampling, each
/// recording getting an equal share, so that one long clip does not dominate.
/// @param progress  told the share that is done. Errc::Cancelled when stopped; Errc::BadData when no
/// recording has a usable window.
Result<PersonProfile> enrol(PersonProfile profile, std::stop_token stop = {},
                            const std::function<void(double)> &progress = {});
inline constexpr std::size_t kMostTrainingWindows = 6000;

/// The model of an enrolment's windows and cohort. @param svm  that was trained on them before.
Result<BehaviourModel> modelOf(const PersonProfile &profile, std::optional<KernelSvm> svm = {});

/// A window's place and what it scored.
struct TimedScore
{
    double beginSeconds = 0.0;
    double score = 0.0;
};

/// Cuts scored windows of one clip into clips of `seconds` and takes the median of each. Clips with
/// a smaller share of the windows that fit are left out.
std::vector<double> clipMedians(const std::vector<TimedScore> &windows, double seconds, double leastShare = 0.5);

/// What the material alone lacks: minutes, recordings. Empty: nothing.
QStringList materialShortcomings(double usableSeconds, std::size_t recordings, const QString &name);
/// What is missing before this enrolment may carry a verdict; empty: nothing.
QStringList enrolmentShortcomings(const PersonProfile &profile);
inline constexpr double kLeastEnrolledSeconds = 300.0, kAdvisedEnrolledSeconds = 1200.0;
inline constexpr std::size_t kLeastRecordings = 3;
inline constexpr double kLeastSelfTestArea = 0.85;
inline constexpr double kClipSeconds = 30.0;

} // namespace fw
