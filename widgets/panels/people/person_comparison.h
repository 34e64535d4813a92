// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/person_test.h"

#include <QMetaType>
#include <QString>

#include <array>
#include <memory>
#include <vector>

namespace fw {

/// One window of ten seconds on the map.
struct PersonMapPoint
{
    enum class Kind { Person, Cohort, Questioned };
    double x = 0.0, y = 0.0;
    Kind kind = Kind::Person;
    int clip = 0;              ///< of its kind: recording or speaker
    QString label;             ///< "talk.mp4, from 12.5 s"
    double beginSeconds = 0.0; ///< in its clip
};

/// An enrolled person beside the clip that is open: what the page shows. Computed elsewhere.
struct PersonComparison
{
    QString path;                                  ///< of the enrolment
    std::shared_ptr<const PersonProfile> profile;  ///< never null in a comparison that arrived
    WindowedBehaviour clip;                        ///< of the face that was filmed longest
    PersonTest test;
    std::vector<PersonMapPoint> map;
    bool neighbours = true; ///< the map is t-SNE, else two principal axes
};

/// One clip of an enrolment while it is being made.
struct EnrolledClip
{
    enum class State { Waiting, Measuring, Measured, Refused };
    QString path;
    State state = State::Waiting;
    double share = 0.0;         ///< of the measuring that is done
    double usableSeconds = 0.0;
    QString reason;             ///< why it was refused
};

} // namespace fw

Q_DECLARE_METATYPE(std::shared_ptr<const fw::PersonComparison>)
