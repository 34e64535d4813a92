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
    // Quantiles over the frames of every second of 20 authentic clips (19 enrolled), each clip alike. The
    // alarms are 1.2 times the highest median of that half as an earlier landmark network read it, and are
    // kept, because no clip of either half is above them now: head_pose_accuracy.
    static const GenuineLines generic{11.3, 13.2, 11.7, u"set with an earlier landmark network; none of 19 authentic clips above"_s};
    static const GenuineLines track{3.3, 4.7, 2.6, u"set with an earlier landmark network; none of 19 authentic clips above"_s};
    static const GenuineLines enrolment{4.0, 4.7, 3.8,
                                        u"set with an earlier landmark network; none of 18 authentic clips above, each enrolled from its own first half"_s};
    return source == HeadSource::Generic ? generic : source == HeadSource::Track ? track : enrolment;
}

const GenuineLines &genuineInnerLines()
{
    static const GenuineLines inner{14.2, 15.7, 15.2, u"1.1 times the highest of 8 authentic clips, none of 8 others above"_s};
    return inner;
}

} // namespace fw
