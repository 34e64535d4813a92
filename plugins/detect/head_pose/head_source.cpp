// SPDX-License-Identifier: GPL-3.0-or-later
#include "head_source.h"

using namespace Qt::StringLiterals;

namespace fw {

QString headSourceName(HeadSource source)
{
    switch (source) {
    case HeadSource::Generic:
        return u"generic"_s;
    case HeadSource::Track:
        return u"track"_s;
    case HeadSource::Enrolment:
        return u"enrolment"_s;
    }
    return {};
}

QString headSourceTitle(HeadSource source)
{
    switch (source) {
    case HeadSource::Generic:
        return u"the mean head of many people"_s;
    case HeadSource::Track:
        return u"a head fitted to this face in this clip"_s;
    case HeadSource::Enrolment:
        return u"a head fitted to enrolled footage of this person"_s;
    }
    return {};
}

const GenuineLines &genuineLines(HeadSource source)
{
    // From every second of 20 authentic clips (19 enrolled): the quantiles over their frames, each clip
    // alike; the alarm is 1.2 times the highest median. The other clips check them: head_pose_accuracy.
    static const GenuineLines generic{10.3, 11.3, 11.7, u"1.2 times the highest of 10 authentic clips, none of 10 others above"_s};
    static const GenuineLines track{4.0, 6.9, 2.6, u"1.2 times the highest of 10 authentic clips, none of 10 others above"_s};
    static const GenuineLines enrolment{3.9, 5.6, 3.8,
                                        u"1.2 times the highest of 10 authentic clips, each enrolled from its own first half; none of 9 others above"_s};
    return source == HeadSource::Generic ? generic : source == HeadSource::Track ? track : enrolment;
}

const GenuineLines &genuineInnerLines()
{
    // All authentic clips were looked at when the faces observer changed (2.3): two read 11.2 and 11.5.
    static const GenuineLines inner{10.3, 11.5, 13.8, u"1.2 times the highest of all authentic clips at hand, so no others are left to count false alarms on"_s};
    return inner;
}

} // namespace fw
