// SPDX-License-Identifier: GPL-3.0-or-later
#include "splices.h"

#include "photo/regions.h"
#include "sets.h"
#include "stats/ranking.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

cv::Mat read(const QString &path)
{
    return cv::imread(path.toStdString(), cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
}

} // namespace

double pixelArea(const cv::Mat &map, const cv::Mat &truth)
{
    std::vector<float> known;
    for (int y = 0; y < map.rows; y += 4) {
        for (int x = 0; x < map.cols; x += 4) {
            if (const float value = map.at<float>(y, x); value == value)
                known.push_back(value);
        }
    }
    if (known.empty())
        return 0.5;
    std::nth_element(known.begin(), known.begin() + std::ptrdiff_t(known.size() / 2), known.end());
    const float middle = known[known.size() / 2];
    std::vector<double> inside, outside;
    for (int y = 0; y < map.rows; y += 4) {
        for (int x = 0; x < map.cols; x += 4) {
            const float value = map.at<float>(y, x);
            (truth.at<uchar>(y, x) ? inside : outside).push_back(double(value == value ? value : middle));
        }
    }
    const auto area = rocArea(outside, inside);
    return area ? area->area : 0.5;
}

SpliceSet comofod()
{
    SpliceSet set{u"copymove-comofod"_s, {}, {}};
    const QDir masks(test::shared(u"copymove-comofod/mask"_s));
    for (const QString &name : masks.entryList({u"*.png"_s}, QDir::Files, QDir::Name)) {
        set.forged.push_back({test::shared(u"copymove-comofod/forged/"_s) + name, masks.filePath(name)});
        set.authentic.push_back(test::shared(u"copymove-comofod/orig/"_s) + name);
    }
    return set;
}

SpliceSet imdSplices()
{
    SpliceSet set{u"splice-imd"_s, {}, {}};
    const QDir forged(test::shared(u"splice-imd/tampered"_s)), authentic(test::shared(u"splice-imd/authentic"_s));
    for (const QString &name : forged.entryList(QDir::Files, QDir::Name))
        set.forged.push_back({forged.filePath(name), test::shared(u"splice-imd/mask/"_s) + QFileInfo(name).completeBaseName() + u"_mask.png"_s});
    for (const QString &name : authentic.entryList(QDir::Files, QDir::Name))
        set.authentic.push_back(authentic.filePath(name));
    return set;
}

void printSplices(const QString &method, const SpliceSet &set, const Look &look, double threshold)
{
    std::vector<double> forgedScores, authenticScores;
    double f1 = 0.0, iou = 0.0, all = 0.0, area = 0.0;
    int made = 0;
    for (const SpliceSet::Forged &one : set.forged) {
        const cv::Mat picture = read(one.path);
        cv::Mat truth = cv::imread(one.mask.toStdString(), cv::IMREAD_GRAYSCALE), map;
        if (picture.empty() || truth.empty())
            continue;
        truth = truth > 127;
        forgedScores.push_back(look(picture, &map));
        if (map.size() != truth.size())
            cv::resize(map, map, truth.size(), 0, 0, cv::INTER_LINEAR);
        const cv::Mat marked = map > threshold;
        ++made;
        const double both = cv::countNonZero(marked & truth), either = cv::countNonZero(marked | truth);
        const double share = double(cv::countNonZero(truth)) / double(truth.total());
        f1 += maskAgreement(marked, truth).f1();
        iou += either > 0.0 ? both / either : 0.0;
        all += 2.0 * share / (1.0 + share);
        area += pixelArea(map, truth);
    }
    for (const QString &path : set.authentic) {
        cv::Mat map;
        if (const cv::Mat picture = read(path); !picture.empty())
            authenticScores.push_back(look(picture, &map));
    }
    const double n = std::max(made, 1);
    line(u"%1 on %2: %3 forged, mean F1 %4 (marking everything: %5), mean IoU %6, pixel AUC %7; pictures: %8"_s
             .arg(method, set.name).arg(made).arg(f1 / n, 0, 'f', 3).arg(all / n, 0, 'f', 3).arg(iou / n, 0, 'f', 3)
             .arg(area / n, 0, 'f', 3).arg(areaText(authenticScores, forgedScores)));
}

} // namespace fw::accuracy
