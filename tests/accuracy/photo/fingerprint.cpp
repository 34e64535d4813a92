// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/jpeg_coder.h"
#include "methods.h"
#include "photo/absence_map.h"
#include "photo/fingerprint.h"
#include "photo/generator_fingerprint.h"
#include "photo/regions.h"
#include "photo/sensor_noise.h"
#include "sets.h"
#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>

#include <ctime>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

const QString kStyleGan256 = u"generated/gen-stylegan2-ffhq-256/1_fake_stylegan2"_s;
const QString kCycleGan = u"generated/gen-cyclegan-horse2zebra/"_s;

double cpuSeconds()
{
    return double(std::clock()) / CLOCKS_PER_SEC;
}

struct Origin
{
    QString name;
    std::vector<cv::Mat> residuals;
};

/// All pictures of a folder at their own size, written again at a quality (0: as they are).
std::vector<cv::Mat> picturesOf(const QString &folder, cv::Size size, int quality, int step = 1)
{
    std::vector<cv::Mat> pictures;
    const auto photos = photosOf(folder);
    for (std::size_t i = 0; i < photos.size(); i += std::size_t(step)) {
        cv::Mat bgr = photos[i].bgr();
        if (bgr.cols < size.width || bgr.rows < size.height)
            continue;
        bgr = bgr(cv::Rect({0, 0}, size)).clone();
        pictures.push_back(quality > 0 ? savedAs(bgr, {quality}) : bgr);
    }
    return pictures;
}

std::vector<cv::Mat> residualsOf(const std::vector<cv::Mat> &pictures)
{
    std::vector<cv::Mat> residuals;
    for (const cv::Mat &bgr : pictures)
        residuals.push_back(generatorResidual(bgr));
    return residuals;
}

/// Every picture is left out of its own source's fingerprint and compared with all sources. Half of the
/// pictures of other origin set the thresholds, the other half are the unknown ones.
void leaveOneOut(const QString &title, const std::vector<Origin> &origins, const std::vector<cv::Mat> &others)
{
    std::vector<GeneratorFingerprintMaker> makers(origins.size());
    std::vector<bool> usable;
    std::vector<OtherOrigin> usual;
    for (std::size_t s = 0; s < origins.size(); ++s) {
        for (const cv::Mat &residual : origins[s].residuals)
            (void)makers[s].add(residual);
        std::vector<double> chance;
        for (std::size_t i = 0; i < others.size(); i += 2)
            chance.push_back(*generatorCorrelation(*makers[s].fingerprint(), others[i]));
        usual.push_back(otherOrigin(chance));
        usable.push_back(makers[s].count() >= kLeastEnrolled && makers[s].halvesAgree() >= kLeastGeneratorAgreement);
    }
    line(title + u": source, enrolled, pictures, halves agree, right, none of these, wrong, median own correlation, others' mean and sigma"_s);
    const auto attribute = [&](const cv::Mat &residual, std::size_t own, bool leaveOut, double *ownRho) {
        int best = -1;
        double highest = kGeneratorDeviations;
        for (std::size_t s = 0; s < origins.size(); ++s) {
            if (!usable[s])
                continue;
            const cv::Mat print = leaveOut && s == own ? makers[s].without(residual) : *makers[s].fingerprint();
            const double rho = *generatorCorrelation(print, residual);
            if (s == own && ownRho)
                *ownRho = rho;
            if (usual[s].deviations(rho) > highest) {
                highest = usual[s].deviations(rho);
                best = int(s);
            }
        }
        return best;
    };
    for (std::size_t s = 0; s < origins.size(); ++s) {
        int right = 0, none = 0, wrong = 0;
        std::vector<double> own;
        for (const cv::Mat &residual : origins[s].residuals) {
            double rho = 0.0;
            const int best = attribute(residual, s, true, &rho);
            own.push_back(rho);
            (best == int(s) ? right : best < 0 ? none : wrong) += 1;
        }
        line(u"  %1 %2 %3 %4 %5 %6 %7"_s.arg(origins[s].name, -32).arg(usable[s] ? u"yes"_s : u"no"_s, -4).arg(own.size(), 4).arg(makers[s].halvesAgree(), 7, 'f', 3)
                 .arg(right, 4).arg(none, 4).arg(wrong, 4)
             + u" %1 %2 %3"_s.arg(median(own).value_or(0.0), 8, 'f', 4).arg(usual[s].mean, 8, 'f', 4).arg(usual[s].sigma, 8, 'f', 4));
    }
    int rejected = 0, unknown = 0;
    for (std::size_t i = 1; i < others.size(); i += 2, ++unknown)
        rejected += attribute(others[i], origins.size(), false, nullptr) < 0;
    line(u"  pictures of other origin, not used for the thresholds: %1 of %2 none of these"_s.arg(rejected).arg(unknown));
}

void generators()
{
    for (const int quality : {0, 95, 85, 75}) {
        const QString how = quality == 0 ? u"as they are"_s : u"all written at %1"_s.arg(quality);
        const cv::Size small(256, 256), large(512, 512);
        std::vector<Origin> origins{{u"StyleGAN2 256"_s, residualsOf(picturesOf(kStyleGan256, small, quality))}};
        for (const QString &variant : {u"1_fake_h2z_base"_s, u"1_fake_h2zfinetune"_s, u"1_fake_horse2zebra_pretrained"_s})
            origins.push_back({u"CycleGAN "_s + variant.mid(7), residualsOf(picturesOf(kCycleGan + variant, small, quality))});
        std::vector<cv::Mat> others = residualsOf(picturesOf(u"camera-natural"_s, small, quality, 2));
        for (const cv::Mat &more : residualsOf(picturesOf(u"faces-real"_s, small, quality)))
            others.push_back(more);
        leaveOneOut(u"256 px, "_s + how, origins, others);
        if (quality == 0 || quality == 85) {
            origins = {{u"faces-generated 512"_s, residualsOf(picturesOf(u"faces-generated"_s, large, quality))},
                       {u"Stable Diffusion 1 512"_s, residualsOf(picturesOf(u"generated/gen-sd1-txt2img-512/1_fake_sd1"_s, large, quality))}};
            leaveOneOut(u"512 px, "_s + how, origins, residualsOf(picturesOf(u"camera-natural"_s, large, quality, 3)));
        }
    }
}

/// Aligned real faces put eyes and mouths where the generator does: the mean residual must not be a mean face.
void alignedFaces()
{
    for (const int quality : {0, 85}) {
        const cv::Size size(256, 256);
        GeneratorFingerprintMaker maker;
        for (const cv::Mat &residual : residualsOf(picturesOf(kStyleGan256, size, quality)))
            (void)maker.add(residual);
        std::vector<double> chance;
        for (const cv::Mat &residual : residualsOf(picturesOf(u"camera-natural"_s, size, quality, 2)))
            chance.push_back(*generatorCorrelation(*maker.fingerprint(), residual));
        const OtherOrigin usual = otherOrigin(chance);
        for (const QString &folder : {u"0_real_ffhq"_s, u"1_fake_stylegan2"_s}) {
            int above = 0, made = 0;
            double highest = -1e9;
            for (const Photo &photo : photosOf(u"generated/gen-stylegan2-ffhq-1024/"_s + folder)) {
                cv::Mat small;
                cv::resize(photo.bgr(), small, size, 0, 0, cv::INTER_AREA);
                const double z = usual.deviations(*generatorCorrelation(*maker.fingerprint(), generatorResidual(quality > 0 ? savedAs(small, {quality}) : small)));
                highest = std::max(highest, z);
                above += z >= kGeneratorDeviations;
                ++made;
            }
            line(u"aligned faces at 256 px against the print of StyleGAN2 256, %1, %2: %3 of %4 above %5 deviations, highest %6"_s.arg(folder)
                     .arg(quality == 0 ? u"as they are"_s : u"written at %1"_s.arg(quality)).arg(above).arg(made).arg(kGeneratorDeviations).arg(highest, 0, 'f', 1));
        }
    }
}

/// A generator of our own with weights of a seed: small pictures go up twice through transposed
/// convolutions whose four phases differ, and a constant input is added at each size, as in StyleGAN.
cv::Mat upsampled(const cv::Mat &photo, std::uint64_t seed)
{
    cv::RNG weights{seed * 0x9e3779b97f4a7c15u}; // neighbouring seeds give sequences that correlate
    cv::Mat picture;
    cv::resize(photo, picture, {}, 0.25, 0.25, cv::INTER_AREA);
    picture.convertTo(picture, CV_32FC3);
    for (int stage = 0; stage < 2; ++stage) {
        cv::Mat wide(picture.rows * 2, picture.cols * 2, CV_32FC3, cv::Scalar::all(0)), kernel(4, 4, CV_32FC1);
        for (int y = 0; y < picture.rows; ++y) {
            for (int x = 0; x < picture.cols; ++x)
                wide.at<cv::Vec3f>(2 * y, 2 * x) = picture.at<cv::Vec3f>(y, x);
        }
        const float taps[4] = {0.25f, 0.75f, 0.75f, 0.25f};
        for (int y = 0; y < 4; ++y) {
            for (int x = 0; x < 4; ++x)
                kernel.at<float>(y, x) = taps[y] * taps[x] * float(1.0 + 0.02 * weights.gaussian(1.0));
        }
        cv::filter2D(wide, picture, CV_32F, kernel, {-1, -1}, 0.0, cv::BORDER_REFLECT);
        cv::Mat constant(picture.size(), CV_32FC1), three;
        weights.fill(constant, cv::RNG::NORMAL, 0.0, 0.6);
        cv::cvtColor(constant, three, cv::COLOR_GRAY2BGR);
        picture += three;
    }
    cv::Mat result;
    picture.convertTo(result, CV_8UC3);
    return result;
}

void twoSeeds()
{
    std::vector<cv::Mat> photos;
    for (const Photo &photo : photosOf(u"camera-natural"_s)) {
        const cv::Mat bgr = photo.bgr();
        if (bgr.cols >= 512 && bgr.rows >= 512)
            photos.push_back(bgr(cv::Rect((bgr.cols - 512) / 2, (bgr.rows - 512) / 2, 512, 512)).clone());
    }
    if (photos.size() < 120)
        return line(u"too few photographs for made-up generators"_s);
    for (const int quality : {0, 90}) {
        const auto made = [&](std::size_t i, std::uint64_t seed) {
            const cv::Mat bgr = upsampled(photos[i], seed);
            return generatorResidual(quality > 0 ? savedAs(bgr, {quality}) : bgr);
        };
        GeneratorFingerprintMaker makers[2];
        for (std::size_t i = 0; i < 100; ++i)
            (void)makers[i % 2].add(made(i, i % 2 + 1));
        std::vector<double> chance[2];
        for (std::size_t i = 0; i < photos.size(); i += 2) {
            const cv::Mat real = generatorResidual(quality > 0 ? savedAs(photos[i], {quality}) : photos[i]);
            for (int s = 0; s < 2; ++s)
                chance[s].push_back(*generatorCorrelation(*makers[s].fingerprint(), real));
        }
        int right = 0, tried = 0, rejected = 0, unknown = 0;
        const auto attribute = [&](const cv::Mat &residual) {
            double z[2];
            for (int s = 0; s < 2; ++s)
                z[s] = otherOrigin(chance[s]).deviations(*generatorCorrelation(*makers[s].fingerprint(), residual));
            return std::max(z[0], z[1]) < kGeneratorDeviations ? -1 : z[1] > z[0];
        };
        for (std::size_t i = 100; i < photos.size(); ++i) {
            for (int s = 0; s < 2; ++s, ++tried)
                right += attribute(made(i, std::uint64_t(s) + 1)) == s;
        }
        for (std::size_t i = 1; i < photos.size(); i += 2, ++unknown)
            rejected += attribute(generatorResidual(quality > 0 ? savedAs(photos[i], {quality}) : photos[i])) < 0;
        line(u"two seeds of one made-up generator, 50 pictures each, %1: %2 of %3 right, %4 of %5 photographs none of these"_s
                 .arg(quality == 0 ? u"lossless"_s : u"written at %1"_s.arg(quality)).arg(right).arg(tried).arg(rejected).arg(unknown));
    }
}

QString bodyOf(const QString &name)
{
    return name.section(u'_', 1, 3);
}

void sensorHoles()
{
    const std::vector<Photo> photos = photosOf(u"camera-prnu"_s), donors = photosOf(u"camera-natural"_s);
    std::map<QString, FingerprintMaker> makers;
    for (const Photo &photo : photos) {
        if (photo.name.startsWith(u"flatfield"_s))
            (void)makers[bodyOf(photo.name)].add(photo.bgr());
    }
    line(u"a place of 256 x 256 px from another camera in natural pictures of enrolled bodies: picture, PCE, F1, IoU, share found untouched, unseen"_s);
    double f1 = 0.0, seconds = 0.0;
    int made = 0, overHalf = 0, alarms = 0, matched = 0, matchedOver = 0;
    for (const Photo &photo : photos) {
        if (!photo.name.startsWith(u"natural"_s) || makers[bodyOf(photo.name)].count() < 3)
            continue;
        const cv::Mat print = *makers[bodyOf(photo.name)].fingerprint(), host = photo.bgr();
        for (int k = 0; k < 3; ++k) {
            cv::RNG random(std::uint64_t(made) + 5);
            const cv::Rect place(random.uniform(32, host.cols - 288), random.uniform(32, host.rows - 288), 256, 256);
            cv::Mat forged = host.clone();
            donors[std::size_t(made * 7) % donors.size()].bgr()(cv::Rect(32, 32, 256, 256)).copyTo(forged(place));
            const cv::Mat noise = pictureNoise(forged);
            const auto match = matchFingerprint(print, forged, noise);
            const double before = cpuSeconds();
            const auto map = absenceMap(print, forged, noise);
            seconds += cpuSeconds() - before;
            const auto own = absenceMap(print, host, pictureNoise(host));
            if (!map || !own || !match)
                continue;
            cv::Mat found, truth(host.size(), CV_8UC1, cv::Scalar(0));
            cv::resize(map->mask, found, host.size(), 0, 0, cv::INTER_NEAREST);
            truth(place).setTo(255);
            const double one = maskAgreement(found, truth).f1(), iou = one / (2.0 - one);
            const double share = double(cv::countNonZero(own->mask)) / double(own->mask.total());
            line(u"  %1 %2 %3 %4 %5 %6"_s.arg(photo.name, -28).arg(match->pce, 8, 'f', 1).arg(one, 6, 'f', 2).arg(iou, 6, 'f', 2)
                     .arg(share, 6, 'f', 3).arg(map->unseen, 6, 'f', 2));
            ++made;
            f1 += one;
            overHalf += iou >= 0.5;
            if (match->pce > kFingerprintPce) {
                ++matched;
                matchedOver += iou >= 0.5;
            }
            alarms += share > 0.0;
        }
    }
    line(u"  %1 made: mean F1 %2, IoU at least 0.5 in %3 (of the %4 whose whole picture matches: %5); untouched twins with a place: %6; %7 CPU s a map"_s
             .arg(made).arg(f1 / std::max(made, 1), 0, 'f', 3).arg(overHalf).arg(matched).arg(matchedOver).arg(alarms).arg(seconds / std::max(made, 1), 0, 'f', 2));
}

void synthetic()
{
    const cv::Size size(1024, 1024);
    cv::RNG random(3);
    cv::Mat pattern(size, CV_32FC1);
    random.fill(pattern, cv::RNG::NORMAL, 0.0, 0.01);
    const auto seen = [&](const cv::Mat &sensor) {
        cv::Mat scene(64, 64, CV_32FC1), noise(size, CV_32FC1), bgr;
        random.fill(scene, cv::RNG::NORMAL, 140.0, 30.0);
        cv::resize(scene, scene, size, 0, 0, cv::INTER_CUBIC);
        random.fill(noise, cv::RNG::NORMAL, 0.0, 2.0);
        scene = scene.mul(1.0 + sensor) + noise;
        scene.convertTo(scene, CV_8U);
        cv::cvtColor(scene, bgr, cv::COLOR_GRAY2BGR);
        return bgr;
    };
    FingerprintMaker maker;
    for (int i = 0; i < 50; ++i)
        (void)maker.add(seen(pattern));
    const cv::Mat print = *maker.fingerprint();
    double lowest = 1e9, highest = -1e9;
    for (int i = 0; i < 20; ++i) {
        const cv::Mat bgr = seen(pattern);
        lowest = std::min(lowest, matchFingerprint(print, bgr, pictureNoise(bgr))->pce);
    }
    // Other sensors: one picture, compared at places of the print that cannot match.
    cv::Mat other(size, CV_32FC1);
    int trials = 0, above = 0;
    for (int i = 0; i < 10; ++i) {
        random.fill(other, cv::RNG::NORMAL, 0.0, 0.01);
        const cv::Mat bgr = seen(other), noise = pictureNoise(bgr);
        for (int k = 0; k < 100; ++k, ++trials) {
            cv::Mat moved = cv::repeat(print, 2, 2)(cv::Rect(random.uniform(0, size.width), random.uniform(0, size.height), size.width, size.height)).clone();
            cv::Mat expected = moved.mul(cv::Mat(size, CV_32FC1, cv::Scalar(1)));
            expected -= cv::mean(expected)[0];
            const double rho = noise.dot(expected) / (cv::norm(noise) * cv::norm(expected));
            const double pce = rho * rho * double(size.area()); // the energy of independent planes is 1 / samples
            highest = std::max(highest, pce);
            above += pce >= 30.0;
        }
    }
    line(u"made-up sensor of 1 %, 50 pictures of 1024 px: correlation with the truth %1; lowest PCE of 20 own pictures %2; %3 comparisons with others: %4 at 30 or more, highest %5"_s
             .arg(print.dot(pattern) / (cv::norm(print) * cv::norm(pattern)), 0, 'f', 3).arg(lowest, 0, 'f', 0).arg(trials).arg(above).arg(highest, 0, 'f', 1));
}

} // namespace

void measureFingerprint()
{
    alignedFaces();
    generators();
    twoSeeds();
    sensorHoles();
    synthetic();
}

} // namespace fw::accuracy
