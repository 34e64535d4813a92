// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "run/plugin_registry.h"

namespace fw {

/// The folder of fingerprints that the user keeps: FW_FINGERPRINTS when set, else "fingerprints" in the
/// user's data folder. May not exist.
QString fingerprintFolder();

/// Adds the user's fingerprints to the models of a plugin, with their hashes, so that a result names the
/// very files that it was made from and is computed again when they change. Unreadable ones are left out.
void addFingerprints(PluginEntry *entry);

} // namespace fw
