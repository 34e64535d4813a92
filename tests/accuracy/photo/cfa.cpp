// SPDX-License-Identifier: GPL-3.0-or-later
#include "bayer.h"
#include "cfa_detector.h"
#include "methods.h"
#include "photo/regions.h"
#include "sets.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

std::unique_ptr<Detector> make()
{
    return std::make_unique<CfaDetector>();
}

/// Half the size: no pattern of a colour filter array is left.
cv::Mat clean(const Photo &photo)
{
    cv::Mat half;
    cv::resize(photo.bgr(), half, {}, 0.5, 0.5, cv::INTER_AREA);
    return half;
}

cv::Mat savedAt(const cv::Mat &picture, int quality)
{
    if (quality == 0)
        return picture;
    std::vector<uchar> bytes;
    cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, quality, cv::IMWRITE_JPEG_OPTIMIZE, 0});
    return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

void withoutPattern(bool forFitting)
{
    std::vector<double> medians;
    int applicable = 0, pictures = 0;
    for (const Photo &photo : photosBy(u"camera-natural"_s, forFitting, 1)) {
        for (const int quality : {0, 95}) {
            if (const auto features = cfaFeatures(savedAt(clean(photo), quality), {})) {
                medians.push_back(features->median);
                ++pictures;
                applicable += features->median >= CfaLimits{}.leastMedian;
            }
        }
    }
    line(u"half size, never filtered, PNG and JPEG 95, %1 cameras: %2 pictures, median log ratio 50 % %3, 95 % %4, highest %5, taken for applicable %6"_s
             .arg(forFitting ? u"fitting"_s : u"unseen"_s).arg(pictures).arg(*quantile(medians, 0.5), 0, 'f', 3).arg(*quantile(medians, 0.95), 0, 'f', 3)
             .arg(*quantile(medians, 1.0), 0, 'f', 3).arg(applicable));
}

void holes(const std::vector<Photo> &photos)
{
    line(u"unseen cameras, half size, through a Bayer filter, a place of 128 px that was not: interpolation, last save, made, applicable, suspicious (were it no JPEG), mean and worst AUC (of those applicable), mean F1, untouched twins applicable, suspicious"_s);
    const std::vector<std::pair<QString, int>> ways{{u"bilinear"_s, cv::COLOR_BayerRG2BGR}, {u"edge aware"_s, cv::COLOR_BayerRG2BGR_EA},
                                                    {u"gradients"_s, cv::COLOR_BayerRG2BGR_VNG}};
    for (const auto &[name, code] : ways) {
        for (const int quality : {0, 98, 95, 90}) {
            int made = 0, applicable = 0, named = 0, twins = 0, twinPlaces = 0;
            double sum = 0.0, worst = 1.0, f1 = 0.0;
            for (std::size_t i = 0; i < photos.size(); ++i) {
                const cv::Mat scene = clean(photos[i]), camera = test::throughBayer(scene, code);
                cv::Mat forged = camera.clone();
                const cv::Rect place(16 + int(i * 13 % 7) * 8, 24 + int(i * 5 % 9) * 8, 128, 128);
                if ((place & cv::Rect({0, 0}, scene.size())) != place)
                    continue;
                scene(place).copyTo(forged(place));
                double median = 0.0;
                const auto look = [&](const cv::Mat &picture, EvidenceMap *evidence) {
                    const auto features = cfaFeatures(picture, {});
                    if (!features || features->median < CfaLimits{}.leastMedian)
                        return false;
                    median = features->median;
                    const CfaMixture mixture = fitCfaMixture(*features);
                    *evidence = evidenceMap(cfaEvidence(*features, mixture), CfaLimits{}.places, mixture.share);
                    return true;
                };
                EvidenceMap evidence, untouched;
                ++made;
                if (look(savedAt(camera, quality), &untouched)) {
                    ++twins;
                    twinPlaces += !untouched.places.empty() && untouched.mostSayYes && median >= CfaLimits{}.clearMedian;
                }
                if (!look(savedAt(forged, quality), &evidence))
                    continue;
                ++applicable;
                named += !evidence.places.empty() && evidence.mostSayYes && median >= CfaLimits{}.clearMedian;
                cv::Mat truth(evidence.unlike.size(), CV_8UC1, cv::Scalar(0));
                truth(cv::Rect(place.tl() / kCfaCell, place.size() / kCfaCell)).setTo(255);
                std::vector<double> inside, outside;
                for (int y = 0; y < truth.rows; ++y) {
                    for (int x = 0; x < truth.cols; ++x)
                        (truth.at<uchar>(y, x) ? inside : outside).push_back(double(evidence.unlike.at<float>(y, x)));
                }
                const double area = rocArea(outside, inside)->area;
                sum += area;
                worst = std::min(worst, area);
                f1 += maskAgreement(evidence.mask, truth).f1();
            }
            line(u"  %1 %2 %3 %4 %5 %6 %7 %8 %9"_s.arg(name, -11).arg(quality == 0 ? u"PNG"_s : QString::number(quality), 4).arg(made, 4).arg(applicable, 4)
                     .arg(named, 4).arg(sum / std::max(applicable, 1), 7, 'f', 3).arg(worst, 7, 'f', 3).arg(f1 / std::max(applicable, 1), 7, 'f', 3)
                     .arg(u"%1 %2"_s.arg(twins, 4).arg(twinPlaces, 4)));
        }
    }
}

} // namespace

void measureCfa()
{
    withoutPattern(true);
    withoutPattern(false);
    holes(photosBy(u"camera-natural"_s, false, 4));
    printFalseAlarms(u"colour filter pattern"_s, make, u"detect/cfa"_s);
}

} // namespace fw::accuracy
