// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/cbor_fields.h"
#include "findings/measurement.h"

#include <QCborMap>

namespace fw {

/// The measurements part of a stored result. The reader marks anything missing or contradicting
/// (a band of another length than its trace, a heat map of another size than its values) as bad.
QCborMap measurementFields(const Measurements &measured);
Measurements measurementsFrom(const FieldReader &in);

} // namespace fw
