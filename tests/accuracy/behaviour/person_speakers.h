// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/observed_clip.h"
#include "behaviour/person_file.h"
#include "behaviour/person_test.h"

#include <ctime>

namespace fw::accuracy {

/// One clip as the method on a person gets it.
struct Speaker
{
    QString name, set, person;
    bool manipulated = false;
    QString file;
    std::vector<BehaviourSample> samples; ///< the longest track
    WindowedBehaviour cut;
};

inline double cpuSeconds()
{
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

inline Speaker speakerOf(const ObservedClip &clip)
{
    Speaker s{clip.name, clip.set, clip.person, clip.manipulated, clip.file, {}, {}};
    for (const TrackId track : clip.log.tracks()) {
        auto samples = behaviourSamples(clip.log, clip.seconds, track);
        if (samples.size() > s.samples.size())
            s.samples = std::move(samples);
    }
    s.cut = windowsOf(s.samples);
    return s;
}

inline std::vector<BehaviourSample> between(const std::vector<BehaviourSample> &samples, double begin, double end)
{
    std::vector<BehaviourSample> out;
    for (const BehaviourSample &s : samples) {
        if (s.seconds >= begin && s.seconds < end)
            out.push_back(s);
    }
    return out;
}

inline PersonRecording recordingOf(const QString &name, const std::vector<BehaviourSample> &samples)
{
    const WindowedBehaviour cut = windowsOf(samples);
    return {name, name, cut.usableSeconds, cut.windows};
}

inline BehaviourCohort cohortOf(const std::vector<Speaker> &speakers, const QString &without)
{
    BehaviourCohort cohort;
    for (const Speaker &s : speakers) {
        if (!s.manipulated && s.person != without && !s.cut.windows.empty())
            cohort.members.push_back({s.name, s.name, s.cut.windows});
    }
    return cohort;
}

// One person enrolled, judged with what was held out and with others: prints.

/// The one person with minutes of material, parts of so many seconds held out one after the other.
void verify(const std::vector<Speaker> &speakers, const QString &name, double part);
/// p-values of the later part of a recording against an enrolment of the earlier part.
void laterPart(const std::vector<Speaker> &speakers, const QString &name);
/// Half an hour of cached features of one made-up person.
void enrolmentTime();

} // namespace fw::accuracy
