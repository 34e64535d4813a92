// SPDX-License-Identifier: GPL-3.0-or-later
#include "dimple_detector.h"
#include "forge/blend.h"
#include "forge/jpeg_coder.h"
#include "methods.h"
#include "photo/regions.h"
#include "photo/residual.h"
#include "sets.h"
#include "stats/quantile.h"

#include <opencv2/imgproc.hpp>

#include <QFile>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

const QString kFolder = u"detect/jpeg_dimples"_s;

std::unique_ptr<Detector> make()
{
    return std::make_unique<DimpleDetector>();
}

/// "make,model" -> label, as measured by others.
std::map<QString, QString> labels()
{
    std::map<QString, QString> result;
    QFile file(test::shared(u"camera-photos/dimple_labels.csv"_s));
    if (!file.open(QIODevice::ReadOnly))
        return result;
    for (const QString &row : QString::fromUtf8(file.readAll()).split(u'\n').mid(1)) {
        QStringList cells;
        QString cell;
        bool quoted = false;
        for (const QChar c : row) {
            if (c == u'"')
                quoted = !quoted;
            else if (c == u',' && !quoted)
                cells.append(std::exchange(cell, {}));
            else
                cell += c;
        }
        cells.append(cell);
        if (cells.size() >= 9)
            result[cells[0].trimmed() + u' ' + cells[1].trimmed()] = cells[8].trimmed();
    }
    return result;
}

double tableValue(const AnalysisResult &result, const QString &row)
{
    return test::valueIn(test::tableOf(result.measured, u"dimples"_s), row).toDouble();
}

void presenceOnCameras(std::vector<Photo> *withDimples, std::vector<Photo> *without)
{
    const auto label = labels();
    std::vector<double> positives, negatives, pcePositives, pceNegatives;
    line(u"dimples of camera-photos: picture, label, verdict, correlation, height, deviations, PCE, quality"_s);
    for (const Photo &photo : photosOf(u"camera-photos"_s)) {
        const auto found = label.find(photo.camera);
        const QString truth = found == label.end() ? u"no label"_s : found->second;
        const auto result = examine(make, photo.path, kFolder);
        if (!result) {
            line(u"  %1: %2"_s.arg(photo.name, result.error().text()));
            continue;
        }
        const double correlation = tableValue(*result, u"Correlation with the predicted dimple"_s);
        const double pce = tableValue(*result, u"Impulse energy, PCE"_s);
        const auto jpeg = readJpeg(photo.path, false);
        line(u"  %1 %2 %3 %4 %5 %6 %7 %8 (%9,%10)"_s.arg(photo.name.left(44), -44).arg(truth, -14)
                 .arg(verdictName(result->findings.front().verdict), -14).arg(correlation, 6, 'f', 2)
                 .arg(tableValue(*result, u"Height along the prediction (grey levels)"_s), 7, 'f', 3)
                 .arg(tableValue(*result, u"Height over its scatter"_s), 7, 'f', 1).arg(pce, 6, 'f', 1)
                 .arg(jpeg && jpeg->lumaQuality() ? jpeg->lumaQuality()->quality : 0)
                 .arg(tableValue(*result, u"Phase x (px)"_s)).arg(tableValue(*result, u"Phase y (px)"_s)));
        if (truth.startsWith(u"dimple"_s)) {
            positives.push_back(std::abs(correlation));
            pcePositives.push_back(pce);
            withDimples->push_back(photo);
        } else if (truth == u"none_measured"_s) {
            negatives.push_back(std::abs(correlation));
            pceNegatives.push_back(pce);
            without->push_back(photo);
        }
    }
    line(u"presence against the labels, |correlation|: "_s + areaText(negatives, positives));
    line(u"presence against the labels, published PCE:  "_s + areaText(pceNegatives, pcePositives));
}

/// Smaller, which leaves the earlier grid behind.
cv::Mat smaller(const Photo &photo)
{
    cv::Mat small;
    cv::resize(photo.bgr(), small, {}, 0.8, 0.8, cv::INTER_AREA);
    return small;
}

void rounding(const std::vector<Photo> &pictures)
{
    static const QStringList names{u"nearest"_s, u"floor"_s, u"ceil"_s, u"truncate"_s};
    line(u"natural-bsds written by our coder: rounding, quality, pictures, present with the right sign, absent, other"_s);
    for (int r = 0; r < 4; ++r) {
        for (const int quality : {98, 95, 85, 75}) {
            int present = 0, absent = 0, other = 0;
            for (const Photo &photo : pictures) {
                const cv::Mat luma = lumaOf(savedAs(smaller(photo), {quality, Rounding(r)}));
                const DimpleMatch match = matchAtOrigin(weightedFold(blockStack(luma, {0, 0})), ijgTable(quality, false));
                const DimplePresence presence = presenceOf(match, false, {});
                const bool sign = r == 0 || r == 3 || (match.correlation > 0.0) == (r == 2);
                present += presence == DimplePresence::Present && sign;
                absent += presence == DimplePresence::Absent;
                other += presence == DimplePresence::Unclear || (presence == DimplePresence::Present && !sign);
            }
            line(u"  %1 %2 %3 %4 %5 %6"_s.arg(names[r], -10).arg(quality, 4).arg(pictures.size(), 5).arg(present, 5).arg(absent, 5).arg(other, 5));
        }
    }
}

/// Single windows of 128 px of pictures written by our coder: directed rounding against rounding to nearest.
void windows(const std::vector<Photo> &pictures)
{
    constexpr int kWindow = 128;
    line(u"windows of 128 px, rounded up or down against rounded to nearest, |correlation|: quality, area"_s);
    for (const int quality : {95, 85, 75}) {
        std::vector<double> nearest, directed;
        for (const Photo &photo : pictures) {
            const cv::Mat bgr = smaller(photo);
            for (const Rounding rounding : {Rounding::Nearest, Rounding::Floor, Rounding::Ceil}) {
                const cv::Mat luma = lumaOf(savedAs(bgr, {quality, rounding}));
                for (int y = 0; y + kWindow <= luma.rows; y += kWindow) {
                    for (int x = 0; x + kWindow <= luma.cols; x += kWindow) {
                        const Fold fold = weightedFold(blockStack(luma(cv::Rect(x, y, kWindow, kWindow)), {0, 0}));
                        const double correlation = std::abs(matchAtOrigin(fold, ijgTable(quality, false)).correlation);
                        (rounding == Rounding::Nearest ? nearest : directed).push_back(correlation);
                    }
                }
            }
        }
        line(u"  %1 "_s.arg(quality, 4) + areaText(nearest, directed));
    }
}

/// Pictures rounded up, cropped by 0 to 7 px each way and kept without loss.
void phases(const std::vector<Photo> &pictures)
{
    line(u"phase after a crop: quality, crops, present at the right phase, absent, wrong phase"_s);
    cv::RNG random(7);
    for (const int quality : {98, 95, 85, 75}) {
        int right = 0, absent = 0, wrong = 0, made = 0;
        for (const Photo &photo : pictures) {
            const cv::Mat saved = savedAs(smaller(photo), {quality, Rounding::Ceil});
            for (int k = 0; k < 4; ++k) {
                const cv::Point from(random.uniform(0, 8), random.uniform(0, 8));
                const cv::Mat crop = saved(cv::Rect(from, cv::Point(saved.cols, saved.rows))).clone();
                const auto result = examineSaved(make, crop, 0, kFolder);
                if (!result)
                    continue;
                ++made;
                const Verdict verdict = result->findings.front().verdict;
                const bool present = verdict == Verdict::Consistent || verdict == Verdict::Suspicious;
                const bool agrees = tableValue(*result, u"Phase x (px)"_s) == (8 - from.x) % 8
                    && tableValue(*result, u"Phase y (px)"_s) == (8 - from.y) % 8;
                right += present && agrees;
                wrong += present && !agrees;
                absent += !present;
            }
        }
        line(u"  %1 %2 %3 %4 %5"_s.arg(quality, 4).arg(made, 5).arg(right, 5).arg(absent, 5).arg(wrong, 5));
    }
}

/// @param quality  0: the host is a camera's own file; else it is written by our coder, rounding up.
void pastes(const std::vector<Photo> &hosts, const std::vector<Photo> &donors, int hostQuality)
{
    line((hostQuality == 0 ? u"pastes into cameras' pictures with dimples"_s : u"pastes into pictures rounded up at %1"_s.arg(hostQuality)) + u": last save, made, suspicious, mean F1, median F1, untouched twins suspicious, twins' mean masked share, pastes whose dimples were not told, mean F1 of the others"_s);
    ForgeryRange range;
    range.sources = {Source::OtherPicture};
    range.leastArea = 0.08; // objects of about 200 to 400 px in pictures of 640 px
    range.greatestArea = 0.25;
    range.untouched = 1.0;
    for (const int quality : {0, 90}) {
        std::vector<double> scores;
        int suspicious = 0, twins = 0, untold = 0;
        double masked = 0.0;
        for (std::size_t i = 0; i < hosts.size(); ++i) {
            for (std::uint64_t k = 0; k < (hostQuality == 0 ? 4u : 1u); ++k) {
                const cv::Mat host = hostQuality == 0 ? hosts[i].bgr() : savedAs(smaller(hosts[i]), {hostQuality, Rounding::Ceil});
                const cv::Mat donor = donors[(i * 4 + k + 3) % donors.size()].bgr();
                ForgeryPlan plan = drawPlan(1000 * i + k, range, host.size(), donor.size());
                plan.edge = Edge::Hard;
                const cv::Mat mask = outlineMask(plan, host.size());
                const cv::Mat forged = pasted(host, donor, plan, mask);
                const auto look = [&](const cv::Mat &picture, cv::Mat *found) {
                    QByteArray bytes;
                    if (quality > 0)
                        savedAs(picture, {quality}, &bytes);
                    const auto result = quality == 0 ? examineSaved(make, picture, 0, kFolder) : examine(make, asFile(bytes, u"jpg"_s), kFolder);
                    *found = cv::Mat(mask.size(), CV_8UC1, cv::Scalar(0));
                    if (!result)
                        return Verdict::NotApplicable;
                    const HeatMap &map = result->measured.heatMaps.front();
                    if (map.id.startsWith(u"missing"_s)) {
                        cv::Mat values = map.values > 0.5;
                        values = withoutSmallRegions(values, 144);
                        cv::Mat large;
                        cv::resize(values, large, cv::Size(values.cols * 8, values.rows * 8), 0, 0, cv::INTER_NEAREST);
                        const cv::Rect place(int(map.region.x), int(map.region.y), large.cols, large.rows);
                        large.copyTo((*found)(place));
                    }
                    return result->findings.front().verdict;
                };
                cv::Mat found;
                const Verdict verdict = look(forged, &found);
                suspicious += verdict == Verdict::Suspicious;
                untold += verdict == Verdict::NotApplicable || verdict == Verdict::Inconclusive;
                scores.push_back(maskAgreement(found, mask).f1());
                twins += look(host, &found) == Verdict::Suspicious;
                masked += double(cv::countNonZero(found)) / double(found.total());
            }
        }
        double mean = 0.0;
        for (const double score : scores)
            mean += score / double(scores.size());
        std::sort(scores.begin(), scores.end());
        const int told = int(scores.size()) - untold; // the others scored 0
        line(u"  %1 %2 %3 %4 %5 %6 %7"_s.arg(quality == 0 ? u"PNG"_s : u"JPEG %1"_s.arg(quality), -8).arg(scores.size(), 5)
                 .arg(suspicious, 5).arg(mean, 7, 'f', 3).arg(scores[scores.size() / 2], 7, 'f', 3).arg(twins, 5)
                 .arg(masked / double(scores.size()), 8, 'f', 4)
             + u" %1 %2"_s.arg(untold, 4).arg(told > 0 ? mean * double(scores.size()) / told : 0.0, 7, 'f', 3));
    }
}

} // namespace

void measureDimples()
{
    std::vector<Photo> withDimples, without;
    presenceOnCameras(&withDimples, &without);
    const std::vector<Photo> bsds = photosOf(u"natural-bsds"_s);
    rounding(bsds);
    windows(bsds);
    if (!withDimples.empty() && !without.empty())
        pastes(withDimples, without, 0);
    std::vector<Photo> natural = photosOf(u"camera-natural"_s), some;
    for (std::size_t i = 0; i < natural.size(); i += 6)
        some.push_back(natural[i]);
    phases(some);
    for (const int quality : {95, 85})
        pastes(some, some, quality);
    line(u"dimples of camera-natural: camera, pictures, correlation at 5, 50 and 95 %, PCE at 50 and 95 %"_s);
    std::map<QString, std::pair<std::vector<double>, std::vector<double>>> cameras;
    for (const Photo &photo : photosOf(u"camera-natural"_s)) {
        if (const auto result = examine(make, photo.path, kFolder)) {
            cameras[photo.camera].first.push_back(tableValue(*result, u"Correlation with the predicted dimple"_s));
            cameras[photo.camera].second.push_back(tableValue(*result, u"Impulse energy, PCE"_s));
        }
    }
    for (const auto &[camera, values] : cameras)
        line(u"  %1 %2 %3 %4 %5 %6 %7"_s.arg(camera, -40).arg(values.first.size(), 5).arg(*quantile(values.first, 0.05), 7, 'f', 2)
                 .arg(*quantile(values.first, 0.5), 7, 'f', 2).arg(*quantile(values.first, 0.95), 7, 'f', 2)
                 .arg(*quantile(values.second, 0.5), 7, 'f', 1).arg(*quantile(values.second, 0.95), 7, 'f', 1));
    printFalseAlarms(u"dimples"_s, make, kFolder);
}

} // namespace fw::accuracy
