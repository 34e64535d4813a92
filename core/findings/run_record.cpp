// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/run_record.h"

#include "base/hash.h"
#include "base/json.h"

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

const std::array<std::pair<RunState, QString>, 4> &stateNames()
{
    static const std::array<std::pair<RunState, QString>, 4> names{{
        {RunState::Done, u"done"_s},
        {RunState::NotApplicable, u"not-applicable"_s},
        {RunState::Failed, u"failed"_s},
        {RunState::Cancelled, u"cancelled"_s},
    }};
    return names;
}

} // namespace

QString RunRecord::cacheKey() const
{
    return hexText(sha256(canonicalJson({{u"media"_s, mediaSha256},
                                         {u"plugin"_s, pluginId},
                                         {u"version"_s, pluginVersion},
                                         {u"options"_s, options},
                                         {u"models"_s, jsonTexts(modelHashes)},
                                         {u"inputs"_s, jsonTexts(inputs)}})));
}

QString runStateName(RunState state)
{
    for (const auto &[s, name] : stateNames()) {
        if (s == state)
            return name;
    }
    return u"failed"_s;
}

std::optional<RunState> runStateFromName(const QString &name)
{
    for (const auto &[state, n] : stateNames()) {
        if (n == name)
            return state;
    }
    return std::nullopt;
}

} // namespace fw
