// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/people/person_comparison.h"

#include <stop_token>

namespace fw {

/// Compares what was measured on a clip with an enrolment and lays out the map (t-SNE of thinned
/// windows). Errc::Mismatch for other observers, Errc::Cancelled when stopped.
Result<std::shared_ptr<const PersonComparison>> comparePerson(const QString &person, const ObservationLog &log,
                                                              const std::vector<double> &seconds,
                                                              const std::map<QString, QString> &observers, std::stop_token stop);

} // namespace fw
