// SPDX-License-Identifier: GPL-3.0-or-later
#include "findings/cbor_values.h"
#include "findings/measurement_bytes.h"
#include "findings/serialize.h"

using namespace Qt::StringLiterals;

namespace fw {

using namespace cbor;

namespace {

constexpr char kResultMagic[5] = "FWR1";

QCborMap fields(const Score &s)
{
    return {{"value"_L1, s.value},         {"scale"_L1, scaleName(s.scale)},
            {"name"_L1, s.name},           {"unit"_L1, s.unit},
            {"reference"_L1, s.reference}, {"low"_L1, optional(s.low)},
            {"high"_L1, optional(s.high)}};
}

Score score(const FieldReader &in)
{
    const auto scale = scaleFromName(in.text("scale"_L1));
    in.check(scale.has_value());
    return {in.number("value"_L1),        scale.value_or(ScoreScale::Raw),
            in.text("name"_L1),           in.text("unit"_L1),
            in.text("reference"_L1),      optionalNumber(in, "low"_L1),
            optionalNumber(in, "high"_L1)};
}

QCborMap fields(const Finding &f)
{
    return {{"id"_L1, f.id},
            {"verdict"_L1, verdictName(f.verdict)},
            {"title"_L1, f.title},
            {"summary"_L1, f.summary},
            {"strength"_L1, optional(f.strength)},
            {"score"_L1, f.score ? QCborValue(fields(*f.score)) : QCborValue(nullptr)},
            {"supports"_L1, stringArray(f.supports)},
            {"against"_L1, stringArray(f.against)},
            {"limits"_L1, stringArray(f.limits)},
            {"range"_L1, f.range ? QCborValue(rangeArray(*f.range)) : QCborValue(nullptr)},
            {"track"_L1, optional(f.track)},
            {"region"_L1, optional(f.region)},
            {"keyFrame"_L1, optional(f.keyFrame)}};
}

Finding finding(const FieldReader &in)
{
    Finding f;
    f.id = in.text("id"_L1);
    const auto verdict = verdictFromName(in.text("verdict"_L1));
    if (in.check(verdict.has_value()))
        f.verdict = *verdict;
    f.title = in.text("title"_L1);
    f.summary = in.text("summary"_L1);
    f.strength = optionalNumber(in, "strength"_L1);
    if (!in.raw("score"_L1).isNull())
        f.score = score(in.inner("score"_L1));
    f.supports = strings(in, "supports"_L1);
    f.against = strings(in, "against"_L1);
    f.limits = strings(in, "limits"_L1);
    if (!in.raw("range"_L1).isNull())
        f.range = range(in, "range"_L1);
    f.track = optionalTrack(in);
    f.region = optionalRect(in, "region"_L1);
    f.keyFrame = optionalFrame(in, "keyFrame"_L1);
    return f;
}

} // namespace

QByteArray toBytes(const AnalysisResult &result)
{
    const QCborMap map{
        {"findings"_L1, listOf(result.findings, [](const Finding &f) { return fields(f); })},
        {"measured"_L1, measurementFields(result.measured)}};
    return sealed(kResultMagic, QCborValue(map).toCbor());
}

Result<AnalysisResult> resultFromBytes(const QByteArray &bytes)
{
    const auto body = unsealed(kResultMagic, bytes);
    if (!body)
        return Failure{body.error()};
    QCborParserError error;
    const QCborValue root = QCborValue::fromCbor(*body, &error);
    if (error.error != QCborError::NoError || !root.isMap())
        return fail(Errc::BadData, u"the stored result is not well formed"_s);

    bool ok = true;
    const FieldReader in(root.toMap(), &ok);
    AnalysisResult result;
    readList(in, "findings"_L1, finding, &result.findings);
    result.measured = measurementsFrom(in.inner("measured"_L1));
    if (!ok)
        return fail(Errc::BadData, u"the stored result has missing or contradicting fields"_s);
    return result;
}

} // namespace fw
