// SPDX-License-Identifier: GPL-3.0-or-later
#include "coherence_parts.h"

#include "stats/distributions.h"
#include "stats/quantile.h"
#include "stats/time_series.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kSegmentSeconds = 2.0, kSegmentShare = 0.9;
constexpr double kMaxRms = 0.08;      // of the distance between the eye corners
constexpr double kNoGapSeconds = 0.25;

CoherenceValue leftOut(CoherenceId id, const QString &reason)
{
    CoherenceValue value;
    value.id = id;
    value.reason = reason;
    return value;
}

} // namespace

QString gradeLetter(CoherenceGrade grade)
{
    switch (grade) {
    case CoherenceGrade::Physical: return u"A"_s;
    case CoherenceGrade::Regularity: return u"B"_s;
    case CoherenceGrade::Exploratory: return u"C"_s;
    case CoherenceGrade::Quality: return u"Q"_s;
    }
    return {};
}

const std::array<CoherenceSpec, kCoherenceCount> &coherenceSpecs()
{
    using F = CoherenceFamily;
    using G = CoherenceGrade;
    static const std::array<CoherenceSpec, kCoherenceCount> specs{{
        {CoherenceId::E1, "E1", F::Eyes, G::Physical, "Lid of one eye behind the other", "ms",
         "Both lids are moved by one command and close together."},
        {CoherenceId::E1r, "E1r", F::Eyes, G::Regularity, "Agreement of both lids", "1",
         "Correlation of the openness of both eyes over time."},
        {CoherenceId::E2, "E2", F::Eyes, G::Physical, "Eyes apart, up and down", "°",
         "Both eyes turn up and down together; how far their difference wanders."},
        {CoherenceId::E3, "E3", F::Eyes, G::Physical, "Eyes apart, sideways", "°",
         "The angle between both eyes changes by a few degrees only; how far it wanders."},
        {CoherenceId::E4, "E4", F::Eyes, G::Regularity, "Eyes against a turning head", "1",
         "Eyes that look at something turn against the head: a slope near -1."},
        {CoherenceId::E5, "E5", F::Eyes, G::Exploratory, "Eyes ahead of a turning head", "ms",
         "The line of sight usually turns before the head does, by up to 200 ms."},
        {CoherenceId::E6, "E6", F::Eyes, G::Exploratory, "Highlights in both eyes", "1",
         "Both eyes mirror the same lamps at the same place: intersection over union of their highlights, 1 where they agree."},
        {CoherenceId::M1, "M1", F::Mouth, G::Regularity, "Lips and jaw", "1",
         "Lips open when the jaw drops; correlation with smile and width of the mouth taken out."},
        {CoherenceId::M2, "M2", F::Mouth, G::Exploratory, "Shut lips", "/min",
         "How often the lips shut in a minute of speech; the sounds m, b and p need it."},
        {CoherenceId::M3, "M3", F::Mouth, G::Regularity, "Trembling lips", "log10",
         "Power of lip motion at 8 to 15 Hz against 1 to 6 Hz."},
        {CoherenceId::M4, "M4", F::Mouth, G::Exploratory, "Inside of the mouth", "1",
         "How much more than cheeks teeth and tongue change from frame to frame beyond their motion: logarithm, the 25th of 100 looks."},
        {CoherenceId::S1, "S1", F::Shape, G::Regularity, "Inner face against outline", "1",
         "Tremble of the landmarks inside the face over that of its outline."},
        {CoherenceId::S2, "S2", F::Shape, G::Regularity, "Seam of the inner face", "1",
         "How much less the skin around brows, eyes and mouth follows their motion than they do: logarithm, the 95th of 100 looks."},
        {CoherenceId::S3, "S3", F::Shape, G::Regularity, "Shape that drifts", "1",
         "How far nose and corners of the eyes wander on the head, in errors of 3 s of measurement: 1 is no drift."},
        {CoherenceId::I1, "I1", F::Identity, G::Regularity, "Looks that drift", "1",
         "How far a face looks from its usual self, the 95th of 100 looks: 0 is the same, two strangers are about 1 apart."},
        {CoherenceId::I2, "I2", F::Identity, G::Exploratory, "Shape against expression", "1",
         "Strongest correlation of the shape of nose and eyes with smile, jaw and turn of the head."},
        {CoherenceId::A1, "A1", F::Quality, G::Quality, "Three measures of the lids agree", "1",
         "Least correlation between openness, eye aspect ratio and AU45."},
        {CoherenceId::A2, "A2", F::Quality, G::Quality, "Two measures of the lips agree", "1",
         "Correlation of AU25 with the gap between the lips."},
        {CoherenceId::A3, "A3", F::Quality, G::Quality, "Fit of the head", "1",
         "Median reprojection error over the distance between the eye corners."},
    }};
    return specs;
}

void keepUsableStretches(CoherenceTrack &track)
{
    auto &rows = track.rows;
    const auto empty = [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            rows[i] = missingBehaviourRow(rows[i].frame, rows[i].seconds);
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].usable && rows[i].poseRms > kMaxRms)
            empty(i, i + 1);
    }
    const std::size_t gap = std::size_t(std::max(1.0, kNoGapSeconds * track.rate));
    std::size_t i = 0;
    while (i < rows.size()) {
        if (!rows[i].usable) {
            ++i;
            continue;
        }
        std::size_t end = i, usable = 0;
        for (std::size_t k = i; k < rows.size() && k < end + gap + 1; ++k) {
            if (rows[k].usable) {
                end = k + 1;
                ++usable;
            }
        }
        if (double(end - i) < kSegmentSeconds * track.rate || double(usable) < kSegmentShare * double(end - i))
            empty(i, end);
        i = end;
    }
}

CoherenceResult measureCoherence(CoherenceTrack track, const CoherenceOptions &options)
{
    namespace c = coherence;
    keepUsableStretches(track);
    CoherenceResult result;
    for (auto *flags : {&result.withdrawn.eyes, &result.withdrawn.mouth, &result.withdrawn.all})
        flags->assign(track.rows.size(), false);
    std::vector<double> sizes;
    for (const BehaviourRow &row : track.rows) {
        result.usableSeconds += row.usable ? 1.0 / track.rate : 0.0;
        sizes.push_back(row.eyeCorners);
    }
    result.eyeCorners = median(sizes).value_or(0.0);
    const auto set = [&](CoherenceValue value) {
        if (!options.stop.stop_requested())
            result.values[std::size_t(value.id)] = std::move(value);
    };
    set(c::lidAgreement(track, result.withdrawn));
    set(c::lipAgreement(track, result.withdrawn));
    set(c::fitQuality(track, result.withdrawn));
    CoherenceSignals &s = result.traces = c::signalsOf(track, result.withdrawn);
    const QString told = u"left out: the examiner names a condition that changes it"_s;
    if (options.eyesTold) {
        for (const CoherenceId id : {CoherenceId::E1, CoherenceId::E1r, CoherenceId::E2, CoherenceId::E3})
            set(leftOut(id, told));
    } else {
        set(c::lidLag(track, s, options.seed));
        set(c::lidCorrelation(track, s));
        set(c::verticalGaze(track, s));
        set(c::vergence(track, s));
    }
    set(c::compensation(track, s));
    set(c::shapeDrift(track, options.seed));
    set(c::seamOfFace(track));
    set(c::identityDrift(track, options.seed));
    if (options.exploratory) {
        set(c::gazeLead(track, s, options.seed));
        set(options.eyesTold ? leftOut(CoherenceId::E6, told) : c::highlightsOfEyes(track, s, options.seed));
        set(options.mouthTold ? leftOut(CoherenceId::M2, told) : c::lipClosures(track, s, options.seed));
        set(options.mouthTold ? leftOut(CoherenceId::M4, told) : c::insideOfMouth(track, s, options.seed));
        set(c::shapeAndExpression(track, options.seed));
    } else {
        for (const CoherenceId id : {CoherenceId::E5, CoherenceId::E6, CoherenceId::M2, CoherenceId::M4, CoherenceId::I2})
            set(leftOut(id, u"exploratory: tick the option to see it"_s));
    }
    set(options.mouthTold ? leftOut(CoherenceId::M1, told) : c::lipsAndJaw(track, s));
    set(c::lipJitter(track, s));
    set(c::innerJitter(track, s));
    return result;
}

namespace coherence {

std::size_t wholeSeconds(const CoherenceTrack &track)
{
    return std::size_t(std::floor(track.seconds() + 1e-9));
}

std::pair<std::size_t, std::size_t> rowsOfSecond(const CoherenceTrack &track, std::size_t second)
{
    const auto at = [&](std::size_t s) { return std::min(track.rows.size(), std::size_t(std::lround(double(s) * track.rate))); };
    return {at(second), at(second + 1)};
}

std::size_t measuredCount(const std::vector<double> &values)
{
    return std::size_t(std::count_if(values.begin(), values.end(), [](double v) { return !std::isnan(v); }));
}

double excessChance(double sd, double allowed, double effective)
{
    if (effective < 3.0)
        return 1.0;
    const double t = 2.0 * std::log(sd / allowed) / std::sqrt(2.0 / effective);
    return studentTail(t, effective - 1.0);
}

std::pair<double, double> correlationInterval(double r, double effective)
{
    const double z = std::atanh(std::clamp(r, -0.9999, 0.9999));
    const double half = 1.96 / std::sqrt(std::max(1.0, effective - 3.0));
    return {std::tanh(z - half), std::tanh(z + half)};
}

} // namespace coherence

} // namespace fw
