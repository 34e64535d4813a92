// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectrum_detector.h"

#include "detect/reference_scores.h"
#include "photo/residual.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLeastSide = 256;

/// Shown in a corner of the picture; the spectrum panel shows it at full size.
HeatMap tileOf(FrameIndex index, const QString &id, const QString &title, const QString &about, const cv::Mat &values,
               cv::Size picture, int place)
{
    HeatMap map;
    map.id = u"%1.frame-%2"_s.arg(id).arg(index);
    map.title = title;
    map.unit = u"ln power"_s;
    map.about = about;
    map.frame = index;
    map.values = values;
    const float side = float(std::min(picture.width, picture.height)) / 3.0f;
    map.region = cv::Rect2f(side * 1.05f * float(place), 0, side, side);
    cv::Scalar mean, deviation;
    cv::meanStdDev(values, mean, deviation);
    map.low = mean[0] - 2.5 * deviation[0];
    map.high = mean[0] + 3.5 * deviation[0];
    map.colorMap = u"magma"_s;
    return map;
}

/// Logarithm of the size of the picture's cosine transform in its middle, 256 x 256.
cv::Mat cosineView(const cv::Mat &luma)
{
    const cv::Rect middle((luma.cols - kSpectrumSide) / 2, (luma.rows - kSpectrumSide) / 2, kSpectrumSide, kSpectrumSide);
    cv::Mat part = luma(middle) - 128.0, transform;
    cv::dct(part, transform);
    transform = cv::abs(transform) + 1e-3;
    cv::log(transform, transform);
    return transform;
}

QString kindText(LatticeKind kind)
{
    switch (kind) {
    case LatticeKind::Learned: return u"peaks off the axes, as learned enlarging leaves them"_s;
    case LatticeKind::Repeated: return u"holes off the axes, as repeated samples leave them"_s;
    case LatticeKind::Ordinary: return u"weak peaks, as enlarging with a fixed kernel leaves them"_s;
    case LatticeKind::None: break;
    }
    return u"nothing that stands out"_s;
}

} // namespace

Result<void> SpectrumDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_stop = job.stop;
    m_seed = job.seed;
    if (!clip.media.still)
        return fail(Errc::NotApplicable, u"the spectra of coded video frames were not measured"_s);
    if (clip.jpeg) {
        if (const auto quality = clip.jpeg->lumaQuality())
            m_quality = quality->quality;
    }
    const auto path = job.modelPaths.find(u"lattice"_s);
    const auto hash = job.modelHashes.find(u"lattice"_s);
    if (path == job.modelPaths.end() || hash == job.modelHashes.end())
        return fail(Errc::NotFound, u"the model file was not handed over"_s, u"lattice"_s);
    auto scale = SpectrumScale::load(path->second, hash->second);
    if (!scale)
        return Failure{scale.error()};
    m_scale = std::move(scale).value();
    return {};
}

void SpectrumDetector::addSpectra(FrameIndex index, const SpectrumReading &reading, const cv::Mat &bgr)
{
    const QString where = u"Mean over %1 tiles of 256 x 256 px of the logarithm of the power; frequency 0 lies in the middle, 0.5 "
                          "cycles per pixel at the edges. "_s;
    m_result.measured.heatMaps.push_back(
        tileOf(index, u"spectrum.median"_s, u"Spectrum (median residual)"_s,
               where.arg(reading.median.tiles) + u"A lattice of points at halves and quarters off the axes is what learned doubling leaves."_s,
               centred(reading.median.logPower), bgr.size(), 0));
    m_result.measured.heatMaps.push_back(
        tileOf(index, u"spectrum.laplacian"_s, u"Spectrum (Laplacian)"_s,
               where.arg(reading.laplacian.tiles) + u"Keeps the holes that repeated samples leave."_s,
               centred(reading.laplacian.logPower), bgr.size(), 1));
    m_result.measured.heatMaps.push_back(
        tileOf(index, u"cosine"_s, u"Cosine transform"_s,
               u"Logarithm of the size of the cosine transform of the 256 x 256 px in the middle; frequency 0 lies at the upper left."_s,
               cosineView(lumaOf(bgr)), bgr.size(), 2));
}

void SpectrumDetector::addTables(const SpectrumReading &reading)
{
    Table table;
    table.id = u"lattice"_s;
    table.title = u"Places that doubled samples leave"_s;
    table.about = u"Excess over the surroundings, in deviations of 1,500 other places of this spectrum. Real pictures stay below 8 off "
                  "the axes at periods of 2 and 4 px; on the axes, and at longer periods, edges and patterns of the scene reach "
                  "higher."_s;
    table.columns = {{u"Period"_s, u"px"_s}, {u"Off the axes, median"_s, {}}, {u"Off the axes, Laplacian"_s, {}},
                     {u"On the axes, median"_s, {}}, {u"On the axes, Laplacian"_s, {}}};
    for (std::size_t i = 0; i < 4; ++i) {
        table.rows.push_back(QJsonArray{2 << i, reading.medianLattice[i].offAxisZ, reading.laplacianLattice[i].offAxisZ,
                                        reading.medianLattice[i].onAxisZ, reading.laplacianLattice[i].onAxisZ});
    }
    m_result.measured.tables.push_back(std::move(table));

    Table radial;
    radial.id = u"spectrum.radial"_s;
    radial.title = u"Power by frequency"_s;
    radial.about = u"Mean over all directions of the Laplacian's logarithm of power, and the straight line through 0.1 to 0.4 cycles per "
                   "px on logarithmic axes. Networks often leave the line at high frequencies; so do sharpening, JPEG and scaling."_s;
    radial.columns = {{u"Frequency"_s, u"cycles/px"_s}, {u"Power"_s, u"ln"_s}, {u"Line"_s, u"ln"_s}};
    for (std::size_t i = 1; i < reading.profile.size(); ++i) {
        const double f = double(i) / kSpectrumSide;
        radial.rows.push_back(QJsonArray{f, reading.profile[i], reading.law.at(f)});
    }
    m_result.measured.tables.push_back(std::move(radial));
}

Result<void> SpectrumDetector::addTileMap(FrameIndex index, const cv::Mat &bgr)
{
    const cv::Mat luma = lumaOf(bgr);
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    const cv::Mat median = medianResidual(luma);
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    const cv::Mat laplacian = laplacianResidual(luma);
    int step = kSpectrumSide / 2;
    const auto along = [&](int length) { return (length - kSpectrumSide) / step + 1; };
    while (along(luma.cols) * along(luma.rows) > 200)
        step += kSpectrumSide / 4;
    cv::Mat values(along(luma.rows), along(luma.cols), CV_32FC1, cv::Scalar(std::numeric_limits<float>::quiet_NaN()));
    for (int y = 0; y < values.rows; ++y) {
        for (int x = 0; x < values.cols; ++x) {
            if (m_stop.stop_requested())
                return fail(Errc::Cancelled, u"stopped"_s);
            if (const auto tile = readTile(luma, median, laplacian, {x * step, y * step}, m_seed))
                values.at<float>(y, x) = float(m_scale.classifier.logOdds(latticeFeatures(*tile)));
        }
    }
    HeatMap map;
    map.id = u"tiles.frame-%1"_s.arg(index);
    map.title = u"Traces of doubled samples by place"_s;
    map.unit = u"log-odds"_s;
    map.about = u"The classifier on single tiles of 256 x 256 px, every %1 px. One tile is far less certain than the whole picture. Empty "
                "where the picture is flat or clipped."_s.arg(step);
    map.frame = index;
    map.values = values;
    // A value stands for the middle of its tile.
    const float margin = 0.5f * float(kSpectrumSide - step);
    map.region = cv::Rect2f(margin, margin, float(values.cols * step), float(values.rows * step));
    map.low = -6.0;
    map.high = 6.0;
    m_result.measured.heatMaps.insert(m_result.measured.heatMaps.begin(), std::move(map));
    return {};
}

Finding SpectrumDetector::claim(const SpectrumReading &reading) const
{
    Finding finding;
    finding.id = u"upsampling_spectrum.picture"_s;
    finding.title = u"Traces of doubled samples"_s;
    finding.limits = {u"A picture that was scaled after it was generated moves these traces away; they are then not found."_s,
                      u"Super-resolution, digital zoom and \"enhance\" filters enlarge in the same ways: this is no sign of intent."_s,
                      u"That nothing is found says little: of pictures by real generators many showed no trace (see the method)."_s};
    const LatticeKind kind = latticeKind(reading);
    const SpectrumJudgement judgement = judge(reading, m_scale, m_quality);
    const CalibratedBand *band = bandOf(m_scale.bands, m_quality);
    const QString measured = u"Off the axes, in deviations: %1 at a period of 2 px, %2 at 4 px (median residual): %3."_s
                                 .arg(reading.medianLattice[0].offAxisZ, 0, 'f', 1)
                                 .arg(reading.medianLattice[1].offAxisZ, 0, 'f', 1).arg(kindText(kind));
    finding.verdict = Verdict::Inconclusive;
    if (!band) {
        finding.summary = measured + u" The file was saved at quality %1; below %2 the classifier was not measured."_s
                                         .arg(m_quality).arg(m_scale.bands.front().leastQuality);
        return finding;
    }
    finding.score = Score{judgement.llr / std::log(10.0), ScoreScale::Log10LikelihoodRatio, u"learned doubling against photographs"_s, {},
                          u"%1 % of %2 photographs by cameras that were not trained on score as high"_s
                              .arg(100.0 * judgement.alike, 0, 'f', 1).arg(band->real.size()),
                          std::nullopt, std::nullopt};
    finding.summary = measured;
    switch (judgement.answer) {
    case SpectrumAnswer::Doubled:
        finding.verdict = Verdict::Suspicious;
        finding.strength = std::clamp(judgement.llr / 8.0, 0.0, 1.0);
        finding.supports = {u"Peaks or holes at halves and quarters of the sampling rate are typical of learned doubling of samples."_s};
        finding.against = {u"Digital zoom, super-resolution, enlarging in steps of two and some demosaicing leave the same places. Compare "
                           "with what the method for resampling says."_s};
        break;
    case SpectrumAnswer::Enlarged:
        finding.summary += u" Ordinary enlarging is the likelier cause."_s;
        finding.against = {u"Enlarging with a fixed kernel leaves such peaks in photographs."_s};
        break;
    case SpectrumAnswer::Photograph:
        finding.summary += u" The spectrum is like that of photographs. That speaks for nothing: the generators that were measured often leave "
                           "none of these traces."_s;
        break;
    default: finding.summary += u" The classifier cannot tell this spectrum from that of photographs."_s;
    }
    return finding;
}

Result<void> SpectrumDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const cv::Mat &bgr = bundle.frame->bgr; // the lattice is the same however the picture is turned
    if (std::min(bgr.cols, bgr.rows) < kLeastSide)
        return fail(Errc::NotApplicable, u"the picture is smaller than 256 x 256 px"_s);
    const auto reading = readSpectrum(bgr, m_seed, m_stop);
    if (!reading) {
        if (reading.error().code != Errc::NotApplicable)
            return Failure{reading.error()};
        Finding finding;
        finding.id = u"upsampling_spectrum.picture"_s;
        finding.title = u"Traces of doubled samples"_s;
        finding.summary = u"Flat or clipped everywhere: there is no texture whose spectrum could be read."_s;
        m_result.findings.push_back(std::move(finding));
        return {};
    }
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    addSpectra(bundle.index, *reading, bgr);
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    addTables(*reading);
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (auto mapped = addTileMap(bundle.index, bgr); !mapped)
        return mapped;
    Finding finding = claim(*reading);
    finding.keyFrame = bundle.index;
    finding.range = FrameRange{bundle.index, bundle.index + 1};
    m_result.findings.push_back(std::move(finding));
    return {};
}

Result<AnalysisResult> SpectrumDetector::finish(const Ledger &)
{
    return stillResult(std::move(m_result));
}

} // namespace fw
