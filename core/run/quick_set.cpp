// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/quick_set.h"

using namespace Qt::StringLiterals;

namespace fw {

const QStringList &quickSet()
{
    static const QStringList ids{u"org.framewitness.content_credentials"_s, u"org.framewitness.double_jpeg"_s, u"org.framewitness.jpeg_ghost"_s,
                                 u"org.framewitness.jpeg_grid"_s, u"org.framewitness.metadata"_s, u"org.framewitness.residual_statistics"_s,
                                 u"org.framewitness.thumbnail"_s};
    return ids;
}

std::vector<MethodChoice> quickMethods(const PluginRegistry &registry)
{
    std::vector<MethodChoice> choices;
    for (const QString &id : quickSet()) {
        if (const PluginEntry *entry = registry.find(id); entry && !entry->refusal)
            choices.push_back({id, {}});
    }
    return choices;
}

} // namespace fw
