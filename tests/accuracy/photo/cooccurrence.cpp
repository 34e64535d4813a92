// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/jpeg_coder.h"
#include "methods.h"
#include "origins/generated_set.h"
#include "photo/pair_counts.h"
#include "sets.h"
#include "stats/fisher_ensemble.h"
#include "stats/ranking.h"

#include <opencv2/imgproc.hpp>

#include <ctime>
#include <set>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

/// Matrices of 32 x 32 cells: those within channels, or all six.
std::vector<double> valuesOf(const cv::Mat &bgr, bool crossBand)
{
    std::vector<double> values;
    const auto counts = pairCounts(bgr);
    for (std::size_t i = 0; i < (crossBand ? 6 : 3); ++i) {
        const cv::Mat picture = pairPicture(counts[i], 32);
        values.insert(values.end(), picture.begin<float>(), picture.end<float>());
    }
    return values;
}

struct Change
{
    QString name;
    std::function<cv::Mat(const cv::Mat &)> apply;
};

std::vector<Change> changes()
{
    const auto jpeg = [](int quality) { return [quality](const cv::Mat &p) { return savedAs(p, {quality}); }; };
    return {{u"JPEG 95"_s, jpeg(95)},
            {u"JPEG 85"_s, jpeg(85)},
            {u"JPEG 75"_s, jpeg(75)},
            {u"JPEG 50"_s, jpeg(50)},
            {u"blur 1.0"_s, [](const cv::Mat &p) { cv::Mat r; cv::GaussianBlur(p, r, {}, 1.0); return savedAs(r, {95}); }},
            {u"resize 0.7"_s, [](const cv::Mat &p) { cv::Mat r; cv::resize(p, r, {}, 0.7, 0.7, cv::INTER_AREA); return savedAs(r, {95}); }}};
}

} // namespace

void measureCooccurrence()
{
    const double start = double(std::clock()) / CLOCKS_PER_SEC;
    cv::Mat large(3000, 4000, CV_8UC3);
    cv::RNG(1).fill(large, cv::RNG::NORMAL, cv::Scalar::all(120), cv::Scalar::all(30));
    (void)pairCounts(large);
    line(u"six matrices of 12 megapixels: %1 CPU s"_s.arg(double(std::clock()) / CLOCKS_PER_SEC - start, 0, 'f', 2));
    const auto pictures = lab::originPictures(test::sharedDir() + u"/data"_s, 192);
    std::set<QString> names;
    for (const auto &picture : pictures)
        if (picture.generated)
            names.insert(picture.origin);
    line(u"each generator against photographs of other sources than trained on; Fisher ensemble, trained on the other generators at JPEG 95, 192 px"_s);
    for (const bool crossBand : {false, true}) {
        const auto all = changes();
        std::vector<std::vector<std::vector<double>>> values(all.size());
        for (std::size_t c = 0; c < all.size(); ++c) {
            for (const auto &picture : pictures)
                values[c].push_back(valuesOf(all[c].apply(picture.bgr), crossBand));
        }
        line(crossBand ? u"with pairs between channels:"_s : u"pairs within channels:"_s);
        for (const QString &name : names) {
            SampleMatrix negative, positive;
            for (std::size_t i = 0; i < pictures.size(); ++i) {
                const auto &p = pictures[i];
                if (p.generated ? p.origin != name : lab::inFirstHalf(p.origin))
                    (p.generated ? positive : negative).add(values[0][i]);
            }
            const FisherEnsemble ensemble = FisherEnsemble::train(negative, positive);
            for (std::size_t c = 0; c < all.size(); ++c) {
                std::vector<double> low, high;
                for (std::size_t i = 0; i < pictures.size(); ++i) {
                    const auto &p = pictures[i];
                    if (p.generated ? p.origin == name : !lab::inFirstHalf(p.origin))
                        (p.generated ? high : low).push_back(ensemble.score(values[c][i]));
                }
                line(u"  %1 %2 %3"_s.arg(name, -20).arg(all[c].name, -11).arg(areaText(low, high)));
            }
        }
    }
}

} // namespace fw::accuracy
