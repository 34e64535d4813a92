// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/source_halves.h"

#include <map>

namespace fw::accuracy {

std::set<QString> trainingSources(const std::vector<ObservedClip> &clips)
{
    std::map<QString, std::set<QString>> sets;
    for (const ObservedClip &clip : clips)
        sets[clip.set].insert(clip.source);
    std::set<QString> trained;
    for (const auto &[set, sources] : sets) {
        int n = 0;
        for (const QString &source : sources) {
            if (n++ % 2 == 0)
                trained.insert(source);
        }
    }
    return trained;
}

} // namespace fw::accuracy
