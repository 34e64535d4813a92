// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid_detector.h"
#include "forge/blend.h"
#include "forge/jpeg_coder.h"
#include "methods.h"
#include "photo/regions.h"
#include "sets.h"

#include <opencv2/imgproc.hpp>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

std::unique_ptr<Detector> make()
{
    return std::make_unique<GridDetector>();
}

cv::Mat clean(const Photo &photo)
{
    cv::Mat half;
    cv::resize(photo.bgr(), half, {}, 0.5, 0.5, cv::INTER_AREA); // leaves the earlier grid behind
    return half;
}

void origins(const std::vector<Photo> &photos)
{
    line(u"grid origin after a crop by 3, 5 px: quality, pictures, right, wrong, none"_s);
    for (const int quality : {98, 95, 90, 80, 60}) {
        int right = 0, wrong = 0, none = 0;
        for (const Photo &photo : photos) {
            const cv::Mat saved = savedAs(clean(photo), {quality});
            const auto reading = readGrid(saved(cv::Rect(3, 5, saved.cols - 3, saved.rows - 5)).clone(), {});
            if (!reading || !reading->main.origin)
                ++none;
            else
                ++(*reading->main.origin == 5 + 8 * 3 ? right : wrong);
        }
        line(u"  %1 %2 %3 %4 %5"_s.arg(quality, 4).arg(photos.size(), 5).arg(right, 5).arg(wrong, 5).arg(none, 5));
    }
    int alarms = 0;
    for (const Photo &photo : photos) {
        const auto reading = readGrid(clean(photo), {});
        alarms += reading && (reading->main.origin || !reading->foreign.empty());
    }
    line(u"never saved (half size): %1 of %2 show a grid"_s.arg(alarms).arg(photos.size()));
}

void pastes(const std::vector<Photo> &photos)
{
    line(u"pastes from a save on another grid, kept as PNG or saved at 95: host quality, last save, made, suspicious, mean F1"_s);
    ForgeryRange range;
    range.sources = {Source::OtherPicture};
    range.leastArea = 0.05;
    range.untouched = 1.0;
    range.identity = 1.0;
    for (const int quality : {75, 85, 92}) {
        for (const int last : {0, 95}) {
            int suspicious = 0, made = 0;
            double sum = 0.0;
            for (std::size_t i = 0; i + 1 < photos.size(); i += 2) {
                const cv::Mat host = savedAs(photos[i].bgr(), {quality}), donor = photos[i + 1].bgr();
                ForgeryPlan plan = drawPlan(i, range, host.size(), donor.size());
                plan.edge = Edge::Hard;
                plan.donorQuality = 80;
                const cv::Mat mask = outlineMask(plan, host.size());
                cv::Mat picture = pasted(host, donor, plan, mask);
                if (last > 0)
                    picture = savedAs(picture, {last});
                const auto reading = readGrid(picture, {});
                if (!reading)
                    continue;
                ++made;
                suspicious += reading->main.origin && !reading->foreign.empty();
                sum += maskAgreement(reading->foreignMask, mask).f1();
            }
            line(u"  %1 %2 %3 %4 %5"_s.arg(quality, 4).arg(last == 0 ? u"PNG"_s : u"95"_s, 5).arg(made, 5).arg(suspicious, 5).arg(sum / std::max(made, 1), 7, 'f', 3));
        }
    }
}

} // namespace

void measureGrid()
{
    const std::vector<Photo> photos = photosOf(u"natural-bsds"_s);
    origins(photos);
    pastes(photos);
    printFalseAlarms(u"grid"_s, make, u"detect/jpeg_grid"_s);
}

} // namespace fw::accuracy
