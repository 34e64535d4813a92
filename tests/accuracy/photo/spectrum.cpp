// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paths.h"
#include "methods.h"
#include "photo/residual.h"
#include "sets.h"
#include "spectrum_detector.h"
#include "stats/quantile.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

const QString kFolder = u"detect/upsampling_spectrum"_s;

std::unique_ptr<Detector> make()
{
    return std::make_unique<SpectrumDetector>();
}

constexpr int kSide = 512; ///< px: real and generated pictures are given one size

/// The middle at one size; smaller pictures keep theirs when they have 256 px. Never scaled.
cv::Mat middle(const cv::Mat &bgr, int side)
{
    const int w = std::min(side, bgr.cols), h = std::min(side, bgr.rows);
    return bgr(cv::Rect((bgr.cols - w) / 2, (bgr.rows - h) / 2, w, h)).clone();
}

struct Group
{
    QString name;
    std::vector<cv::Mat> pictures;
};

Group groupOf(const QString &name, const QString &folder, int side, std::size_t most = 24)
{
    Group group{name, {}};
    const std::vector<Photo> photos = photosOf(folder);
    const std::size_t step = std::max<std::size_t>(1, photos.size() / most);
    for (std::size_t i = 0; i < photos.size() && group.pictures.size() < most; i += step) {
        const cv::Mat bgr = photos[i].bgr();
        if (!bgr.empty() && std::min(bgr.cols, bgr.rows) >= 256)
            group.pictures.push_back(middle(bgr, side));
    }
    return group;
}

cv::Mat changed(const cv::Mat &picture, const QString &way)
{
    cv::Mat result = picture;
    if (way == u"blur 0.8"_s)
        cv::GaussianBlur(picture, result, {}, 0.8);
    else if (way == u"scaled 0.8"_s)
        cv::resize(picture, result, {}, 0.8, 0.8, cv::INTER_AREA);
    return result;
}

struct Outcome
{
    std::vector<double> scores;
    int suspicious = 0, inconclusive = 0, consistent = 0;
};

const SpectrumScale &scale()
{
    static const SpectrumScale loaded = [] {
        const auto manifest = test::manifestOf(kFolder);
        const ModelSpec &model = manifest->models.front();
        return *SpectrumScale::load(InstallPaths::ofProgram().models() + u'/' + model.file, model.sha256);
    }();
    return loaded;
}

/// The judgement as the detector makes it, without its maps.
Outcome outcomeOf(const Group &group, int quality, const QString &way = {})
{
    Outcome outcome;
    for (const cv::Mat &picture : group.pictures) {
        cv::Mat one = changed(picture, way);
        if (std::min(one.cols, one.rows) < 256)
            continue;
        if (quality > 0) {
            std::vector<uchar> bytes;
            cv::imencode(".jpg", one, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
            one = cv::imdecode(bytes, cv::IMREAD_COLOR);
        }
        const auto reading = readSpectrum(one, 1);
        if (!reading)
            continue;
        const SpectrumJudgement judgement = judge(*reading, scale(), quality > 0 ? quality : 101);
        if (judgement.answer != SpectrumAnswer::NotMeasured)
            outcome.scores.push_back(judgement.llr);
        outcome.suspicious += judgement.answer == SpectrumAnswer::Doubled;
        outcome.consistent += judgement.answer == SpectrumAnswer::Photograph;
        outcome.inconclusive += judgement.answer != SpectrumAnswer::Doubled && judgement.answer != SpectrumAnswer::Photograph;
    }
    return outcome;
}

/// One learned stage: zeros between the samples, then a bilinear kernel whose taps are off by `error`.
cv::Mat transposed(const cv::Mat &luma, double error, std::uint64_t seed)
{
    cv::RNG random(seed);
    cv::Mat kernel = (cv::Mat_<float>(4, 4) << 1, 3, 3, 1, 3, 9, 9, 3, 3, 9, 9, 3, 1, 3, 3, 1) / 16.0f;
    for (int y = 0; y < 4; ++y) {
        for (int x = 0; x < 4; ++x)
            kernel.at<float>(y, x) *= float(1.0 + random.gaussian(error));
    }
    cv::Mat sparse(luma.rows * 2, luma.cols * 2, CV_32FC1, cv::Scalar(0)), result;
    for (int y = 0; y < luma.rows; ++y) {
        for (int x = 0; x < luma.cols; ++x)
            sparse.at<float>(2 * y, 2 * x) = luma.at<float>(y, x);
    }
    cv::filter2D(sparse, result, CV_32F, kernel);
    cv::Mat coded;
    result.convertTo(coded, CV_8U);
    coded.convertTo(result, CV_32F);
    return result;
}

void lattice()
{
    std::vector<Photo> photos = photosOf(u"camera-natural"_s);
    line(u"lattice test on every third picture of camera-natural: change, off-axis z_1 median residual least / most, z_2 most, z_1 Laplacian least / most"_s);
    static const QStringList ways{u"as it is"_s, u"JPEG 95"_s, u"JPEG 85"_s, u"JPEG 70"_s, u"JPEG 50"_s, u"bilinear x2"_s, u"bicubic x2"_s,
                                  u"nearest x2"_s, u"transposed, taps off by 2 %"_s, u"transposed, taps off by 10 %"_s};
    for (const QString &way : ways) {
        std::vector<double> first, second, holes;
        int alarms = 0;
        for (std::size_t i = 0; i < photos.size(); i += 3) {
            const cv::Mat bgr = middle(photos[i].bgr(), kSide), small = middle(bgr, kSide / 2);
            cv::Mat picture = bgr, luma;
            if (way.startsWith(u"JPEG"_s)) {
                std::vector<uchar> bytes;
                cv::imencode(".jpg", bgr, bytes, {cv::IMWRITE_JPEG_QUALITY, way.mid(5).toInt()});
                picture = cv::imdecode(bytes, cv::IMREAD_COLOR);
            } else if (way.endsWith(u"x2"_s)) {
                cv::resize(small, picture, {}, 2.0, 2.0, way.startsWith(u"bil"_s) ? cv::INTER_LINEAR : way.startsWith(u"bic"_s) ? cv::INTER_CUBIC : cv::INTER_NEAREST);
            }
            luma = way.startsWith(u"tran"_s) ? transposed(lumaOf(small), way.contains(u"10"_s) ? 0.1 : 0.02, i + 1) : lumaOf(picture);
            const auto median = tileSpectrum(luma, medianResidual(luma)), laplacian = tileSpectrum(luma, laplacianResidual(luma));
            if (!median || !laplacian || median->tiles == 0 || laplacian->tiles == 0)
                continue;
            const auto m = latticeLevels(median->logPower, 1), l = latticeLevels(laplacian->logPower, 1);
            first.push_back(m[0].offAxisZ);
            second.push_back(m[1].offAxisZ);
            holes.push_back(l[0].offAxisZ);
            alarms += m[0].offAxisZ > 20.0 || m[1].offAxisZ > 20.0 || (l[0].offAxisZ < -6.0 && l[1].offAxisZ < -15.0);
        }
        line(u"  %1 %2 pictures: %3 / %4, %5, %6 / %7; rules met by %8"_s.arg(way, -28).arg(first.size()).arg(*quantile(first, 0.0), 0, 'f', 1)
                 .arg(*quantile(first, 1.0), 0, 'f', 1).arg(*quantile(second, 1.0), 0, 'f', 1).arg(*quantile(holes, 0.0), 0, 'f', 1)
                 .arg(*quantile(holes, 1.0), 0, 'f', 1).arg(alarms));
    }
}

void generators()
{
    const std::vector<Group> real{groupOf(u"FFHQ"_s, u"generated/gen-stylegan2-ffhq-1024/0_real_ffhq"_s, kSide),
                                  groupOf(u"faces-real"_s, u"faces-real"_s, kSide), groupOf(u"BSDS"_s, u"natural-bsds"_s, kSide)};
    const std::vector<Group> made{groupOf(u"StyleGAN2 1024"_s, u"generated/gen-stylegan2-ffhq-1024/1_fake_stylegan2"_s, kSide),
                                  groupOf(u"StyleGAN2 256"_s, u"generated/gen-stylegan2-ffhq-256/1_fake_stylegan2"_s, kSide),
                                  groupOf(u"faces-generated"_s, u"faces-generated"_s, kSide),
                                  groupOf(u"Stable Diffusion 1"_s, u"generated/gen-sd1-txt2img-512/1_fake_sd1"_s, kSide),
                                  groupOf(u"CycleGAN pretrained"_s, u"generated/gen-cyclegan-horse2zebra/1_fake_horse2zebra_pretrained"_s, kSide),
                                  groupOf(u"CycleGAN base"_s, u"generated/gen-cyclegan-horse2zebra/1_fake_h2z_base"_s, kSide),
                                  groupOf(u"GPT-4o"_s, u"generated/gen-gpt4o-awesome/1_fake_gpt4o"_s, kSide)};
    struct Way
    {
        int quality;
        QString change;
    };
    for (const Way &way : {Way{0, {}}, Way{95, {}}, Way{85, {}}, Way{75, {}}, Way{60, {}}, Way{95, u"blur 0.8"_s}, Way{95, u"scaled 0.8"_s}}) {
        line(u"generators never trained on, same size and save, %1 %2: group, pictures, suspicious, inconclusive, consistent, AUC against all real"_s
                 .arg(way.quality == 0 ? u"PNG"_s : u"JPEG %1"_s.arg(way.quality), way.change));
        std::vector<double> negatives;
        for (const Group &group : real) {
            const Outcome outcome = outcomeOf(group, way.quality, way.change);
            negatives.insert(negatives.end(), outcome.scores.begin(), outcome.scores.end());
            line(u"  real %1 %2 %3 %4 %5"_s.arg(group.name, -22).arg(group.pictures.size(), 4).arg(outcome.suspicious, 4).arg(outcome.inconclusive, 4).arg(outcome.consistent, 4));
        }
        for (const Group &group : made) {
            const Outcome outcome = outcomeOf(group, way.quality, way.change);
            line(u"  made %1 %2 %3 %4 %5  %6"_s.arg(group.name, -22).arg(group.pictures.size(), 4).arg(outcome.suspicious, 4).arg(outcome.inconclusive, 4)
                     .arg(outcome.consistent, 4).arg(areaText(negatives, outcome.scores)));
        }
    }
}

void enlarged()
{
    const std::vector<Photo> all = photosOf(u"camera-natural"_s);
    line(u"real pictures of unseen cameras enlarged: way, pictures, suspicious"_s);
    for (const auto &[name, way] : {std::pair(u"bilinear"_s, cv::INTER_LINEAR), std::pair(u"bicubic"_s, cv::INTER_CUBIC), std::pair(u"lanczos"_s, cv::INTER_LANCZOS4)}) {
        for (const double scale : {1.3, 2.0}) {
            Group group;
            for (std::size_t i = 0; i < all.size(); i += 6) {
                if (isForFitting(all, all[i].camera))
                    continue;
                cv::Mat large;
                cv::resize(middle(all[i].bgr(), kSide / 2), large, {}, scale, scale, way);
                group.pictures.push_back(large);
            }
            line(u"  %1 x%2 %3 %4"_s.arg(name, -9).arg(scale).arg(group.pictures.size()).arg(outcomeOf(group, 0).suspicious));
        }
    }
}

/// Authentic pictures as their cameras wrote them, and saved again.
void falseAlarms()
{
    const std::vector<Photo> all = photosOf(u"camera-natural"_s);
    std::map<QString, Group> cameras;
    for (const Photo &photo : all) {
        if (!isForFitting(all, photo.camera))
            cameras[photo.camera].pictures.push_back(photo.bgr());
    }
    line(u"authentic pictures of cameras that neither the zoo nor the calibration has seen: last save, pictures, suspicious, inconclusive, worst camera"_s);
    for (const int quality : {0, 95, 85, 75}) {
        int pictures = 0, suspicious = 0, inconclusive = 0;
        double worstShare = -1.0;
        QString worst;
        for (const auto &[camera, group] : cameras) {
            const Outcome outcome = outcomeOf(group, quality);
            pictures += int(group.pictures.size());
            suspicious += outcome.suspicious;
            inconclusive += outcome.inconclusive;
            const double share = double(outcome.suspicious) / double(group.pictures.size());
            if (share > worstShare) {
                worstShare = share;
                worst = u"%1 (%2 of %3)"_s.arg(camera).arg(outcome.suspicious).arg(group.pictures.size());
            }
        }
        line(u"  %1 %2 %3 %4  %5"_s.arg(quality == 0 ? u"as it was"_s : u"JPEG %1"_s.arg(quality), -10).arg(pictures).arg(suspicious).arg(inconclusive).arg(worst));
    }
}

void cost()
{
    cv::Mat large;
    cv::resize(photosOf(u"camera-natural"_s).front().bgr(), large, cv::Size(4000, 3000), 0, 0, cv::INTER_CUBIC);
    const double start = threadSeconds();
    const auto result = examine(make, large, kFolder);
    line(u"12 million px: %1 s of one processor%2"_s.arg(threadSeconds() - start, 0, 'f', 1).arg(result ? QString() : u", failed"_s));
}

} // namespace

void measureSpectrum()
{
    lattice();
    generators();
    enlarged();
    falseAlarms();
    cost();
}

} // namespace fw::accuracy
