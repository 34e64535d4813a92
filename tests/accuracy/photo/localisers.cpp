// SPDX-License-Identifier: GPL-3.0-or-later
// Every method that shows where, on the same forged pictures. FW_LOCALISERS names those to measure, between commas, where not
// all are wanted.
#include "cfa_detector.h"
#include "copy_move_detector.h"
#include "dimple_detector.h"
#include "double_jpeg_detector.h"
#include "ela_detector.h"
#include "forge/forgery.h"
#include "ghost_detector.h"
#include "grid_detector.h"
#include "methods.h"
#include "noise_detector.h"
#include "photo/regions.h"
#include "resampling_detector.h"
#include "residual_detector.h"
#include "sets.h"
#include "splices.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

struct Localiser
{
    QString name, folder;
    QStringList maps;     ///< beginnings of the ids of its maps, the first that is there counts
    double threshold;     ///< from which a cell is marked; NaN: a viewer, which marks nothing
    MakeDetector make;
};

template <class D> MakeDetector maker()
{
    return [] { return std::make_unique<D>(); };
}

std::vector<Localiser> localisers()
{
    const double viewer = std::numeric_limits<double>::quiet_NaN();
    return {{u"double JPEG"_s, u"detect/double_jpeg"_s, {u"same-grid"_s, u"other-grid"_s}, 0.88, maker<DoubleJpegDetector>()},
            {u"colour filter pattern"_s, u"detect/cfa"_s, {u"missing"_s}, 0.95, maker<CfaDetector>()},
            {u"JPEG dimples"_s, u"detect/jpeg_dimples"_s, {u"missing"_s}, 0.5, maker<DimpleDetector>()},
            {u"JPEG block grid"_s, u"detect/jpeg_grid"_s, {u"grids"_s}, 0.5, maker<GridDetector>()},
            {u"error level (viewer)"_s, u"detect/ela"_s, {u"ela"_s}, viewer, maker<ElaDetector>()},
            {u"noise level (viewer)"_s, u"detect/noise_level"_s, {u"noise.relative"_s}, viewer, maker<NoiseDetector>()},
            {u"JPEG ghosts"_s, u"detect/jpeg_ghost"_s, {u"depth"_s}, 0.5, maker<GhostDetector>()},
            {u"resampling"_s, u"detect/resampling"_s, {u"resampled"_s}, 0.5, maker<ResamplingDetector>()},
            {u"resampling (neighbourhood)"_s, u"detect/resampling"_s, {u"neighbourhood"_s}, 0.5, maker<ResamplingDetector>()},
            {u"statistics of residuals"_s, u"detect/residual_statistics"_s, {u"distance"_s}, 1.4, maker<ResidualDetector>()},
            {u"copied regions"_s, u"detect/copy_move"_s, {u"copy_move"_s}, 0.5, maker<CopyMoveDetector>()}};
}

struct Sample
{
    QByteArray file;
    QString suffix;
    cv::Mat truth; ///< empty: untouched
};

/// The map stretched over the picture, NaN outside and where it says nothing; empty when there is no map.
cv::Mat mapOf(const AnalysisResult &result, const Localiser &localiser, cv::Size size)
{
    for (const QString &start : localiser.maps) {
        for (const HeatMap &map : result.measured.heatMaps) {
            if (!map.id.startsWith(start))
                continue;
            cv::Mat whole(size, CV_32FC1, cv::Scalar(std::numeric_limits<float>::quiet_NaN()));
            for (int y = 0; y < size.height; ++y) {
                const int cy = int(std::floor((float(y) - map.region.y) / map.region.height * float(map.values.rows)));
                if (cy < 0 || cy >= map.values.rows)
                    continue;
                for (int x = 0; x < size.width; ++x) {
                    const int cx = int(std::floor((float(x) - map.region.x) / map.region.width * float(map.values.cols)));
                    if (cx >= 0 && cx < map.values.cols)
                        whole.at<float>(y, x) = map.values.at<float>(cy, cx);
                }
            }
            return whole;
        }
    }
    return {};
}

/// How far the brightest hundredth of a map lies above its middle: one score of a picture, made alike for all methods.
double pictureScore(const AnalysisResult &result, const Localiser &localiser)
{
    for (const QString &start : localiser.maps) {
        for (const HeatMap &map : result.measured.heatMaps) {
            if (!map.id.startsWith(start))
                continue;
            std::vector<double> values;
            for (int y = 0; y < map.values.rows; ++y) {
                for (int x = 0; x < map.values.cols; ++x) {
                    if (const float value = map.values.at<float>(y, x); value == value)
                        values.push_back(double(value));
                }
            }
            if (!values.empty())
                return *quantile(values, 0.99) - *quantile(values, 0.5);
        }
    }
    return 0.0;
}

/// What one method does on one set.
struct Tally
{
    double area = 0.0, shownArea = 0.0, f1 = 0.0, overlap = 0.0;
    int forged = 0, shown = 0, named = 0, untouched = 0, alarms = 0, suspicious = 0;
    std::vector<double> forgedScores, untouchedScores;
};

void addForged(const AnalysisResult *result, const Localiser &localiser, const cv::Mat &truth, Tally *tally)
{
    ++tally->forged;
    tally->forgedScores.push_back(result ? pictureScore(*result, localiser) : 0.0);
    const cv::Mat map = result ? mapOf(*result, localiser, truth.size()) : cv::Mat();
    const double value = map.empty() ? 0.5 : pixelArea(map, truth);
    tally->area += value;
    if (map.empty())
        return;
    ++tally->shown;
    tally->shownArea += value;
    if (localiser.threshold == localiser.threshold) {
        const double f1 = maskAgreement(map > localiser.threshold, truth).f1();
        tally->f1 += f1;
        tally->overlap += f1 / (2.0 - f1); // intersection over union of the same two masks
    }
}

void measure(const Localiser &localiser, const std::vector<Sample> &samples)
{
    Tally tally;
    for (const Sample &sample : samples) {
        const auto result = examine(localiser.make, asFile(sample.file, sample.suffix), localiser.folder);
        if (!result && result.error().code != Errc::NotApplicable)
            line(u"  %1: %2"_s.arg(localiser.name, result.error().text()));
        const std::vector<Finding> findings = result ? result->findings : std::vector<Finding>();
        const bool place = std::any_of(findings.begin(), findings.end(), [](const Finding &f) { return f.region.has_value(); });
        if (!sample.truth.empty()) {
            tally.named += place;
            addForged(result ? &*result : nullptr, localiser, sample.truth, &tally);
            continue;
        }
        ++tally.untouched;
        tally.alarms += place;
        tally.suspicious += std::any_of(findings.begin(), findings.end(), [](const Finding &f) { return f.verdict == Verdict::Suspicious; });
        tally.untouchedScores.push_back(result ? pictureScore(*result, localiser) : 0.0);
    }
    const bool marks = localiser.threshold == localiser.threshold;
    const auto number = [](double value) { return QString::number(value, 'f', 3).rightJustified(7); };
    const auto share = [&](double sum, int of) { return of > 0 ? number(sum / of) : u"-"_s.rightJustified(7); };
    const auto pictures = rocArea(tally.untouchedScores, tally.forgedScores);
    line(u"  %1 %2 %3 "_s.arg(localiser.name, -24).arg(tally.forged, 4).arg(tally.shown, 4) + share(tally.area, tally.forged) + u' '
         + share(tally.shownArea, tally.shown) + u' ' + share(tally.f1, marks ? tally.forged : 0) + u' ' + share(tally.overlap, marks ? tally.forged : 0)
         + u' ' + (pictures ? number(pictures->area) + u" (%1-%2)"_s.arg(pictures->low, 0, 'f', 2).arg(pictures->high, 0, 'f', 2) : u"-"_s)
         + u" %1 %2 %3 (%4)"_s.arg(tally.named, 4).arg(tally.untouched, 4).arg(tally.alarms, 3).arg(tally.suspicious));
}

/// Pastes from other pictures of cameras that set no limit and trained nothing, with the generator's
/// geometry, tone and edges, and their untouched twins.
std::vector<Sample> splices(int quality, std::size_t count)
{
    const std::vector<Photo> unseen = photosBy(u"camera-natural"_s, false);
    ForgeryRange range;
    range.sources = {Source::OtherPicture};
    range.leastArea = 0.05;
    range.untouched = 1.0;
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < count && !unseen.empty(); ++i) {
        const cv::Mat host = unseen[i * unseen.size() / count].bgr();
        const cv::Mat donor = unseen[(i * unseen.size() / count + unseen.size() / 2) % unseen.size()].bgr();
        ForgeryPlan plan = drawPlan(7000 + i, range, host.size(), donor.size());
        plan.save = {quality > 0, quality > 0 ? quality : 90, 1.0};
        const Forgery forgery = forge(host, donor, plan);
        const QString suffix = quality > 0 ? u"jpg"_s : u"png"_s;
        samples.push_back({forgery.file, suffix, forgery.mask});
        samples.push_back({forgery.twinFile, suffix, {}});
    }
    return samples;
}

std::vector<Sample> fromDisk(const SpliceSet &set)
{
    const auto bytesOf = [](const QString &path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    std::vector<Sample> samples;
    for (const SpliceSet::Forged &one : set.forged) {
        const cv::Mat truth = cv::imread(one.mask.toStdString(), cv::IMREAD_GRAYSCALE);
        if (!truth.empty())
            samples.push_back({bytesOf(one.path), QFileInfo(one.path).suffix(), truth > 127});
    }
    for (const QString &path : set.authentic)
        samples.push_back({bytesOf(path), QFileInfo(path).suffix(), {}});
    return samples;
}

} // namespace

void measureLocalisers()
{
    const QStringList only = qEnvironmentVariable("FW_LOCALISERS").split(u',', Qt::SkipEmptyParts);
    const QString columns = u": method, forged, with a map, mean pixel AUC (no map: 0.5), of those with a map, mean F1, mean IoU (no map: 0), "
                            "AUC of pictures (95 %), place named, untouched, with a place named (suspicious)"_s;
    const std::vector<std::pair<QString, std::function<std::vector<Sample>()>>> sets{
        {u"splice-imd"_s, [] { return fromDisk(imdSplices()); }},
        {u"copymove-comofod"_s, [] { return fromDisk(comofod()); }},
        {u"splices from unseen cameras, PNG"_s, [] { return splices(0, 12); }},
        {u"splices from unseen cameras, JPEG 90"_s, [] { return splices(90, 12); }}};
    for (const auto &[name, samplesOf] : sets) {
        const std::vector<Sample> samples = samplesOf();
        line(name + columns);
        double f1 = 0.0, overlap = 0.0;
        int forged = 0;
        for (const Sample &sample : samples) {
            if (sample.truth.empty())
                continue;
            ++forged;
            const double share = double(cv::countNonZero(sample.truth)) / double(sample.truth.total());
            f1 += 2.0 * share / (1.0 + share);
            overlap += share;
        }
        line(u"  chance, and marking everything: AUC 0.5, F1 %1, IoU %2"_s.arg(f1 / std::max(forged, 1), 0, 'f', 3).arg(overlap / std::max(forged, 1), 0, 'f', 3));
        for (const Localiser &localiser : localisers()) {
            if (only.isEmpty() || only.contains(localiser.name))
                measure(localiser, samples);
        }
    }
}

} // namespace fw::accuracy
