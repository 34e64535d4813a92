// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/forgery.h"
#include "forge/jpeg_coder.h"
#include "forge/manipulations.h"
#include "methods.h"
#include "photo/residual.h"
#include "photo/residual_codes.h"
#include "residual_detector.h"
#include "residual_report.h"
#include "sets.h"
#include "splices.h"
#include "stats/kernel_svm.h"
#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

QString saveName(int quality)
{
    return (quality == 0 ? u"no save"_s : u"JPEG %1"_s.arg(quality)).leftJustified(8);
}

/// The contrast of the farthest place, 0 without one; nothing where the picture is too small or too flat.
std::optional<double> contrastOf(const cv::Mat &bgr)
{
    const auto map = residualMap(lumaOf(bgr), {});
    if (std::min(bgr.cols, bgr.rows) < 256 || !map || map->valid < ResidualLimits{}.leastValid)
        return std::nullopt;
    const auto place = farthestPlace(*map);
    return place ? place->contrast : 0.0;
}

/// Untouched pictures: what the limit is set on, and what it does on others.
void untouched()
{
    line(u"contrast of untouched pictures: set, last save, pictures, 50 %, 90 %, 96 %, 98 %, named, worst camera"_s);
    std::vector<Photo> faces = photosOf(u"faces-real"_s), authentic = photosOf(u"splice-imd/authentic"_s);
    const std::vector<std::pair<QString, std::vector<Photo>>> sets{{u"fitting cameras"_s, photosBy(u"camera-natural"_s, true)},
                                                                   {u"unseen cameras"_s, photosBy(u"camera-natural"_s, false)},
                                                                   {u"portraits"_s, faces}, {u"splice-imd"_s, authentic}};
    for (const auto &[name, photos] : sets) {
        for (const int quality : {0, 90, 75}) {
            std::vector<double> contrasts;
            std::map<QString, std::pair<int, int>> cameras;
            int named = 0;
            for (const Photo &photo : photos) {
                const auto contrast = contrastOf(savedUsually(photo.bgr(), quality));
                if (!contrast)
                    continue;
                contrasts.push_back(*contrast);
                const bool alarm = *contrast >= ResidualLimits{}.contrast;
                named += alarm;
                cameras[photo.camera].first += alarm;
                ++cameras[photo.camera].second;
            }
            if (contrasts.empty())
                continue;
            const auto worst = std::max_element(cameras.begin(), cameras.end(), [](const auto &a, const auto &b) {
                return a.second.first * b.second.second < b.second.first * a.second.second;
            });
            line(u"  %1 %2 %3 %4 %5 %6 %7 %8  %9"_s.arg(name, -16).arg(saveName(quality)).arg(contrasts.size(), 4).arg(*quantile(contrasts, 0.5), 7, 'f', 2)
                     .arg(*quantile(contrasts, 0.9), 7, 'f', 2).arg(*quantile(contrasts, 0.96), 7, 'f', 2).arg(*quantile(contrasts, 0.98), 7, 'f', 2)
                     .arg(named, 4).arg(u"%1 %2 of %3"_s.arg(worst->first).arg(worst->second.first).arg(worst->second.second)));
        }
    }
}

/// Pastes by our own forger from pictures of other cameras.
void pastes(bool forFitting, std::size_t count)
{
    line(u"pastes from another camera, %1 cameras: last save, made, mean and median pixel AUC, places named, of them in the paste, twins with a place named"_s
             .arg(forFitting ? u"fitting"_s : u"unseen"_s));
    const std::vector<Photo> photos = photosBy(u"camera-natural"_s, forFitting);
    ForgeryRange range;
    range.sources = {Source::OtherPicture};
    range.leastArea = 0.05;
    range.untouched = 1.0;
    for (const int quality : {0, 90, 75}) {
        std::vector<double> areas;
        int named = 0, right = 0, twins = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t at = i * photos.size() / count;
            std::size_t other = (at + photos.size() / 2) % photos.size();
            while (photos[other].camera == photos[at].camera)
                other = (other + 7) % photos.size();
            const cv::Mat host = photos[at].bgr(), donor = photos[other].bgr();
            ForgeryPlan plan = drawPlan((forFitting ? 9000 : 11000) + i, range, host.size(), donor.size());
            plan.save = {quality > 0, quality > 0 ? quality : 90, 1.0};
            const Forgery forgery = forge(host, donor, plan);
            const auto map = residualMap(lumaOf(forgery.picture), {});
            if (!map)
                continue;
            // Each pixel has the value of the nearest window's middle.
            cv::Mat whole(forgery.mask.size(), CV_32FC1);
            const int margin = (map->window - map->cell) / 2;
            for (int y = 0; y < whole.rows; ++y) {
                for (int x = 0; x < whole.cols; ++x)
                    whole.at<float>(y, x) = map->relative.at<float>(std::clamp((y - margin) / map->cell, 0, map->relative.rows - 1),
                                                                    std::clamp((x - margin) / map->cell, 0, map->relative.cols - 1));
            }
            areas.push_back(pixelArea(whole, forgery.mask));
            if (const auto place = farthestPlace(*map); place && place->contrast >= ResidualLimits{}.contrast) {
                ++named;
                right += cv::countNonZero(forgery.mask(place->area)) > place->area.area() / 3;
            }
            twins += contrastOf(forgery.twin).value_or(0.0) >= ResidualLimits{}.contrast;
        }
        double mean = 0.0;
        for (const double area : areas)
            mean += area / double(areas.size());
        line(u"  %1 %2 %3 %4 %5 %6 %7"_s.arg(saveName(quality)).arg(areas.size(), 4).arg(mean, 7, 'f', 3).arg(*quantile(areas, 0.5), 7, 'f', 3)
                 .arg(named, 4).arg(right, 4).arg(twins, 4));
    }
}

constexpr int kPatch = 128;

/// The 338 values of up to four patches around the middle.
void addPatches(const cv::Mat &picture, int quality, SampleMatrix *to)
{
    const cv::Mat luma = lumaOf(savedUsually(picture, quality));
    for (int y = 0; y < 2; ++y) {
        for (int x = 0; x < 2; ++x) {
            const cv::Rect place(luma.cols / 2 + (x - 1) * kPatch, luma.rows / 2 + (y - 1) * kPatch, kPatch, kPatch);
            if ((place & cv::Rect({0, 0}, luma.size())) != place)
                continue;
            const std::vector<float> values = shortDescriptor(luma(place).clone());
            to->add(std::vector<double>(values.begin(), values.end()));
        }
    }
}

struct Classes
{
    SampleMatrix samples;
    std::vector<int> labels, groups;
};

/// Pictures brought to half their size, which rids them of their camera's own traces, and the same changed. @param camera  as
/// the camera saved them, unchanged ones only.
Classes classesOf(const std::vector<Photo> &photos, Manipulation operation, int quality, bool camera)
{
    Classes classes;
    QStringList known;
    for (const Photo &photo : photos) {
        if (!known.contains(photo.camera))
            known.append(photo.camera);
        cv::Mat clean = photo.bgr();
        if (!camera)
            cv::resize(clean, clean, {}, 0.5, 0.5, cv::INTER_AREA);
        for (const bool changed : {false, true}) {
            if (changed && camera)
                continue;
            addPatches(changed ? manipulated(clean, operation) : clean, quality, &classes.samples);
            classes.labels.resize(classes.samples.rows(), changed ? 1 : -1);
            classes.groups.resize(classes.samples.rows(), int(known.indexOf(photo.camera)));
        }
    }
    return classes;
}

/// Linear support vector machines that tell unchanged patches from changed ones, trained on fitting cameras.
void manipulations()
{
    line(u"patches of 128 px, half-size pictures: change, last save, patches, accuracy on unseen cameras (held out of the fitting cameras), "
         "unchanged patches as the unseen cameras saved them taken for changed"_s);
    const std::vector<Photo> fitting = photosBy(u"camera-natural"_s, true, 2), unseen = photosBy(u"camera-natural"_s, false, 2);
    for (int m = 0; m < kManipulations; ++m) {
        const auto operation = Manipulation(m);
        const QString name = QString::fromLatin1(kManipulationNames[std::size_t(m)]);
        for (const int quality : {0, 85}) {
            Classes train = classesOf(fitting, operation, quality, false), test = classesOf(unseen, operation, quality, false),
                    camera = classesOf(unseen, operation, quality, true);
            std::vector<double> mean(train.samples.width, 0.0), spread = mean;
            for (std::size_t i = 0; i < train.samples.rows(); ++i) {
                for (std::size_t k = 0; k < mean.size(); ++k) {
                    mean[k] += train.samples.row(i)[k];
                    spread[k] += train.samples.row(i)[k] * train.samples.row(i)[k];
                }
            }
            const double n = double(train.samples.rows());
            for (std::size_t k = 0; k < mean.size(); ++k) {
                mean[k] /= n;
                spread[k] = std::sqrt(std::max(spread[k] / n - mean[k] * mean[k], 1e-8));
            }
            for (Classes *some : {&train, &test, &camera}) {
                for (std::size_t i = 0; i < some->samples.values.size(); ++i)
                    some->samples.values[i] = (some->samples.values[i] - mean[i % mean.size()]) / spread[i % mean.size()];
            }
            ClassifierOptions options{SvmKernel::Linear};
            options.groups = train.groups;
            double best = -1.0, cost = 1.0;
            for (const double power : {-10.0, -7.0, -4.0, -1.0, 2.0}) {
                options.cost = std::pow(2.0, power);
                const auto held = heldOutDecisions(train.samples, train.labels, options);
                double right = 0.0;
                for (std::size_t i = 0; held && i < held->size(); ++i)
                    right += ((*held)[i] > 0.0) == (train.labels[i] > 0);
                if (right / n > best) {
                    best = right / n;
                    cost = options.cost;
                }
            }
            options.cost = cost;
            const auto machine = KernelSvm::classifier(train.samples, train.labels, options);
            if (!machine) {
                line(u"  %1: %2"_s.arg(name, machine.error().text()));
                continue;
            }
            double right = 0.0, alarms = 0.0;
            for (std::size_t i = 0; i < test.samples.rows(); ++i)
                right += (machine->decision(test.samples.row(i)) > 0.0) == (test.labels[i] > 0);
            for (std::size_t i = 0; i < camera.samples.rows(); ++i)
                alarms += machine->decision(camera.samples.row(i)) > 0.0;
            line(u"  %1 %2 %3 %4 % (%5 %)  %6 of %7"_s.arg(name, -16).arg(saveName(quality)).arg(test.samples.rows(), 5)
                     .arg(100.0 * right / double(test.samples.rows()), 6, 'f', 1).arg(100.0 * best, 0, 'f', 1).arg(alarms).arg(camera.samples.rows()));
        }
    }
}

void cost()
{
    const std::vector<Photo> photos = photosBy(u"camera-natural"_s, false, 5);
    cv::Mat large(3000, 4000, CV_8UC3, cv::Scalar::all(128));
    std::size_t next = 0;
    for (int y = 0; y + 400 < large.rows; y += 400) {
        for (int x = 0; x + 400 < large.cols; x += 400) {
            const cv::Mat tile = photos[next++ % photos.size()].bgr();
            const cv::Size size(std::min(400, tile.cols), std::min(400, tile.rows));
            tile(cv::Rect({0, 0}, size)).copyTo(large(cv::Rect({x, y}, size)));
        }
    }
    const cv::Mat luma = lumaOf(large);
    const double start = threadSeconds();
    const auto map = residualMap(luma, {});
    line(u"map of 4000 x 3000 px: %1 s of one processor, %2 axes, cells of %3 px"_s.arg(threadSeconds() - start, 0, 'f', 2)
             .arg(map ? map->axes : 0).arg(map ? map->cell : 0));
}

} // namespace

void measureResiduals()
{
    cv::setNumThreads(1);
    cost();
    untouched();
    pastes(true, 30);
    pastes(false, 40);
    manipulations();
}

} // namespace fw::accuracy
