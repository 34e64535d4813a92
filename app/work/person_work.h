// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/person_test.h"
#include "run/engine.h"

#include <functional>
#include <stop_token>

namespace fw {

/// What the observers measured on one clip, as far as the comparison of persons needs it.
struct PersonClip
{
    QString path, sha256;
    ObservationLog log;
    std::vector<double> seconds;           ///< of each frame
    std::map<QString, QString> observers;  ///< id -> version
};

/// Runs the observers of faces and expression over a clip. Blocks.
Result<PersonClip> observePerson(PluginRegistry &registry, const QString &path, std::stop_token stop,
                                 const std::function<void(double)> &progress = {});

/// The windows of a clip that can be enrolled: one face alone in the picture.
PersonRecording recordingOf(const PersonClip &clip);

/// How varied the enrolled material is and whether it is enough, in words for the person who enrols.
QStringList enrolmentAdvice(const PersonProfile &profile);

/// The face track that was filmed longest, as windows for a test.
WindowedBehaviour questionedWindows(const ObservationLog &log, const std::vector<double> &seconds);

/// The cohort that ships; an error when it is not installed.
Result<BehaviourCohort> shippedCohort();

/// Enrols clips that were observed. Errc::Mismatch when they were measured by different observers.
Result<PersonProfile> enrolPerson(const QString &name, const QString &provenance, const std::vector<PersonClip> &clips,
                                  BehaviourCohort cohort, std::stop_token stop, const std::function<void(double)> &progress = {});

/// Where the program keeps enrolments unless told otherwise.
QString personFolder();

} // namespace fw
