// SPDX-License-Identifier: GPL-3.0-or-later
// Pairs of values: photographs against what auto-encoders make of the same photographs, so that neither tone nor subject tells.
// FW_ZOO names the folder that `fw-train-photo zoo` made.
#include "forge/twin_changes.h"
#include "methods.h"
#include "photo/pair_counts.h"
#include "sets.h"
#include "stats/fisher_ensemble.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

constexpr int kSide = 256, kLevels = 32;
constexpr int kTrainCrops = 16; ///< the others, by other sources, are measured

/// Matrices within R, G and B, of the values themselves in 32 x 32 cells and of what the mean of four neighbours leaves of them,
/// -16 to 15.
std::vector<double> valuesOf(const cv::Mat &bgr)
{
    static const cv::Mat kernel = (cv::Mat_<float>(3, 3) << 0, -0.25, 0, -0.25, 1, -0.25, 0, -0.25, 0);
    std::vector<double> values;
    cv::Mat channels[3];
    cv::split(bgr, channels);
    for (const cv::Mat &channel : channels) {
        const cv::Mat own = pairPicture(neighbourCounts(channel), kLevels);
        values.insert(values.end(), own.begin<float>(), own.end<float>());
        cv::Mat rest;
        cv::filter2D(channel, rest, CV_8U, kernel, {-1, -1}, 128.0);
        cv::Mat middle = neighbourCounts(rest)(cv::Rect(128 - kLevels / 2, 128 - kLevels / 2, kLevels, kLevels)).clone(), shares;
        middle.convertTo(shares, CV_64F, 1.0 / std::max(cv::sum(middle)[0], 1.0));
        cv::sqrt(shares, shares);
        values.insert(values.end(), shares.begin<double>(), shares.end<double>());
    }
    return values;
}

std::vector<cv::Mat> picturesIn(const QDir &folder)
{
    std::vector<cv::Mat> pictures;
    for (const QString &name : folder.entryList({u"*.png"_s}, QDir::Files, QDir::Name))
        pictures.push_back(cv::imread(folder.filePath(name).toStdString()));
    return pictures;
}

/// The middle of photographs, with another tone when asked, as votes.
std::vector<double> photographScores(const FisherEnsemble &ensemble, bool forFitting, int quality, double gamma, double contrast)
{
    std::vector<double> scores;
    for (const Photo &photo : photosBy(u"camera-natural"_s, forFitting, 2)) {
        const TwinChanges n{gamma, contrast, 1.0, {0.5, 0.5}, quality};
        scores.push_back(ensemble.score(valuesOf(changed(photo.bgr(), n, kSide))));
    }
    return scores;
}

} // namespace

void measurePairZoo()
{
    const QDir zoo(qEnvironmentVariable("FW_ZOO"));
    const std::vector<cv::Mat> real = picturesIn(QDir(zoo.filePath(u"real"_s)));
    if (qEnvironmentVariableIsEmpty("FW_ZOO") || int(real.size()) <= kTrainCrops) {
        line(u"name the folder of `fw-train-photo zoo` in FW_ZOO"_s);
        return;
    }
    QStringList members = zoo.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    members.removeAll(u"real"_s);
    std::map<QString, std::vector<cv::Mat>> made;
    for (const QString &member : members)
        made[member] = picturesIn(QDir(zoo.filePath(member)));
    line(u"pairs of values, photographs against the same through auto-encoders (every third of them never trained on), with the same tone, size and save; "
         "Fisher ensemble per save: save, area on unseen members and crops, worst member; at the limit that 2 % of photographs by fitting cameras reach: found, "
         "photographs by unseen cameras as they are, with other gammas and contrasts"_s);
    for (const int quality : {0, 90, 75}) {
        Draw draw(std::uint64_t(100 + quality));
        SampleMatrix negatives, positives;
        std::vector<double> low;
        std::map<QString, std::vector<double>> high;
        std::vector<std::pair<QString, std::vector<double>>> tests; ///< member, or nothing for the photograph
        for (qsizetype m = 0; m < members.size(); ++m) {
            const bool unseen = m % 3 == 2;
            const std::vector<cv::Mat> &pictures = made[members[m]];
            for (int i = 0; i < int(std::min(real.size(), pictures.size())); ++i) {
                if ((i >= kTrainCrops) != unseen)
                    continue;
                for (int k = 0; k < 2; ++k) {
                    const TwinChanges n = drawTwinChanges(draw, quality);
                    const std::vector<double> photograph = valuesOf(changed(real[std::size_t(i)], n, kSide)), copy = valuesOf(changed(pictures[std::size_t(i)], n, kSide));
                    if (unseen) {
                        tests.emplace_back(QString(), photograph);
                        tests.emplace_back(members[m], copy);
                    } else {
                        negatives.add(photograph);
                        positives.add(copy);
                    }
                }
            }
        }
        const FisherEnsemble ensemble = FisherEnsemble::train(negatives, positives);
        std::vector<double> all;
        for (const auto &[member, values] : tests) {
            const double score = ensemble.score(values);
            if (member.isEmpty()) {
                low.push_back(score);
            } else {
                high[member].push_back(score);
                all.push_back(score);
            }
        }
        QString worst;
        double least = 2.0;
        for (const auto &[member, scores] : high) {
            if (const auto area = rocArea(low, scores); area && area->area < least) {
                least = area->area;
                worst = member;
            }
        }
        const double limit = *quantile(photographScores(ensemble, true, quality, 1.0, 1.0), 0.98);
        const auto above = [&](const std::vector<double> &scores) {
            return u"%1 of %2"_s.arg(std::count_if(scores.begin(), scores.end(), [&](double s) { return s > limit; })).arg(scores.size());
        };
        std::vector<double> otherTones;
        for (const auto &[gamma, contrast] : {std::pair{0.7, 1.0}, {1.4, 1.0}, {1.0, 0.8}, {1.0, 1.2}}) {
            const auto scores = photographScores(ensemble, false, quality, gamma, contrast);
            otherTones.insert(otherTones.end(), scores.begin(), scores.end());
        }
        line(u"  %1 %2, worst %3 %4; limit %5: found %6, photographs %7, other tones %8"_s.arg(quality == 0 ? u"none"_s : QString::number(quality), -5)
                 .arg(areaText(low, all), worst).arg(least, 0, 'f', 3).arg(limit, 0, 'f', 2).arg(above(all), above(photographScores(ensemble, false, quality, 1.0, 1.0)), above(otherTones)));
    }
}

} // namespace fw::accuracy
