// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/media_facts.h"

#include <QJsonObject>

namespace fw {

/// Media facts as the case keeps them: complete, unlike the readable form in reports.
QJsonObject storedFacts(const MediaFacts &facts);
/// Missing keys give default values, so that later formats may add some.
MediaFacts factsFromStored(const QJsonObject &object);

} // namespace fw
