// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/finding.h"

#include <array>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

struct VerdictWords
{
    Verdict verdict;
    QString name, title, meaning;
};

const std::array<VerdictWords, 4> &verdictWords()
{
    static const std::array<VerdictWords, 4> words{{
        {Verdict::Suspicious, u"suspicious"_s, u"Suspicious"_s,
         u"What was measured fits a manipulated recording better than an untouched one; it is not "
         u"proof, because other causes can leave the same trace."_s},
        {Verdict::Consistent, u"consistent"_s, u"Consistent"_s,
         u"The method looked and found nothing that speaks against an untouched recording; it does "
         u"not show that the recording is what it claims to be."_s},
        {Verdict::Inconclusive, u"inconclusive"_s, u"Inconclusive"_s,
         u"The method looked, but what was measured does not favour either explanation."_s},
        {Verdict::NotApplicable, u"not-applicable"_s, u"Not applicable"_s,
         u"The method could not be used on this material for the reason given; nothing follows "
         u"from "
         u"it in either direction."_s},
    }};
    return words;
}

struct ScaleName
{
    ScoreScale scale;
    QString name;
};

const std::array<ScaleName, 5> &scaleNames()
{
    static const std::array<ScaleName, 5> names{{
        {ScoreScale::LikelihoodRatio, u"likelihood-ratio"_s},
        {ScoreScale::Log10LikelihoodRatio, u"log10-likelihood-ratio"_s},
        {ScoreScale::Probability, u"probability"_s},
        {ScoreScale::PValue, u"p-value"_s},
        {ScoreScale::Raw, u"raw"_s},
    }};
    return names;
}

const VerdictWords &wordsOf(Verdict verdict)
{
    for (const VerdictWords &w : verdictWords()) {
        if (w.verdict == verdict)
            return w;
    }
    return verdictWords()[2];
}

} // namespace

QString verdictName(Verdict verdict)
{
    return wordsOf(verdict).name;
}

std::optional<Verdict> verdictFromName(const QString &name)
{
    for (const VerdictWords &w : verdictWords()) {
        if (w.name == name)
            return w.verdict;
    }
    return std::nullopt;
}

QString verdictTitle(Verdict verdict)
{
    return wordsOf(verdict).title;
}

QChar verdictLetter(Verdict verdict)
{
    return wordsOf(verdict).title.at(0);
}

QString verdictMeaning(Verdict verdict)
{
    return wordsOf(verdict).meaning;
}

int attentionRank(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Suspicious:
        return 0;
    case Verdict::Inconclusive:
        return 1;
    case Verdict::Consistent:
        return 2;
    case Verdict::NotApplicable:
        break;
    }
    return 3;
}

QString scaleName(ScoreScale scale)
{
    for (const ScaleName &n : scaleNames()) {
        if (n.scale == scale)
            return n.name;
    }
    return u"raw"_s;
}

std::optional<ScoreScale> scaleFromName(const QString &name)
{
    for (const ScaleName &n : scaleNames()) {
        if (n.name == name)
            return n.scale;
    }
    return std::nullopt;
}

} // namespace fw
