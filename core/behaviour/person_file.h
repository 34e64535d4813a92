// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "behaviour/person_profile.h"

#include <QByteArray>

namespace fw {

/// An enrolled person as bytes: correlations, hashes of the clips, versions of the observers and the
/// self-test. No picture, no face, no sound.
QByteArray personBytes(const PersonProfile &profile);
/// Untrusted input: Errc::BadData unless whole.
Result<PersonProfile> personFromBytes(const QByteArray &bytes, const QString &where = {});

Result<void> writePersonFile(const PersonProfile &profile, const QString &path);
Result<PersonProfile> readPersonFile(const QString &path);

/// Why an enrolment cannot be compared with what these observers measure; nullopt when it can.
/// @param versions  observer id -> version, as the present run uses them.
std::optional<QString> observersFault(const PersonProfile &profile, const std::map<QString, QString> &versions);

/// The cohort that ships, a file of its own.
Result<void> writeCohortFile(const BehaviourCohort &cohort, const QString &path);
Result<BehaviourCohort> readCohortFile(const QString &path);

} // namespace fw
