// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/source_comparison.h"

#include "photo/fingerprint.h"
#include "photo/generator_fingerprint.h"
#include "photo/sensor_noise.h"

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Between this and kFingerprintPce a match is neither shown nor excluded.
constexpr double kPceOfChance = 30.0;
/// The same for a generator, in deviations.
constexpr double kDeviationsOfChance = 3.0;

} // namespace

QString weaknessOf(const FingerprintFile &source)
{
    if (source.kind == SourceKind::Camera)
        return {};
    if (source.sources.size() < kLeastEnrolled)
        return u"fewer than %1 pictures were enrolled, so their scenes are still in it"_s.arg(kLeastEnrolled);
    if (source.halvesAgree < kLeastGeneratorAgreement)
        return u"its two halves hardly agree (%1, needed %2)"_s.arg(source.halvesAgree, 0, 'f', 3).arg(kLeastGeneratorAgreement);
    if (source.others < kLeastOthers || source.otherSigma <= 0.0)
        return u"fewer than %1 pictures of other origin were compared with it"_s.arg(kLeastOthers);
    return {};
}

const cv::Mat &SourceComparer::noise()
{
    if (m_noise.empty())
        m_noise = pictureNoise(m_bgr);
    return m_noise;
}

void SourceComparer::compareCamera(const FingerprintFile &source, SourceComparison *result)
{
    if (std::min(m_bgr.cols, m_bgr.rows) < 256) {
        result->reason = u"the picture is smaller than 256 x 256 px"_s;
        return;
    }
    const auto match = matchFingerprint(source.fingerprint, m_bgr, noise());
    if (!match) {
        result->reason = match.error().what;
        return;
    }
    result->score = match->pce;
    result->correlation = match->correlation;
    result->state = match->pce > kFingerprintPce ? SourceComparison::State::Match
        : match->pce > kPceOfChance              ? SourceComparison::State::Near
                                                 : SourceComparison::State::No;
}

void SourceComparer::compareGenerator(const FingerprintFile &source, SourceComparison *result)
{
    if (m_residual.empty())
        m_residual = generatorResidual(m_bgr);
    const auto correlation = generatorCorrelation(source.fingerprint, m_residual);
    if (!correlation) {
        result->reason = correlation.error().what;
        return;
    }
    result->correlation = *correlation;
    result->reason = weaknessOf(source);
    if (!result->reason.isEmpty())
        return;
    result->score = OtherOrigin{source.others, source.otherMean, source.otherSigma}.deviations(*correlation);
    result->state = result->score >= kGeneratorDeviations ? SourceComparison::State::Match
        : result->score >= kDeviationsOfChance            ? SourceComparison::State::Near
                                                          : SourceComparison::State::No;
}

SourceComparison SourceComparer::compare(const FingerprintFile &source)
{
    SourceComparison result;
    result.name = source.name;
    result.kind = source.kind;
    result.needed = source.kind == SourceKind::Camera ? kFingerprintPce : kGeneratorDeviations;
    if (source.fingerprint.size() != m_bgr.size())
        result.reason = u"enrolled with %1 x %2 px; crops and scaled copies are not searched"_s.arg(source.fingerprint.cols).arg(source.fingerprint.rows);
    else if (source.kind == SourceKind::Camera)
        compareCamera(source, &result);
    else
        compareGenerator(source, &result);
    return result;
}

std::optional<std::size_t> bestMatch(const std::vector<SourceComparison> &all)
{
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].state == SourceComparison::State::Match && (!best || all[i].surplus() > all[*best].surplus()))
            best = i;
    }
    return best;
}

} // namespace fw
