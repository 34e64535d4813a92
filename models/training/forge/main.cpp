// SPDX-License-Identifier: GPL-3.0-or-later
// Makes forged pictures with their truth. Usage: fw-forge OUT_FOLDER COUNT SEED PICTURE PICTURE...
// Each sample becomes NNNN.jpg (or .png), NNNN-twin.jpg, NNNN-mask.png and NNNN.json.
#include "forge/forgery.h"

#include <opencv2/imgcodecs.hpp>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

bool write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

bool makeOne(const QDir &folder, int number, std::uint64_t seed, const QStringList &pictures)
{
    Draw draw(seed);
    const int first = draw.integer(0, int(pictures.size()) - 1);
    const int second = (first + draw.integer(1, int(pictures.size()) - 1)) % int(pictures.size());
    const cv::Mat host = cv::imread(pictures[first].toStdString(), cv::IMREAD_COLOR);
    const cv::Mat donor = cv::imread(pictures[second].toStdString(), cv::IMREAD_COLOR);
    if (host.empty() || donor.empty()) {
        std::fprintf(stderr, "cannot read %s or %s\n", qPrintable(pictures[first]), qPrintable(pictures[second]));
        return false;
    }
    const Forgery forgery = forge(host, donor, drawPlan(seed, {}, host.size(), donor.size()));
    const QString stem = folder.filePath(u"%1"_s.arg(number, 4, 10, QLatin1Char('0')));
    const QString end = forgery.plan.save.jpeg ? u".jpg"_s : u".png"_s;
    QJsonObject record = toJson(forgery.plan);
    record.insert(u"host"_s, QFileInfo(pictures[first]).fileName());
    record.insert(u"donor"_s, QFileInfo(pictures[second]).fileName());
    return write(stem + end, forgery.file) && write(stem + u"-twin"_s + end, forgery.twinFile)
        && cv::imwrite((stem + u"-mask.png"_s).toStdString(), forgery.mask)
        && write(stem + u".json"_s, QJsonDocument(record).toJson());
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 6) {
        std::fprintf(stderr, "usage: fw-forge OUT_FOLDER COUNT SEED PICTURE PICTURE...\n");
        return 1;
    }
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    folder.mkpath(u"."_s);
    const int count = std::atoi(argv[2]);
    const std::uint64_t seed = std::strtoull(argv[3], nullptr, 10);
    QStringList pictures;
    for (int i = 4; i < argc; ++i)
        pictures.append(QString::fromLocal8Bit(argv[i]));
    for (int i = 0; i < count; ++i) {
        if (!makeOne(folder, i, seed + std::uint64_t(i), pictures))
            return 2;
    }
    return 0;
}
