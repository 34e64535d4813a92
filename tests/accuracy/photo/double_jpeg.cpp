// SPDX-License-Identifier: GPL-3.0-or-later
#include "double_jpeg_detector.h"
#include "forge/forgery.h"
#include "forge/jpeg_coder.h"
#include "methods.h"
#include "photo/regions.h"
#include "sets.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <opencv2/imgproc.hpp>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

std::unique_ptr<Detector> make()
{
    return std::make_unique<DoubleJpegDetector>();
}

/// Moved off the block grid of the camera's own save, so that the saves made here start a history anew.
/// Reduced as well where the camera's grid must not be found either.
cv::Mat fresh(const Photo &photo, bool reduced)
{
    const cv::Mat bgr = photo.bgr();
    cv::Mat result = bgr(cv::Rect(3, 5, bgr.cols - 3, bgr.rows - 5)).clone();
    if (reduced)
        cv::resize(result, result, {}, 0.9, 0.9, cv::INTER_AREA);
    return result;
}

Result<DoubleJpegReading> readingOf(const cv::Mat &picture, int quality)
{
    QByteArray bytes;
    savedAs(picture, {quality}, &bytes);
    const auto jpeg = readJpeg(asFile(bytes, u"jpg"_s), true);
    return jpeg ? readDoubleJpeg(*jpeg, {}, {}) : Result<DoubleJpegReading>(Failure{jpeg.error()});
}

/// The truth in blocks of a grid.
cv::Mat inBlocks(const cv::Mat &mask, cv::Size cells, cv::Point shift)
{
    cv::Mat truth(cells, CV_8UC1, cv::Scalar(0));
    for (int y = 0; y < cells.height; ++y) {
        for (int x = 0; x < cells.width; ++x)
            truth.at<uchar>(y, x) = mask.at<uchar>(std::min(8 * y + 4 + shift.y, mask.rows - 1), std::min(8 * x + 4 + shift.x, mask.cols - 1));
    }
    return truth;
}

double areaOf(const cv::Mat &map, const cv::Mat &truth)
{
    std::vector<double> inside, outside;
    for (int y = 0; y < truth.rows; ++y) {
        for (int x = 0; x < truth.cols; ++x)
            (truth.at<uchar>(y, x) ? inside : outside).push_back(double(map.at<float>(y, x)));
    }
    const auto area = rocArea(outside, inside);
    return area ? area->area : 0.5;
}

/// What the limits are set by: readings of pictures of fitting cameras that have no such history.
void limits()
{
    std::vector<double> gains, offAxis, onAxis;
    const auto add = [&](const Result<DoubleJpegReading> &reading) {
        if (!reading)
            return;
        gains.push_back(reading->same.gain);
        const ShiftedSave &first = reading->other.saves.front(), &second = reading->other.saves[1];
        const bool lines = first.shift.x == 0 || first.shift.y == 0;
        (lines ? onAxis : offAxis).push_back(lines ? std::min(first.strength, (first.strength - second.strength) / DoubleJpegLimits{}.leastLead) : first.strength);
    };
    for (const Photo &photo : photosBy(u"camera-natural"_s, true, 3)) {
        if (const auto jpeg = readJpeg(photo.path, true))
            add(readDoubleJpeg(*jpeg, {}, {}));
        const cv::Mat clean = fresh(photo, true);
        for (const int quality : {75, 90})
            add(readingOf(clean, quality));
    }
    for (const auto &[name, values] : std::initializer_list<std::pair<QString, std::vector<double>>>{
             {u"gain, one save"_s, gains}, {u"strength, other grid"_s, offAxis}, {u"strength, grid that shares lines"_s, onAxis}}) {
        if (!values.empty())
            line(u"limits, fitting cameras: %1: %2 readings, 50 % %3, 95 % %4, 99 % %5, highest %6"_s.arg(name).arg(values.size())
                     .arg(*quantile(values, 0.5), 0, 'f', 4).arg(*quantile(values, 0.95), 0, 'f', 4).arg(*quantile(values, 0.99), 0, 'f', 4)
                     .arg(*quantile(values, 1.0), 0, 'f', 4));
    }
}

/// A quarter of the picture from another one that never went through the first save.
void sameGrid(const std::vector<Photo> &photos)
{
    line(u"same grid, a quarter pasted: first, last save, made, seen, place named, mean and worst AUC, mean F1, untouched twins with a place; steps right; quality within 2"_s);
    for (const auto &[first, last] : std::initializer_list<std::pair<int, int>>{{70, 90}, {80, 95}, {60, 75}, {85, 90}, {90, 90}, {95, 90}}) {
        int made = 0, seen = 0, named = 0, twins = 0, steps = 0, stepsRight = 0, near = 0;
        double sum = 0.0, f1 = 0.0, worst = 1.0;
        for (std::size_t i = 0; i < photos.size(); ++i) {
            const cv::Mat host = fresh(photos[i], false), donor = fresh(photos[(i + photos.size() / 2) % photos.size()], true);
            const cv::Mat before = savedAs(host, {first});
            cv::Mat picture = before.clone(), mask(host.size(), CV_8UC1, cv::Scalar(0));
            const cv::Size side(std::min(host.cols / 2, donor.cols), std::min(host.rows / 2, donor.rows));
            const cv::Rect place({host.cols / 4, host.rows / 4}, side);
            donor(cv::Rect({0, 0}, side)).copyTo(picture(place));
            mask(place).setTo(255);
            const auto reading = readingOf(picture, last), twin = readingOf(before, last);
            if (!reading || !twin)
                continue;
            ++made;
            twins += !twin->same.map.places.empty() && !twin->same.contradictory;
            if (!reading->same.seen) {
                sum += 0.5;
                worst = std::min(worst, 0.5);
                continue;
            }
            ++seen;
            named += !reading->same.map.places.empty() && !reading->same.contradictory;
            const cv::Mat truth = inBlocks(mask, reading->same.map.unlike.size(), {});
            const double area = areaOf(reading->same.map.unlike, truth);
            sum += area;
            worst = std::min(worst, area);
            f1 += maskAgreement(reading->same.map.mask, truth).f1();
            const auto table = ijgTable(first, false);
            for (const FirstSaveBand &band : reading->same.bands) {
                if (band.gain < DoubleJpegLimits{}.leastBandGain)
                    continue;
                ++steps;
                stepsRight += band.firstStep == table[std::size_t(band.place)];
            }
            near += reading->same.quality && std::abs(*reading->same.quality - first) <= 2;
        }
        line(u"  %1 %2 %3 %4 %5 %6 %7 %8 %9"_s.arg(first, 3).arg(last, 3).arg(made, 4).arg(seen, 4).arg(named, 4)
                 .arg(sum / std::max(made, 1), 7, 'f', 3).arg(worst, 7, 'f', 3).arg(f1 / std::max(made, 1), 7, 'f', 3).arg(twins, 4)
             + u"   %1 of %2   %3 of %4"_s.arg(stepsRight).arg(steps).arg(near).arg(seen));
    }
}

/// Whole pictures of 512 px that were saved, cropped by a known shift and saved again.
void shifts(const std::vector<Photo> &photos)
{
    line(u"other grid, whole picture cropped: first, last save, made, seen, grid right, places named"_s);
    for (const auto &[first, last] : std::initializer_list<std::pair<int, int>>{{70, 90}, {80, 90}, {90, 95}, {75, 75}}) {
        int made = 0, seen = 0, right = 0, places = 0;
        for (std::size_t i = 0; i < photos.size(); ++i) {
            const cv::Mat whole = savedAs(fresh(photos[i], true), {first});
            const int grid = 1 + int(i * 5 % 63);
            const cv::Point crop(grid % 8, grid / 8);
            const cv::Size size(std::min(512, whole.cols - 8), std::min(512, whole.rows - 8));
            const auto reading = readingOf(whole(cv::Rect(crop, size)).clone(), last);
            if (!reading)
                continue;
            ++made;
            seen += reading->other.seen;
            right += reading->other.saves.front().shift == cv::Point((8 - crop.x) % 8, (8 - crop.y) % 8);
            places += !reading->other.map.places.empty();
        }
        line(u"  %1 %2 %3 %4 %5 %6"_s.arg(first, 3).arg(last, 3).arg(made, 4).arg(seen, 4).arg(right, 4).arg(places, 4));
    }
}

/// Places of another JPEG, moved off their grid, in a picture without history.
void otherGrid(const std::vector<Photo> &photos)
{
    line(u"other grid, a place of about 150 to 250 px pasted: first, last save, made, seen, grid right, place named, mean AUC of those seen, mean F1, untouched twins with a place"_s);
    ForgeryRange range;
    range.sources = {Source::OtherPicture};
    range.leastArea = 0.08;
    range.greatestArea = 0.2;
    range.identity = 1.0;
    range.untouched = 1.0;
    for (const auto &[first, last] : std::initializer_list<std::pair<int, int>>{{70, 90}, {80, 95}, {75, 80}}) {
        int made = 0, seen = 0, right = 0, named = 0, twins = 0;
        double sum = 0.0, f1 = 0.0;
        for (std::size_t i = 0; i < photos.size(); ++i) {
            const cv::Mat host = fresh(photos[i], true), donor = savedAs(fresh(photos[(i + photos.size() / 2) % photos.size()], true), {first});
            ForgeryPlan plan = drawPlan(900 + i, range, host.size(), donor.size());
            plan.edge = Edge::Hard;
            plan.donorQuality.reset();
            plan.gain = 1.0;
            plan.bias = 0.0;
            plan.matchStatistics = false;
            plan.save = {true, last, 1.0};
            const Forgery forgery = forge(host, donor, plan);
            const auto jpeg = readJpeg(asFile(forgery.file, u"jpg"_s), true), other = readJpeg(asFile(forgery.twinFile, u"jpg"_s), true);
            if (!jpeg || !other)
                continue;
            const cv::Point grid(((int(std::lround(forgery.map.at<double>(0, 2))) % 8) + 8) % 8, ((int(std::lround(forgery.map.at<double>(1, 2))) % 8) + 8) % 8);
            if (grid == cv::Point(0, 0))
                continue;
            const auto reading = readDoubleJpeg(*jpeg, {}, {}), twin = readDoubleJpeg(*other, {}, {});
            if (!reading || !twin)
                continue;
            ++made;
            twins += !twin->other.map.places.empty();
            right += reading->other.saves.front().shift == grid;
            if (!reading->other.seen)
                continue;
            ++seen;
            named += !reading->other.map.places.empty();
            const cv::Mat truth = inBlocks(forgery.mask, reading->other.map.unlike.size(), reading->other.saves.front().shift);
            sum += areaOf(reading->other.map.unlike, truth);
            f1 += maskAgreement(reading->other.map.mask, truth).f1();
        }
        line(u"  %1 %2 %3 %4 %5 %6 %7 %8 %9"_s.arg(first, 3).arg(last, 3).arg(made, 4).arg(seen, 4).arg(right, 4).arg(named, 4)
                 .arg(sum / std::max(seen, 1), 7, 'f', 3).arg(f1 / std::max(made, 1), 7, 'f', 3).arg(twins, 4));
    }
}

/// Authentic pictures of unseen cameras that somebody saved again or cropped and saved again.
void resaved(const std::vector<Photo> &photos)
{
    line(u"authentic pictures of unseen cameras, saved again as a whole: how, pictures, places named on the same grid, on another"_s);
    for (const bool cropped : {false, true}) {
        for (const int last : {75, 92}) {
            int made = 0, same = 0, other = 0;
            for (const Photo &photo : photos) {
                const cv::Mat bgr = photo.bgr();
                const auto reading = readingOf(cropped ? fresh(photo, false) : bgr, last);
                if (!reading)
                    continue;
                ++made;
                same += !reading->same.map.places.empty() && !reading->same.contradictory;
                other += !reading->other.map.places.empty();
            }
            line(u"  %1 %2 %3 %4 %5"_s.arg(cropped ? u"cropped"_s : u"as it was"_s, -10).arg(last, 3).arg(made, 4).arg(same, 4).arg(other, 4));
        }
    }
}

} // namespace

void measureDoubleJpeg()
{
    const std::vector<Photo> unseen = photosBy(u"camera-natural"_s, false, 6);
    sameGrid(unseen);
    otherGrid(unseen);
    shifts(photosBy(u"camera-natural"_s, false, 4));
    limits();
    resaved(photosBy(u"camera-natural"_s, false, 3));
    printFalseAlarms(u"double JPEG"_s, make, u"detect/double_jpeg"_s);
}

} // namespace fw::accuracy
