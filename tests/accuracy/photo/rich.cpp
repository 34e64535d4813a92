// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/blend.h"
#include "forge/jpeg_coder.h"
#include "local_anomaly.h"
#include "methods.h"
#include "origins/generated_set.h"
#include "photo/regions.h"
#include "photo/residual.h"
#include "photo/residual_codes.h"
#include "photo/rich_model.h"
#include "sets.h"
#include "stats/fisher_ensemble.h"
#include "stats/kernel_svm.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <ctime>
#include <set>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

double cpuSeconds()
{
    return double(std::clock()) / CLOCKS_PER_SEC;
}

std::vector<double> wide(const std::vector<float> &values)
{
    return {values.begin(), values.end()};
}

/// A linear support vector machine over standardised values.
class Plane
{
public:
    Plane(const SampleMatrix &negatives, const SampleMatrix &positives, double cost)
    {
        const std::size_t width = negatives.width;
        m_mean.assign(width, 0.0);
        m_scale.assign(width, 0.0);
        const double count = double(negatives.rows() + positives.rows());
        for (const SampleMatrix *part : {&negatives, &positives}) {
            for (std::size_t i = 0; i < part->values.size(); ++i) {
                m_mean[i % width] += part->values[i] / count;
                m_scale[i % width] += part->values[i] * part->values[i] / count;
            }
        }
        for (std::size_t k = 0; k < width; ++k) {
            const double variance = m_scale[k] - m_mean[k] * m_mean[k];
            m_scale[k] = variance > 1e-14 ? 1.0 / std::sqrt(variance * double(width)) : 0.0;
        }
        SampleMatrix samples;
        std::vector<int> labels;
        for (const SampleMatrix *part : {&negatives, &positives}) {
            for (std::size_t i = 0; i < part->rows(); ++i) {
                samples.add(scaled(part->row(i)));
                labels.push_back(part == &positives ? 1 : -1);
            }
        }
        ClassifierOptions options;
        options.kernel = SvmKernel::Linear;
        options.cost = cost;
        if (auto machine = KernelSvm::classifier(samples, labels, options))
            m_machine = std::move(*machine);
    }
    double score(std::span<const double> sample) const { return m_machine ? m_machine->decision(scaled(sample)) : 0.0; }

private:
    std::vector<double> scaled(std::span<const double> sample) const
    {
        std::vector<double> result(sample.size());
        for (std::size_t k = 0; k < sample.size(); ++k)
            result[k] = (sample[k] - m_mean[k]) * m_scale[k];
        return result;
    }
    std::vector<double> m_mean, m_scale;
    std::optional<KernelSvm> m_machine;
};

void lengths()
{
    cv::Mat plane(64, 64, CV_32FC1);
    cv::RNG random(1);
    random.fill(plane, cv::RNG::UNIFORM, 0, 255);
    const auto shortOne = richModel(plane, false), whole = richModel(plane, true);
    line(u"lengths: %1 submodels with %2 values, %3 with %4; short descriptors %5, %6, %7"_s.arg(shortOne.size()).arg(joined(shortOne).size())
             .arg(whole.size()).arg(joined(whole).size()).arg(ShortDescriptor{}.bins()).arg(ShortDescriptor{1, 1.0, Folding::None}.bins())
             .arg(ShortDescriptor{1, 2.0, Folding::Both}.bins()));
    cv::Mat large(3000, 4000, CV_32FC1);
    random.fill(large, cv::RNG::NORMAL, 120, 6);
    double before = cpuSeconds();
    (void)localAnomaly(large);
    line(u"map of 12 megapixels: %1 CPU s"_s.arg(cpuSeconds() - before, 0, 'f', 2));
    before = cpuSeconds();
    (void)shortDescriptor(large);
    line(u"short descriptor of 12 megapixels: %1 CPU s"_s.arg(cpuSeconds() - before, 0, 'f', 2));
    before = cpuSeconds();
    (void)richModel(large(cv::Rect(0, 0, 1000, 750)), false);
    line(u"rich model with one step each, 0.75 megapixels: %1 CPU s"_s.arg(cpuSeconds() - before, 0, 'f', 2));
}

// ---- patches ------------------------------------------------------------------------------------

struct Processing
{
    QString name;
    std::function<cv::Mat(const cv::Mat &)> apply;
};

std::vector<Processing> processings()
{
    return {{u"median 5"_s, [](const cv::Mat &p) { cv::Mat r; cv::medianBlur(p, r, 5); return r; }},
            {u"Gaussian 1.1"_s, [](const cv::Mat &p) { cv::Mat r; cv::GaussianBlur(p, r, {}, 1.1); return r; }},
            {u"noise 2"_s, [](const cv::Mat &p) {
                 cv::RNG random(std::uint64_t(cv::sum(p)[0]));
                 cv::Mat noise(p.size(), CV_32FC3), r;
                 random.fill(noise, cv::RNG::NORMAL, cv::Scalar::all(0), cv::Scalar::all(2));
                 p.convertTo(r, CV_32FC3);
                 r += noise;
                 r.convertTo(r, CV_8UC3);
                 return r;
             }},
            {u"resize 1.5"_s, [](const cv::Mat &p) {
                 cv::Mat r;
                 cv::resize(p, r, {}, 1.5, 1.5, cv::INTER_CUBIC);
                 return cv::Mat(r(cv::Rect((r.cols - p.cols) / 2, (r.rows - p.rows) / 2, p.cols, p.rows)).clone());
             }}};
}

void patches()
{
    const std::vector<Photo> photos = photosOf(u"camera-natural"_s);
    line(u"128 px patches, processed against not, linear machine on 338 values; other cameras than trained on: processing, last save, patches, accuracy, worst camera"_s);
    std::vector<std::pair<cv::Mat, QString>> clean[2];
    for (const Photo &photo : photos) {
        cv::Mat half;
        cv::resize(photo.bgr(), half, {}, 0.5, 0.5, cv::INTER_AREA);
        for (int k = 0; k < 2; ++k)
            if (half.cols >= 288 && half.rows >= 160)
                clean[isForFitting(photos, photo.camera) ? 0 : 1].emplace_back(half(cv::Rect(16 + 128 * k, 16, 128, 128)).clone(), photo.camera);
    }
    for (const int quality : {0, 85}) {
        const auto values = [&](const cv::Mat &patch) {
            return wide(shortDescriptor(lumaOf(quality > 0 ? savedAs(patch, {quality}) : patch)));
        };
        SampleMatrix plain[2];
        for (int side = 0; side < 2; ++side)
            for (const auto &[patch, camera] : clean[side])
                plain[side].add(values(patch));
        for (const Processing &processing : processings()) {
            SampleMatrix changed[2];
            for (int side = 0; side < 2; ++side)
                for (const auto &[patch, camera] : clean[side])
                    changed[side].add(values(processing.apply(patch)));
            const Plane plane(plain[0], changed[0], 16.0);
            std::map<QString, std::pair<int, int>> cameras;
            int right = 0;
            for (std::size_t i = 0; i < plain[1].rows(); ++i) {
                const int good = (plane.score(plain[1].row(i)) < 0.0) + (plane.score(changed[1].row(i)) > 0.0);
                right += good;
                cameras[clean[1][i].second].first += good;
                cameras[clean[1][i].second].second += 2;
            }
            QString worst;
            double least = 2.0;
            for (const auto &[camera, counts] : cameras) {
                if (double(counts.first) / counts.second < least) {
                    least = double(counts.first) / counts.second;
                    worst = camera;
                }
            }
            line(u"  %1 %2 %3 %4 %5 (%6)"_s.arg(processing.name, -14).arg(quality == 0 ? u"PNG"_s : u"JPEG 85"_s, -8).arg(2 * plain[1].rows(), 5)
                     .arg(double(right) / double(2 * plain[1].rows()), 7, 'f', 3).arg(least, 7, 'f', 3).arg(worst));
        }
    }
}

// ---- generators ---------------------------------------------------------------------------------

void generators()
{
    const auto pictures = lab::originPictures(test::sharedDir() + u"/data"_s, 192);
    std::set<QString> names;
    for (const auto &picture : pictures)
        if (picture.generated)
            names.insert(picture.origin);
    line(u"each generator against photographs of other sources than trained on, trained on the other generators, 192 px: generator, quality trained and asked, short descriptor and linear machine, rich model and Fisher ensemble"_s);
    for (const auto &[trained, asked] : {std::pair(95, 95), {75, 75}, {95, 75}}) {
        std::vector<std::vector<double>> shortOnes[2], rich[2];
        for (int k = 0; k < 2; ++k) {
            for (const auto &picture : pictures) {
                const cv::Mat luma = lumaOf(savedAs(picture.bgr, {k == 0 ? trained : asked}));
                shortOnes[k].push_back(wide(shortDescriptor(luma)));
                if (trained == asked)
                    rich[k].push_back(k == 1 ? rich[0][rich[1].size()] : wide(joined(richModel(luma, false))));
            }
        }
        std::vector<double> allNegative, allPositive;
        for (const QString &name : names) {
            SampleMatrix negative, positive, richNegative, richPositive;
            for (std::size_t i = 0; i < pictures.size(); ++i) {
                const auto &p = pictures[i];
                if (p.generated ? p.origin == name : !lab::inFirstHalf(p.origin))
                    continue;
                (p.generated ? positive : negative).add(shortOnes[0][i]);
                if (trained == asked)
                    (p.generated ? richPositive : richNegative).add(rich[0][i]);
            }
            const Plane plane(negative, positive, 1.0);
            const FisherEnsemble ensemble = FisherEnsemble::train(richNegative, richPositive);
            std::vector<double> low, high, richLow, richHigh;
            for (std::size_t i = 0; i < pictures.size(); ++i) {
                const auto &p = pictures[i];
                if (p.generated ? p.origin != name : lab::inFirstHalf(p.origin))
                    continue;
                (p.generated ? high : low).push_back(plane.score(shortOnes[1][i]));
                if (trained == asked)
                    (p.generated ? richHigh : richLow).push_back(ensemble.score(rich[1][i]));
            }
            line(u"  %1 %2 %3  %4;  %5, %6 votes, error outside the bags %7"_s.arg(name, -20).arg(trained, 4).arg(asked, 4).arg(areaText(low, high))
                     .arg(trained == asked ? areaText(richLow, richHigh) : u"-"_s).arg(ensemble.size()).arg(ensemble.outOfBagError(), 0, 'f', 3));
        }
    }
}

// ---- maps ---------------------------------------------------------------------------------------

/// The map at the picture's size; empty when there is none.
cv::Mat spread(const Result<AnomalyMap> &map, cv::Size size)
{
    if (!map)
        return {};
    cv::Mat filled = map->distance.clone(), whole(size, CV_32FC1, cv::Scalar(0));
    filled.setTo(0, filled != filled);
    const cv::Rect place = cv::Rect(map->covered) & cv::Rect({0, 0}, size);
    cv::Mat large;
    cv::resize(filled, large, cv::Size(cv::Rect(map->covered).size()), 0, 0, cv::INTER_LINEAR);
    large(cv::Rect({0, 0}, place.size())).copyTo(whole(place));
    return whole;
}

double pixelArea(const cv::Mat &values, const cv::Mat &truth)
{
    std::vector<double> low, high;
    for (int y = 4; y < values.rows; y += 12)
        for (int x = 4; x < values.cols; x += 12)
            (truth.at<uchar>(y, x) ? high : low).push_back(values.at<float>(y, x));
    const auto area = rocArea(low, high);
    return area ? area->area : 0.5;
}

struct MapFigures
{
    std::vector<double> area, f1, iou, best, chance, outside;
    int none = 0;
    void print(const QString &what) const
    {
        const auto mean = [](const std::vector<double> &v) {
            double sum = 0.0;
            for (const double x : v)
                sum += x / double(v.size());
            return v.empty() ? 0.0 : sum;
        };
        line(u"  %1 %2 maps, %3 none; pixel AUC mean %4, median %5, lowest %6; at the cut F1 %7, IoU %8; best threshold F1 %9"_s.arg(what, -34)
                 .arg(area.size()).arg(none).arg(mean(area), 0, 'f', 3).arg(median(area).value_or(0), 0, 'f', 3).arg(quantile(area, 0).value_or(0), 0, 'f', 3)
                 .arg(mean(f1), 0, 'f', 3).arg(mean(iou), 0, 'f', 3).arg(mean(best), 0, 'f', 3)
             + u"; chance (everything marked) F1 %1"_s.arg(mean(chance), 0, 'f', 3));
    }
    void add(const Result<AnomalyMap> &map, const cv::Mat &truth, const AnomalySettings &settings)
    {
        const cv::Mat values = spread(map, truth.size());
        if (values.empty()) {
            ++none;
            return;
        }
        area.push_back(pixelArea(values, truth));
        const double at = maskAgreement(values > settings.cut, truth).f1();
        f1.push_back(at);
        iou.push_back(at / (2.0 - at));
        double highest = 0.0;
        for (double cut = 15.0; cut < 400.0; cut *= 1.25)
            highest = std::max(highest, maskAgreement(values > cut, truth).f1());
        best.push_back(highest);
        chance.push_back(maskAgreement(cv::Mat(truth.size(), CV_8UC1, cv::Scalar(255)), truth).f1());
        outside.push_back(map->outside);
    }
};

void maps()
{
    const std::vector<Photo> natural = photosOf(u"camera-natural"_s);
    for (const int window : {96}) {
        AnomalySettings settings;
        settings.window = window;
        line(u"unsupervised map, windows of %1 px"_s.arg(window));
        MapFigures png, jpeg, real;
        for (const Photo &photo : photosOf(u"splice-imd/tampered"_s)) {
            cv::Mat mask = cv::imread(test::shared(u"splice-imd/mask/"_s + photo.name.section(u'.', 0, 0) + u"_mask.png"_s).toStdString(), cv::IMREAD_GRAYSCALE);
            const cv::Mat bgr = photo.bgr();
            if (mask.empty() || mask.size() != bgr.size())
                continue;
            mask = mask > 127;
            real.add(localAnomaly(lumaOf(bgr), settings), mask, settings);
        }
        real.print(u"splice-imd"_s);
        ForgeryRange range;
        range.sources = {Source::OtherPicture};
        range.leastArea = 0.05;
        range.greatestArea = 0.25;
        range.untouched = 1.0;
        for (std::size_t i = 0; i < natural.size(); i += 9) {
            std::size_t other = (i + natural.size() / 2) % natural.size();
            while (natural[other].camera == natural[i].camera)
                other = (other + 7) % natural.size();
            const cv::Mat host = natural[i].bgr(), donor = natural[other].bgr();
            const ForgeryPlan plan = drawPlan(i + 1, range, host.size(), donor.size());
            const cv::Mat mask = outlineMask(plan, host.size()), forged = pasted(host, donor, plan, mask);
            png.add(localAnomaly(lumaOf(forged), settings), mask, settings);
            jpeg.add(localAnomaly(lumaOf(savedAs(forged, {85})), settings), mask, settings);
        }
        png.print(u"made pastes, PNG"_s);
        jpeg.print(u"made pastes, JPEG 85"_s);
        std::map<QString, std::vector<double>> cameras;
        std::vector<double> untouched, fit;
        for (std::size_t i = 0; i < natural.size(); i += 4) {
            if (const auto map = localAnomaly(lumaOf(natural[i].bgr()), settings)) {
                cameras[natural[i].camera].push_back(map->outside);
                (isForFitting(natural, natural[i].camera) ? fit : untouched).push_back(map->outside);
            }
        }
        for (const Photo &photo : photosOf(u"splice-imd/authentic"_s)) {
            if (const auto map = localAnomaly(lumaOf(photo.bgr()), settings))
                untouched.push_back(map->outside);
        }
        std::vector<double> changed = real.outside;
        line(u"  share of windows outside, splice-imd tampered against untouched: "_s + areaText(untouched, changed));
        line(u"  made pastes against untouched: "_s + areaText(untouched, png.outside));
        line(u"  95 % of the cameras for fitting stay below %1; share of the others above it %2; of splice-imd tampered %3"_s
                 .arg(quantile(fit, 0.95).value_or(0), 0, 'f', 3)
                 .arg(double(std::count_if(untouched.begin(), untouched.end(), [&](double v) { return v > *quantile(fit, 0.95); })) / double(untouched.size()), 0, 'f', 3)
                 .arg(double(std::count_if(changed.begin(), changed.end(), [&](double v) { return v > *quantile(fit, 0.95); })) / double(changed.size()), 0, 'f', 3));
        for (const auto &[camera, shares] : cameras)
            line(u"    untouched, %1: median %2, 95 % %3"_s.arg(camera, -36).arg(median(shares).value_or(0), 0, 'f', 3).arg(quantile(shares, 0.95).value_or(0), 0, 'f', 3));
    }
}

} // namespace

void measureRich()
{
    lengths();
    maps();
    patches();
    generators();
}

} // namespace fw::accuracy
