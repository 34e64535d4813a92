// SPDX-License-Identifier: GPL-3.0-or-later
#include "copy_move_detector.h"
#include "forge/forgery.h"
#include "methods.h"
#include "photo/regions.h"
#include "sets.h"
#include "splices.h"

#include <opencv2/imgproc.hpp>

#include <numbers>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

std::unique_ptr<Detector> make()
{
    return std::make_unique<CopyMoveDetector>();
}

/// Objects of about 100 px copied within natural pictures, turned by up to 30 degrees, scaled by up to 1.2.
void copies(const std::vector<Photo> &photos)
{
    line(u"copy-move made from camera-natural: last save, turn and scale, made, found, called the same, twins called, mean F1, worst camera found"_s);
    ForgeryRange range;
    range.sources = {Source::CopyMove};
    range.leastArea = 0.02; // of 640 x 480: about 80 to 110 px wide
    range.greatestArea = 0.04;
    range.untouched = 1.0;
    for (const bool turned : {false, true}) {
        range.identity = turned ? 0.0 : 1.0;
        range.leastScale = 1.0 / 1.2;
        range.greatestScale = 1.2;
        range.greatestRotation = 30.0 / 180.0 * std::numbers::pi;
        range.greatestShear = 0.0;
        for (const int quality : {0, 85}) {
            int made = 0, found = 0, same = 0, twins = 0;
            double sum = 0.0;
            std::map<QString, std::pair<int, int>> cameras;
            for (std::size_t i = 0; i < photos.size(); ++i) {
                ForgeryPlan plan = drawPlan(100 * i + std::size_t(quality), range, photos[i].bgr().size(), photos[i].bgr().size());
                plan.edge = Edge::Hard;
                plan.gain = 1.0;
                plan.bias = 0.0;
                plan.matchStatistics = false;
                plan.donorQuality.reset();
                plan.save = {quality > 0, quality > 0 ? quality : 90, 1.0};
                const Forgery forgery = forge(photos[i].bgr(), photos[i].bgr(), plan);
                const auto regions = copiedRegions(forgery.picture, 1, {});
                const auto twin = copiedRegions(forgery.twin, 1, {});
                if (!regions || !twin)
                    continue;
                ++made;
                cv::Mat marked = cv::Mat::zeros(forgery.mask.size(), CV_8UC1);
                for (const CopiedRegion &r : *regions) {
                    if (isSamePicture(r, {}))
                        marked |= r.mask | r.twinMask;
                }
                // The truth names the pasted place only; its origin is right as well.
                cv::Mat origin, back;
                cv::invertAffineTransform(forgery.map, back);
                cv::warpAffine(forgery.mask, origin, back, forgery.mask.size(), cv::INTER_NEAREST);
                const bool hit = cv::countNonZero(marked & forgery.mask) > cv::countNonZero(forgery.mask) / 4;
                found += hit;
                ++cameras[photos[i].camera].second;
                cameras[photos[i].camera].first += hit;
                same += cv::countNonZero(marked) > 0;
                twins += !twin->empty() && isSamePicture(twin->front(), {});
                sum += maskAgreement(marked, forgery.mask | origin).f1();
            }
            QString worst;
            double least = 2.0;
            for (const auto &[camera, count] : cameras) {
                if (double(count.first) / count.second < least) {
                    least = double(count.first) / count.second;
                    worst = camera;
                }
            }
            line(u"  %1 %2 %3 %4 %5 %6 %7  %8: %9"_s.arg(quality == 0 ? u"PNG"_s : u"JPEG %1"_s.arg(quality), -8)
                     .arg(turned ? u"turned, scaled"_s : u"moved"_s, -14).arg(made, 5).arg(found, 5).arg(same, 5).arg(twins, 5)
                     .arg(sum / std::max(made, 1), 7, 'f', 3).arg(worst).arg(least, 0, 'f', 2));
        }
    }
}

} // namespace

void measureCopyMove()
{
    const auto look = [](const cv::Mat &bgr, cv::Mat *map) {
        const auto regions = copiedRegions(bgr, 1, {});
        *map = cv::Mat::zeros(bgr.size(), CV_32FC1);
        double score = 0.0;
        if (regions) {
            for (const CopiedRegion &r : *regions) {
                const float value = isSamePicture(r, {}) ? 1.0F : 0.35F;
                map->setTo(value, (r.mask | r.twinMask) & (*map < value));
                score = std::max(score, double(value) * std::sqrt(double(r.area)));
            }
        }
        return score;
    };
    printSplices(u"copy-move"_s, comofod(), look, 0.5);
    printSplices(u"copy-move"_s, imdSplices(), look, 0.5);
    std::vector<Photo> some;
    const std::vector<Photo> photos = photosOf(u"camera-natural"_s);
    for (std::size_t i = 0; i < photos.size(); i += 18)
        some.push_back(photos[i]);
    copies(some);
    printFalseAlarms(u"copy-move"_s, make, u"detect/copy_move"_s);
}

} // namespace fw::accuracy
