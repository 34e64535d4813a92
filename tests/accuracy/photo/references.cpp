// SPDX-License-Identifier: GPL-3.0-or-later
// What each method of photo forensics scores on authentic photographs: the numbers that ship beside its scores.
// FW_REFERENCES names the methods to measure, between commas, where not all are wanted.
#include "cfa_detector.h"
#include "copy_move_detector.h"
#include "dimple_detector.h"
#include "double_jpeg_detector.h"
#include "findings/score_reference.h"
#include "ghost_detector.h"
#include "grid_detector.h"
#include "methods.h"
#include "resampling_detector.h"
#include "residual_detector.h"
#include "sets.h"

#include <opencv2/imgcodecs.hpp>

#include <QJsonDocument>

#include <set>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

struct Method
{
    QString name;
    MakeDetector make;
    bool onJpegOnly = false;
};

template <class D> MakeDetector maker()
{
    return [] { return std::make_unique<D>(); };
}

/// Fewer photographs than this say nothing of what is usual.
constexpr int kLeastPhotographs = 12;

/// Bands of the last save's quality; the last one is no JPEG.
constexpr std::pair<int, int> kBands[] = {{60, 79}, {80, 89}, {90, 100}, {101, 101}};

/// Qualities that a photograph is saved at after it left the camera: as it is, once more, and without loss. A quality of 75 stands
/// for the lowest band.
constexpr int kSaves[] = {-1, 85, 75, 0};

QString fileOf(const Photo &photo, int save)
{
    if (save < 0)
        return photo.path;
    std::vector<uchar> bytes;
    cv::imencode(save > 0 ? ".jpg" : ".png", photo.bgr(), bytes, save > 0 ? std::vector<int>{cv::IMWRITE_JPEG_QUALITY, save} : std::vector<int>{});
    return asFile(QByteArray(reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size())), save > 0 ? u"jpg"_s : u"png"_s);
}

struct Collected
{
    int asked = 0;
    std::set<QString> cameras;
    std::map<std::pair<QString, QString>, std::vector<double>> values; ///< by finding and name of the score
};

/// Writes what was collected so far.
void write(std::map<QString, std::map<int, Collected>> *all, int longerSide)
{
    QDir().mkpath(u"references"_s);
    for (auto &[method, bands] : *all) {
        ScoreReference reference;
        for (auto &[band, collected] : bands) {
            if (collected.asked < kLeastPhotographs)
                continue;
            for (auto &[key, values] : collected.values) {
                std::sort(values.begin(), values.end());
                reference.bands.push_back({key.first, key.second, kBands[band].first, kBands[band].second, longerSide, collected.asked,
                                           int(collected.cameras.size()), values});
                line(u"%1 %2 to %3, %4: %5 of %6 photographs by %7 cameras, median %8"_s.arg(key.first, -24).arg(kBands[band].first)
                         .arg(kBands[band].second).arg(key.second).arg(values.size()).arg(collected.asked).arg(collected.cameras.size())
                         .arg(values[values.size() / 2]));
            }
        }
        QFile file(u"references/%1.json"_s.arg(method));
        if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(reference.toJson()).toJson(QJsonDocument::Compact)) <= 0)
            line(u"could not write "_s + file.fileName());
    }
}

} // namespace

void makeReferences()
{
    const std::vector<Method> methods{{u"cfa"_s, maker<CfaDetector>()},
                                      {u"copy_move"_s, maker<CopyMoveDetector>()},
                                      {u"double_jpeg"_s, maker<DoubleJpegDetector>(), true},
                                      {u"jpeg_dimples"_s, maker<DimpleDetector>()},
                                      {u"jpeg_ghost"_s, maker<GhostDetector>()},
                                      {u"jpeg_grid"_s, maker<GridDetector>()},
                                      {u"resampling"_s, maker<ResamplingDetector>()},
                                      {u"residual_statistics"_s, maker<ResidualDetector>()}};
    const QStringList wanted = qEnvironmentVariable("FW_REFERENCES").split(u',', Qt::SkipEmptyParts);
    // Cameras that set no limit and trained nothing.
    std::vector<Photo> photos = photosBy(u"camera-natural"_s, false, 5);
    for (Photo &photo : photosBy(u"camera-photos"_s, false, 3))
        photos.push_back(std::move(photo));
    std::map<QString, std::map<int, Collected>> all;
    int longerSide = 0;
    for (const int save : kSaves) {
        for (const Photo &photo : photos) {
            const QString path = fileOf(photo, save);
            auto clip = test::readBenchClip(path);
            if (!clip)
                continue;
            int quality = 101;
            if (clip->facts.jpeg) {
                if (auto jpeg = readJpeg(path, true))
                    clip->facts.jpeg = std::make_shared<const JpegFile>(std::move(jpeg).value());
                if (const auto estimate = clip->facts.jpeg->lumaQuality())
                    quality = estimate->quality;
            }
            longerSide = std::max({longerSide, clip->facts.width, clip->facts.height});
            for (const Method &method : methods) {
                if ((method.onJpegOnly && quality > 100) || (!wanted.isEmpty() && !wanted.contains(method.name)))
                    continue;
                auto job = test::jobOf(u"detect/"_s + method.name);
                if (!job)
                    continue;
                job->modelPaths.erase(u"reference"_s); // which is being made
                job->modelHashes.erase(u"reference"_s);
                const auto detector = method.make();
                const auto result = test::runDetector(*detector, *clip, *job);
                for (int band = 0; band < int(std::size(kBands)); ++band) {
                    if (quality < kBands[band].first || quality > kBands[band].second)
                        continue;
                    Collected &collected = all[method.name][band];
                    ++collected.asked;
                    collected.cameras.insert(photo.camera);
                    for (const Finding &finding : result ? result->findings : std::vector<Finding>()) {
                        if (finding.score)
                            collected.values[{finding.id, finding.score->name}].push_back(QString::number(finding.score->value, 'g', 4).toDouble());
                    }
                }
            }
        }
        write(&all, longerSide);
    }
}

} // namespace fw::accuracy
