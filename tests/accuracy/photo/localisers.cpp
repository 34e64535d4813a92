// SPDX-License-Identifier: GPL-3.0-or-later
// Every method that shows where, on the same forged pictures.
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
#include "sets.h"
#include "splices.h"
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

/// Area over every fourth pixel each way. What a map leaves open counts as its middle value, so that
/// silence is neither right nor wrong.
double pixelArea(const cv::Mat &map, const cv::Mat &truth)
{
    std::vector<float> known;
    for (int y = 0; y < map.rows; y += 4) {
        for (int x = 0; x < map.cols; x += 4) {
            if (const float value = map.at<float>(y, x); value == value)
                known.push_back(value);
        }
    }
    if (known.empty())
        return 0.5;
    std::nth_element(known.begin(), known.begin() + std::ptrdiff_t(known.size() / 2), known.end());
    const float middle = known[known.size() / 2];
    std::vector<double> inside, outside;
    for (int y = 0; y < map.rows; y += 4) {
        for (int x = 0; x < map.cols; x += 4) {
            const float value = map.at<float>(y, x);
            (truth.at<uchar>(y, x) ? inside : outside).push_back(double(value == value ? value : middle));
        }
    }
    const auto area = rocArea(outside, inside);
    return area ? area->area : 0.5;
}

void measure(const Localiser &localiser, const std::vector<Sample> &samples)
{
    double area = 0.0, shownArea = 0.0, f1 = 0.0;
    int forged = 0, shown = 0, named = 0, untouched = 0, alarms = 0, suspicious = 0;
    for (const Sample &sample : samples) {
        const auto result = examine(localiser.make, asFile(sample.file, sample.suffix), localiser.folder);
        const bool place = result && !result->findings.empty()
            && std::any_of(result->findings.begin(), result->findings.end(), [](const Finding &f) { return f.region.has_value(); });
        const bool accuses = result && std::any_of(result->findings.begin(), result->findings.end(), [](const Finding &f) { return f.verdict == Verdict::Suspicious; });
        if (sample.truth.empty()) {
            ++untouched;
            alarms += place;
            suspicious += accuses;
            continue;
        }
        ++forged;
        named += place;
        const cv::Mat map = result ? mapOf(*result, localiser, sample.truth.size()) : cv::Mat();
        const double value = map.empty() ? 0.5 : pixelArea(map, sample.truth);
        area += value;
        if (map.empty())
            continue;
        ++shown;
        shownArea += value;
        if (localiser.threshold == localiser.threshold)
            f1 += maskAgreement(map > localiser.threshold, sample.truth).f1();
    }
    const QString text = localiser.threshold == localiser.threshold ? QString::number(f1 / std::max(forged, 1), 'f', 3) : u"-"_s;
    line(u"  %1 %2 %3 %4 %5 %6 %7 %8 %9"_s.arg(localiser.name, -24).arg(forged, 4).arg(shown, 4).arg(area / std::max(forged, 1), 7, 'f', 3)
             .arg(shown > 0 ? QString::number(shownArea / shown, 'f', 3) : u"-"_s, 7).arg(text, 7).arg(named, 4).arg(untouched, 4)
             .arg(u"%1 (%2)"_s.arg(alarms).arg(suspicious), 8));
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

/// Every so many of a set, so that the whole table takes minutes. @param most  forged ones, and untouched ones.
std::vector<Sample> fromDisk(const SpliceSet &set, std::size_t most)
{
    const auto bytesOf = [](const QString &path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    std::vector<Sample> samples;
    const auto chosen = [most](std::size_t i, std::size_t of) { return of <= most || i * most / of != (i + 1) * most / of; };
    for (std::size_t i = 0; i < set.forged.size(); ++i) {
        if (!chosen(i, set.forged.size()))
            continue;
        const SpliceSet::Forged &one = set.forged[i];
        cv::Mat truth = cv::imread(one.mask.toStdString(), cv::IMREAD_GRAYSCALE);
        if (!truth.empty())
            samples.push_back({bytesOf(one.path), QFileInfo(one.path).suffix(), truth > 127});
    }
    for (std::size_t i = 0; i < set.authentic.size(); ++i) {
        if (chosen(i, set.authentic.size()))
            samples.push_back({bytesOf(set.authentic[i]), QFileInfo(set.authentic[i]).suffix(), {}});
    }
    return samples;
}

} // namespace

void measureLocalisers()
{
    const QString columns = u": method, forged, with a map, mean pixel AUC (no map: 0.5), of those with a map, mean F1, place named, untouched, with a place named (suspicious)"_s;
    const std::vector<std::pair<QString, std::vector<Sample>>> sets{{u"splices from unseen cameras, PNG"_s, splices(0, 12)},
                                                                   {u"splices from unseen cameras, JPEG 90"_s, splices(90, 12)},
                                                                   {u"splice-imd"_s, fromDisk(imdSplices(), 12)}};
    for (const auto &[name, samples] : sets) {
        line(name + columns);
        double share = 0.0, everything = 0.0;
        int forged = 0;
        for (const Sample &sample : samples) {
            if (sample.truth.empty())
                continue;
            ++forged;
            share = double(cv::countNonZero(sample.truth)) / double(sample.truth.total());
            everything += 2.0 * share / (1.0 + share);
        }
        line(u"  marking everything: F1 %1"_s.arg(everything / std::max(forged, 1), 0, 'f', 3));
        for (const Localiser &localiser : localisers())
            measure(localiser, samples);
    }
}

} // namespace fw::accuracy
