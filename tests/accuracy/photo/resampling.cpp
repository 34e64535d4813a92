// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paths.h"
#include "forge/blend.h"
#include "methods.h"
#include "photo/interpolation.h"
#include "photo/regions.h"
#include "photo/residual.h"
#include "resampling_detector.h"
#include "sets.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <numeric>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

const QString kFolder = u"detect/resampling"_s;

std::unique_ptr<Detector> make()
{
    return std::make_unique<ResamplingDetector>();
}

const HeatMap *mapOf(const AnalysisResult &result, const QString &start)
{
    for (const HeatMap &map : result.measured.heatMaps) {
        if (map.id.startsWith(start))
            return &map;
    }
    return nullptr;
}

/// Whether the middle of each cell lies in the truth.
cv::Mat truthOf(const cv::Mat &mask, const HeatMap &map)
{
    cv::Mat truth(map.values.size(), CV_8UC1, cv::Scalar(0));
    for (int y = 0; y < truth.rows; ++y) {
        for (int x = 0; x < truth.cols; ++x) {
            const int px = std::clamp(int(map.region.x + (float(x) + 0.5f) * map.region.width / float(truth.cols)), 0, mask.cols - 1);
            const int py = std::clamp(int(map.region.y + (float(y) + 0.5f) * map.region.height / float(truth.rows)), 0, mask.rows - 1);
            truth.at<uchar>(y, x) = mask.at<uchar>(py, px) > 127 ? 255 : 0;
        }
    }
    return truth;
}

double areaOf(const HeatMap &map, const cv::Mat &truth)
{
    std::vector<double> inside, outside;
    for (int y = 0; y < truth.rows; ++y) {
        for (int x = 0; x < truth.cols; ++x)
            (truth.at<uchar>(y, x) ? inside : outside).push_back(double(map.values.at<float>(y, x)));
    }
    const auto area = rocArea(outside, inside);
    return area ? area->area : 0.5;
}

void kirchner()
{
    // Cleaned of the camera's own interpolation by half size, then enlarged to at least 512 px where needed.
    std::vector<double> untouched;
    const std::vector<Photo> photos = photosBy(u"camera-natural"_s, false, 2);
    const auto heightOf = [](const cv::Mat &bgr, int side) {
        const auto spectrum = periodSpectrum(interpolationMap(lumaOf(bgr)), cv::Rect((bgr.cols - side) / 2, (bgr.rows - side) / 2, side, side));
        return spectrum && !spectrum->peaks.empty() ? spectrum->peaks.front().height : 0.0;
    };
    for (const Photo &photo : photos) {
        const cv::Mat bgr = photo.bgr();
        if (std::min(bgr.cols, bgr.rows) >= 320)
            untouched.push_back(heightOf(bgr, std::min({512, bgr.cols, bgr.rows}) / 2 * 2));
    }
    const double limit = *quantile(untouched, 0.99);
    line(u"highest period peak, untouched: median %1, 99 % %2 (%3 pictures); enlarged, bilinear: scale, median, above 4.5, above the 99 %% point"_s
             .arg(*quantile(untouched, 0.5), 0, 'f', 2).arg(limit, 0, 'f', 2).arg(untouched.size()));
    for (const double scale : {1.05, 1.1, 1.25, 1.5, 1.7, 1.9}) {
        std::vector<double> heights;
        int rule = 0, strict = 0;
        for (const Photo &photo : photos) {
            cv::Mat large;
            cv::resize(photo.bgr(), large, {}, scale, scale, cv::INTER_LINEAR);
            const int side = std::min({512, large.cols, large.rows}) / 2 * 2;
            heights.push_back(heightOf(large, side));
            rule += heights.back() > 4.5;
            strict += heights.back() > limit;
        }
        line(u"  %1 %2 %3 %4 of %5"_s.arg(scale, 5, 'f', 2).arg(*quantile(heights, 0.5), 6, 'f', 2).arg(rule, 5).arg(strict, 5).arg(heights.size()));
    }
}

void splices(const std::vector<Photo> &photos, bool anyGeometry)
{
    line(anyGeometry ? u"pastes with the forger's scales and turns: last save, made, mean and median pixel AUC, place named, mean F1, twins with a place named, contrast of pastes: 25 % and median"_s
                     : u"pastes enlarged 1.2 times, bilinear: last save, made, mean and median pixel AUC, place named, mean F1, twins with a place named, contrast of pastes: 25 % and median"_s);
    ForgeryRange range;
    range.sources = {Source::OtherPicture};
    range.leastArea = 0.08;
    range.identity = 0.0;
    range.untouched = 1.0;
    for (const int quality : {0, 90, 75}) {
        std::vector<double> areas, contrasts, near;
        double f1 = 0.0, nearF1 = 0.0;
        int suspicious = 0, twins = 0;
        for (std::size_t i = 0; i < photos.size(); ++i) {
            const cv::Mat host = photos[i].bgr(), donor = photos[(i + photos.size() / 2) % photos.size()].bgr();
            ForgeryPlan plan = drawPlan(500 + i, range, host.size(), donor.size());
            plan.edge = Edge::Hard;
            plan.donorQuality.reset();
            if (!anyGeometry) {
                plan.scale = 1.2;
                plan.rotation = plan.shear = 0.0;
                plan.interpolation = Interpolation::Linear;
            }
            const cv::Mat mask = outlineMask(plan, host.size());
            if (const auto result = examineSaved(make, pasted(host, donor, plan, mask), quality, kFolder)) {
                const HeatMap *map = mapOf(*result, u"resampled"_s), *places = mapOf(*result, u"places"_s);
                const cv::Mat truth = truthOf(mask, *map);
                areas.push_back(areaOf(*map, truth));
                if (const HeatMap *fine = mapOf(*result, u"neighbourhood"_s)) {
                    const cv::Mat fineTruth = truthOf(mask, *fine);
                    near.push_back(areaOf(*fine, fineTruth));
                    nearF1 += maskAgreement(fine->values > 0.5, fineTruth).f1();
                }
                f1 += maskAgreement(places->values > 0.5, truth).f1();
                suspicious += result->findings.front().region.has_value();
                contrasts.push_back(result->findings.front().score->value);
            }
            if (const auto twin = examineSaved(make, host, quality, kFolder))
                twins += twin->findings.front().region.has_value();
        }
        double mean = 0.0;
        for (const double area : areas)
            mean += area / double(areas.size());
        line(u"  %1 %2 %3 %4 %5 %6 %7"_s.arg(quality == 0 ? u"PNG"_s : u"JPEG %1"_s.arg(quality), -8).arg(areas.size(), 4)
                 .arg(mean, 7, 'f', 3).arg(*quantile(areas, 0.5), 7, 'f', 3).arg(suspicious, 4)
                 .arg(f1 / double(areas.size()), 7, 'f', 3).arg(twins, 4)
             + u" %1 %2"_s.arg(*quantile(contrasts, 0.25), 6, 'f', 2).arg(*quantile(contrasts, 0.5), 6, 'f', 2)
             + u"; neighbourhood map: mean %1, median %2, F1 %3"_s.arg(std::accumulate(near.begin(), near.end(), 0.0) / double(near.size()), 0, 'f', 3)
                   .arg(*quantile(near, 0.5), 0, 'f', 3).arg(nearF1 / double(near.size()), 0, 'f', 3));
    }
}

/// The highest peak that a whole picture shares, on fitting cameras, untouched and scaled: sets the limit.
void levels()
{
    line(u"highest common peak along an axis, fitting cameras: scale, last save, pictures, 5 %, 50 %, 95 %, 98 %"_s);
    for (const auto &[scale, quality] : {std::pair{1.0, -1}, {1.0, 90}, {0.8, 0}, {0.8, 90}, {1.4, 0}, {1.4, 90}}) {
        std::vector<double> heights;
        for (const Photo &photo : photosBy(u"camera-natural"_s, true, scale == 1.0 ? 2 : 8)) {
            cv::Mat picture = photo.bgr();
            if (scale != 1.0)
                cv::resize(picture, picture, {}, scale, scale, cv::INTER_CUBIC);
            if (quality > 0) {
                std::vector<uchar> bytes;
                cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
                picture = cv::imdecode(bytes, cv::IMREAD_COLOR);
            }
            const cv::Mat luma = lumaOf(picture);
            const PeriodSpectrum shared = sharedPeriods(luma, interpolationMap(luma), {}, {});
            heights.push_back(shared.axial.height);
        }
        line(u"  %1 %2 %3 %4 %5 %6 %7"_s.arg(scale, 4, 'f', 1).arg(quality < 0 ? u"camera"_s : quality == 0 ? u"none"_s : u"90"_s, -7)
                 .arg(heights.size(), 4).arg(*quantile(heights, 0.05), 6, 'f', 2).arg(*quantile(heights, 0.5), 6, 'f', 2)
                 .arg(*quantile(heights, 0.95), 6, 'f', 2).arg(*quantile(heights, 0.98), 6, 'f', 2));
    }
}

/// Pristine pictures: contrasts on the cameras that set the limit, verdicts on others and on sets that were never looked at.
void pristine()
{
    std::vector<double> fitting;
    std::map<QString, std::array<int, 4>> sources; // pictures, place named, suspicious, called scaled as a whole
    const auto look = [&](const Photo &photo, const QString &source, bool forFitting) {
        const auto result = examine(make, photo.path, kFolder);
        if (!result)
            return;
        const Finding &finding = result->findings.front();
        if (forFitting) {
            fitting.push_back(finding.score ? finding.score->value : 0.0);
            return;
        }
        auto &count = sources[source];
        ++count[0];
        count[1] += finding.region.has_value();
        count[2] += finding.verdict == Verdict::Suspicious;
        count[3] += finding.summary.contains(u"as a whole"_s);
        if (finding.region.has_value())
            line(u"  %1: contrast %2, %3"_s.arg(photo.name).arg(finding.score->value, 0, 'f', 2).arg(finding.summary.left(20)));
    };
    for (const Photo &photo : photosBy(u"camera-natural"_s, true, 2))
        look(photo, {}, true);
    for (const Photo &photo : photosBy(u"camera-natural"_s, false, 2))
        look(photo, photo.camera, false);
    for (const Photo &photo : photosBy(u"camera-photos"_s, false))
        look(photo, u"camera-photos, all cameras"_s, false);
    for (const QString &set : {u"faces-real"_s, u"natural-bsds"_s, u"splice-imd/authentic"_s}) {
        for (const Photo &photo : photosOf(set))
            look(photo, set, false);
    }
    line(u"contrast on pristine pictures of fitting cameras: %1 pictures, 90 % %2, 95 % %3, 98 % %4, highest %5"_s.arg(fitting.size())
             .arg(*quantile(fitting, 0.9), 0, 'f', 2).arg(*quantile(fitting, 0.95), 0, 'f', 2).arg(*quantile(fitting, 0.98), 0, 'f', 2)
             .arg(*quantile(fitting, 1.0), 0, 'f', 2));
    line(u"pristine pictures of unseen cameras and sources: pictures, place named, suspicious, called scaled as a whole"_s);
    for (const auto &[source, count] : sources)
        line(u"  %1 %2 %3 %4 %5"_s.arg(source, -40).arg(count[0], 4).arg(count[1], 4).arg(count[2], 4).arg(count[3], 4));
}

void resized(const std::vector<Photo> &photos)
{
    line(u"whole pictures scaled: factor, last save, pictures, said so, place named, neither"_s);
    for (const double scale : {0.8, 1.4}) {
        for (const int quality : {0, 90}) {
            int said = 0, suspicious = 0, consistent = 0;
            for (const Photo &photo : photos) {
                cv::Mat scaled;
                cv::resize(photo.bgr(), scaled, {}, scale, scale, cv::INTER_CUBIC);
                const auto result = examineSaved(make, scaled, quality, kFolder);
                if (!result)
                    continue;
                const Finding &finding = result->findings.front();
                said += finding.verdict == Verdict::Inconclusive && finding.summary.contains(u"as a whole"_s);
                suspicious += finding.region.has_value();
                consistent += !finding.region && !finding.summary.contains(u"as a whole"_s);
            }
            line(u"  %1 %2 %3 %4 %5 %6"_s.arg(scale, 5, 'f', 2).arg(quality, 4).arg(photos.size(), 4).arg(said, 4).arg(suspicious, 4).arg(consistent, 4));
        }
    }
}

void realSplices()
{
    line(u"splice-imd: picture, pixel AUC, F1, verdict"_s);
    std::vector<double> areas, fineAreas;
    int suspicious = 0, authentic = 0, authenticAlarms = 0;
    for (const Photo &photo : photosOf(u"splice-imd/tampered"_s)) {
        const cv::Mat mask = cv::imread(test::shared(u"splice-imd/mask/"_s + photo.name.section(u'.', 0, -2) + u"_mask.png"_s).toStdString(),
                                        cv::IMREAD_GRAYSCALE);
        const auto result = examine(make, photo.path, kFolder);
        if (!result || mask.empty())
            continue;
        const HeatMap *map = mapOf(*result, u"resampled"_s), *places = mapOf(*result, u"places"_s);
        const cv::Mat truth = truthOf(mask, *map);
        areas.push_back(areaOf(*map, truth));
        suspicious += result->findings.front().region.has_value();
        if (const HeatMap *fine = mapOf(*result, u"neighbourhood"_s))
            fineAreas.push_back(areaOf(*fine, truthOf(mask, *fine)));
        line(u"  %1 %2 %3 %4"_s.arg(photo.name, -24).arg(areas.back(), 6, 'f', 3).arg(maskAgreement(places->values > 0.5, truth).f1(), 6, 'f', 3)
                 .arg(verdictName(result->findings.front().verdict)));
    }
    for (const Photo &photo : photosOf(u"splice-imd/authentic"_s)) {
        if (const auto result = examine(make, photo.path, kFolder)) {
            ++authentic;
            authenticAlarms += result->findings.front().region.has_value();
        }
    }
    line(u"  median AUC %1, suspicious %2 of %3; authentic suspicious %4 of %5"_s.arg(areas.empty() ? 0.0 : *quantile(areas, 0.5), 0, 'f', 3)
             .arg(suspicious).arg(areas.size()).arg(authenticAlarms).arg(authentic)
         + u"; neighbourhood map: median AUC %1 (%2 pictures)"_s.arg(fineAreas.empty() ? 0.0 : *quantile(fineAreas, 0.5), 0, 'f', 3).arg(fineAreas.size()));
}

void cost()
{
    const std::vector<Photo> photos = photosBy(u"camera-natural"_s, false, 8);
    cv::Mat large;
    cv::resize(photos.front().bgr(), large, cv::Size(4000, 3000), 0, 0, cv::INTER_CUBIC);
    const double start = threadSeconds();
    const auto result = examine(make, large, kFolder);
    line(u"12 million px: %1 s of one processor%2"_s.arg(threadSeconds() - start, 0, 'f', 1).arg(result ? QString() : u", failed"_s));
}

} // namespace

void measureResampling()
{
    const std::vector<Photo> unseen = photosBy(u"camera-natural"_s, false, 7);
    levels();
    pristine();
    splices(unseen, false);
    splices(unseen, true);
    resized(photosBy(u"camera-natural"_s, false, 10));
    realSplices();
    kirchner();
    cost();
}

} // namespace fw::accuracy
