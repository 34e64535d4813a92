// SPDX-License-Identifier: GPL-3.0-or-later
#include "coherence_verdict.h"

#include "stats/permutation.h"

#include <algorithm>
#include <map>
#include <set>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kFewestUsableSeconds = 10.0, kMostRepeated = 0.05;

WeighedStatistic weighed(const CoherenceValue &value, const CoherenceReference &reference, const CoherenceStratum &stratum)
{
    WeighedStatistic out;
    out.id = value.id;
    out.reference = reference.inStratum(value.id, stratum);
    out.inStratum = out.reference && out.reference->clips >= kReferenceClips;
    if (!out.inStratum)
        out.reference = reference.ofAllClips(value.id);
    if (!value.value)
        return out;
    if (out.reference)
        out.z = out.reference->z(*value.value);
    switch (specOf(value.id).grade) {
    case CoherenceGrade::Physical:
        out.pValue = value.pValue;
        break;
    case CoherenceGrade::Regularity:
        if (out.inStratum)
            out.pValue = std::max(out.reference->chance(*value.value), value.nullChance.value_or(0.0));
        break;
    case CoherenceGrade::Exploratory:
        out.pValue = value.nullChance;
        break;
    case CoherenceGrade::Quality:
        break;
    }
    return out;
}

/// Holm within each family, then across families by the smallest of each. Exploratory ones are corrected
/// among themselves, so that looking at them costs the others nothing.
int adjust(std::vector<WeighedStatistic> &statistics)
{
    std::map<CoherenceFamily, std::vector<WeighedStatistic *>> families;
    std::vector<WeighedStatistic *> exploratory;
    std::vector<double> chances;
    for (WeighedStatistic &s : statistics) {
        if (s.pValue && specOf(s.id).grade == CoherenceGrade::Exploratory) {
            exploratory.push_back(&s);
            chances.push_back(*s.pValue);
        }
    }
    chances = holmAdjusted(chances);
    for (std::size_t i = 0; i < chances.size(); ++i)
        exploratory[i]->adjusted = chances[i];
    for (WeighedStatistic &s : statistics) {
        if (s.pValue && specOf(s.id).grade != CoherenceGrade::Exploratory)
            families[specOf(s.id).family].push_back(&s);
    }
    std::vector<double> smallest;
    for (auto &[family, members] : families) {
        std::vector<double> p;
        for (const WeighedStatistic *s : members)
            p.push_back(*s->pValue);
        p = holmAdjusted(p);
        for (std::size_t i = 0; i < members.size(); ++i)
            members[i]->adjusted = p[i];
        smallest.push_back(*std::min_element(p.begin(), p.end()));
    }
    const std::vector<double> across = holmAdjusted(smallest);
    std::size_t f = 0;
    for (auto &[family, members] : families) {
        const double factor = smallest[f] > 0.0 ? across[f] / smallest[f] : 1.0;
        for (WeighedStatistic *s : members)
            s->adjusted = std::min(1.0, *s->adjusted * factor);
        ++f;
    }
    return int(families.size());
}

} // namespace

CoherenceVerdict weighCoherence(const CoherenceResult &result, const CoherenceReference &reference, const CoherenceFootage &footage)
{
    CoherenceVerdict verdict;
    for (const CoherenceValue &value : result.values)
        verdict.weighed.push_back(weighed(value, reference, footage.stratum));
    verdict.familiesTested = adjust(verdict.weighed);
    bool physical = false;
    std::set<CoherenceFamily> regular;
    for (const WeighedStatistic &s : verdict.weighed) {
        if (!s.adjusted || *s.adjusted > kCoherenceAlarm || specOf(s.id).grade == CoherenceGrade::Exploratory)
            continue;
        verdict.surviving.push_back(s.id);
        if (specOf(s.id).grade == CoherenceGrade::Physical)
            physical = true;
        else
            regular.insert(specOf(s.id).family);
    }
    if (footage.usableSeconds < kFewestUsableSeconds)
        verdict.reasons << u"only %1 s can be used, %2 s are needed"_s.arg(footage.usableSeconds, 0, 'f', 1).arg(kFewestUsableSeconds);
    if (footage.repeatedShare > kMostRepeated)
        verdict.reasons << u"%1 % of the pictures repeat the one before: the frame rate was converted"_s.arg(100.0 * footage.repeatedShare, 0, 'f', 0);
    if (!verdict.reasons.isEmpty())
        verdict.word = CoherenceWord::Inconclusive;
    else if (physical || regular.size() >= 2)
        verdict.word = CoherenceWord::Contradiction;
    else if (!regular.empty())
        verdict.word = CoherenceWord::Unusual;
    else if (verdict.familiesTested >= 2)
        verdict.word = CoherenceWord::None;
    else
        verdict.reasons << (verdict.familiesTested == 1
                                ? u"only one family of statistics can be tested; the others need more genuine clips like this one"_s
                                : u"no statistic can be tested"_s);
    return verdict;
}

} // namespace fw
