// SPDX-License-Identifier: GPL-3.0-or-later
// Fits the classifier of the up-sampling spectrum on the zoo of fw-train-photo, tells how well it does on
// members it has not seen, and writes the model file.
// Usage: fw-fit-spectrum ZOO_FOLDER CALIBRATION_LIST OUT.json
// The list names real pictures of cameras that the zoo was not made from.
#include "spectrum_reading.h"
#include "spectrum_scale.h"
#include "stats/ranking.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QDir>
#include <QJsonDocument>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

using Rows = std::vector<std::vector<double>>;

constexpr int kNever = 101;
constexpr int kQualities[] = {kNever, 95, 85, 75};
/// The bands that the conditions stand for, ascending.
constexpr std::pair<int, int> kBands[] = {{70, 75}, {80, 85}, {90, 95}, {kNever, kNever}};

cv::Mat savedWith(const cv::Mat &picture, int quality)
{
    if (quality == kNever)
        return picture;
    std::vector<uchar> bytes;
    cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
    return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

std::vector<cv::Mat> picturesIn(const QString &folder)
{
    std::vector<cv::Mat> pictures;
    const QDir dir(folder);
    for (const QString &name : dir.entryList({u"*.png"_s}, QDir::Files, QDir::Name))
        pictures.push_back(cv::imread(dir.filePath(name).toStdString(), cv::IMREAD_COLOR));
    return pictures;
}

/// Real pictures as ordinary programs enlarge and sharpen them: they must not be called generated.
std::vector<cv::Mat> enlarged(const std::vector<cv::Mat> &pictures)
{
    constexpr int kWays[] = {cv::INTER_LINEAR, cv::INTER_CUBIC, cv::INTER_LANCZOS4, cv::INTER_NEAREST};
    constexpr double kScales[] = {2.0, 1.5, 1.25, 2.0};
    std::vector<cv::Mat> result;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        for (std::size_t way = 0; way < 4; ++way) {
            cv::Mat large;
            cv::resize(pictures[i], large, {}, kScales[(i + way) % 4], kScales[(i + way) % 4], kWays[way]);
            result.push_back(large(cv::Rect(0, 0, 384, 384)).clone());
        }
    }
    return result;
}

Rows rowsOf(const std::vector<cv::Mat> &pictures, int quality)
{
    Rows rows;
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        if (const auto reading = readSpectrum(savedWith(pictures[i], quality), i + 1))
            rows.push_back(latticeFeatures(*reading));
    }
    return rows;
}

LogisticModel fitOn(const std::vector<const Rows *> &real, const std::vector<const Rows *> &made)
{
    Rows rows;
    std::vector<bool> positive;
    for (const auto &[parts, label] : {std::pair(&real, false), std::pair(&made, true)}) {
        for (const Rows *part : *parts) {
            rows.insert(rows.end(), part->begin(), part->end());
            positive.insert(positive.end(), part->size(), label);
        }
    }
    return fitLogistic(rows, positive, 1e-3);
}

std::vector<double> scoresOf(const LogisticModel &model, const Rows &rows)
{
    std::vector<double> scores;
    for (const auto &row : rows)
        scores.push_back(model.logOdds(row));
    return scores;
}

double areaOf(const std::vector<double> &negatives, const std::vector<double> &positives)
{
    const auto area = rocArea(negatives, positives);
    return area ? area->area : 0.0;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 4) {
        std::fprintf(stderr, "usage: fw-fit-spectrum ZOO_FOLDER CALIBRATION_LIST OUT.json\n");
        return 1;
    }
    cv::setNumThreads(1);
    const QDir zoo(QString::fromLocal8Bit(argv[1]));
    std::vector<cv::Mat> others;
    QFile list(QString::fromLocal8Bit(argv[2]));
    if (list.open(QIODevice::ReadOnly)) {
        for (const QByteArray &name : list.readAll().split('\n')) {
            if (name.trimmed().isEmpty())
                continue;
            const cv::Mat picture = cv::imread(name.trimmed().toStdString(), cv::IMREAD_COLOR);
            if (!picture.empty() && std::min(picture.cols, picture.rows) >= 384)
                others.push_back(picture(cv::Rect((picture.cols - 384) / 2, (picture.rows - 384) / 2, 384, 384)).clone());
        }
    }
    const std::vector<cv::Mat> real = picturesIn(zoo.filePath(u"real"_s));
    if (others.empty() || real.empty()) {
        std::fprintf(stderr, "the zoo or the list holds no pictures\n");
        return 1;
    }
    const std::vector<cv::Mat> ordinary = enlarged(real), otherOrdinary = enlarged(others);
    QStringList members = zoo.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    members.removeAll(u"real"_s);
    std::map<int, Rows> realRows, ordinaryRows, otherRows, otherOrdinaryRows;
    std::map<std::pair<QString, int>, Rows> madeRows;
    for (const int quality : kQualities) {
        realRows[quality] = rowsOf(real, quality);
        ordinaryRows[quality] = rowsOf(ordinary, quality);
        otherRows[quality] = rowsOf(others, quality);
        otherOrdinaryRows[quality] = rowsOf(otherOrdinary, quality);
        for (const QString &member : members)
            madeRows[{member, quality}] = rowsOf(picturesIn(zoo.filePath(member)), quality);
    }
    std::vector<const Rows *> negatives;
    for (const int quality : kQualities) {
        negatives.push_back(&realRows[quality]);
        negatives.push_back(&ordinaryRows[quality]);
    }
    std::printf("left out, area under the curve never saved / 95 / 85 / 75 against pictures of other cameras\n");
    std::map<int, std::vector<double>> leftOut;
    for (const QString &member : members) {
        std::vector<const Rows *> made;
        for (const auto &[key, rows] : madeRows) {
            if (key.first != member)
                made.push_back(&rows);
        }
        const LogisticModel model = fitOn(negatives, made);
        std::printf("  %-20s", qPrintable(member));
        for (const int quality : kQualities) {
            const auto scores = scoresOf(model, madeRows[{member, quality}]);
            leftOut[quality].insert(leftOut[quality].end(), scores.begin(), scores.end());
            std::printf(" %.3f", areaOf(scoresOf(model, otherRows[quality]), scores));
        }
        std::printf("\n");
        std::fflush(stdout);
    }
    std::vector<const Rows *> made;
    for (const auto &[key, rows] : madeRows)
        made.push_back(&rows);
    SpectrumScale scale;
    scale.classifier = fitOn(negatives, made);
    for (const auto &[least, quality] : kBands) {
        const std::vector<double> pristine = scoresOf(scale.classifier, otherRows[quality]);
        std::vector<double> unmade = pristine;
        const auto resized = scoresOf(scale.classifier, otherOrdinaryRows[quality]);
        unmade.insert(unmade.end(), resized.begin(), resized.end());
        std::printf("quality %d: all left out %.3f; enlarged real pictures above 0: %.3f\n", quality,
                    areaOf(pristine, leftOut[quality]),
                    double(std::count_if(resized.begin(), resized.end(), [](double s) { return s > 0.0; })) / double(resized.size()));
        // Members that the classifier had not seen stand for generators: it will meet none that it has.
        CalibratedBand band = calibratedBand(least, unmade, leftOut[quality]);
        band.real = pristine;
        std::sort(band.real.begin(), band.real.end());
        scale.bands.push_back(std::move(band));
    }
    QFile out(QString::fromLocal8Bit(argv[3]));
    return out.open(QIODevice::WriteOnly) && out.write(QJsonDocument(scale.toJson()).toJson()) > 0 ? 0 : 2;
}
