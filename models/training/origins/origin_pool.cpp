// SPDX-License-Identifier: GPL-3.0-or-later
#include "origins/origin_pool.h"

#include "media/metadata.h"
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QDir>

#include <map>

using namespace Qt::StringLiterals;

namespace fw::lab {
namespace {

constexpr int kSide = kOriginSide;

struct Folder
{
    QString path, origin; ///< an empty origin: by camera
    bool generated;
    int step;             ///< every so many of its pictures
};

const std::vector<Folder> &folders()
{
    static const std::vector<Folder> all{
        {u"generated/gen-stylegan2-ffhq-256/1_fake_stylegan2"_s, u"StyleGAN2 256"_s, true, 1},
        {u"generated/gen-stylegan2-ffhq-1024/1_fake_stylegan2"_s, u"StyleGAN2 1024"_s, true, 1},
        {u"faces-generated"_s, u"faces-generated"_s, true, 1},
        {u"generated/gen-cyclegan-horse2zebra/1_fake_h2z_base"_s, u"CycleGAN"_s, true, 1},
        {u"generated/gen-cyclegan-horse2zebra/1_fake_h2zfinetune"_s, u"CycleGAN"_s, true, 1},
        {u"generated/gen-cyclegan-horse2zebra/1_fake_horse2zebra_pretrained"_s, u"CycleGAN"_s, true, 1},
        {u"generated/gen-sd1-txt2img-512/1_fake_sd1"_s, u"Stable Diffusion 1"_s, true, 1},
        {u"generated/gen-gpt4o-awesome/1_fake_gpt4o"_s, u"GPT-4o"_s, true, 1},
        {u"camera-natural"_s, {}, false, 2},
        {u"camera-photos"_s, {}, false, 1},
        {u"faces-real"_s, u"faces-real"_s, false, 1},
        {u"generated/gen-stylegan2-ffhq-1024/0_real_ffhq"_s, u"ffhq"_s, false, 1},
        {u"generated/gen-cyclegan-horse2zebra/0_real_horse"_s, u"horses"_s, false, 1},
        {u"natural-bsds"_s, u"bsds"_s, false, 1},
    };
    return all;
}

QString cameraOf(const QString &path)
{
    QString camera = QFileInfo(path).fileName().section(u"__"_s, 0, 0);
    if (const auto metadata = readMetadata(path)) {
        const QString model = metadata->value(u"Exif.Image.Model"_s).value_or(QString()).trimmed();
        if (!model.isEmpty())
            camera = metadata->value(u"Exif.Image.Make"_s).value_or(QString()).trimmed() + u' ' + model;
    }
    return camera;
}

/// The save that all tiles share.
cv::Mat washed(const cv::Mat &tile, cv::RNG &random)
{
    const int left = random.uniform(0, 8), top = random.uniform(0, 8), quality = random.uniform(90, 100);
    cv::Mat wide;
    cv::copyMakeBorder(tile, wide, top, 8 - top, left, 8 - left, cv::BORDER_REFLECT_101);
    std::vector<uchar> bytes;
    cv::imencode(".jpg", wide, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
    return cv::imdecode(bytes, cv::IMREAD_COLOR)(cv::Rect(left, top, tile.cols, tile.rows)).clone();
}

QStringList picturesIn(const QString &folder)
{
    QStringList paths;
    const QDir dir(folder);
    for (const QString &name : dir.entryList({u"*.jpg"_s, u"*.jpeg"_s, u"*.png"_s, u"*.JPG"_s, u"*.webp"_s}, QDir::Files, QDir::Name))
        paths.append(dir.filePath(name));
    return paths;
}

/// The middle and, when asked for, two places beside it.
void addTiles(const cv::Mat &whole, PoolTile like, bool more, cv::RNG &random, std::vector<PoolTile> *pool)
{
    const cv::Point middle((whole.cols - kSide) / 2, (whole.rows - kSide) / 2);
    std::vector<cv::Point> corners{middle};
    if (more && std::min(whole.cols, whole.rows) >= 2 * kSide) {
        corners.emplace_back(0, 0);
        corners.emplace_back(whole.cols - kSide, whole.rows - kSide);
    }
    for (const cv::Point corner : corners) {
        like.bgr = washed(whole(cv::Rect(corner, cv::Size(kSide, kSide))), random);
        like.middle = corner == middle;
        pool->push_back(like);
    }
}

} // namespace

std::vector<PoolTile> originPool(const QString &data)
{
    cv::RNG random(20190326);
    std::vector<PoolTile> pool;
    for (const Folder &folder : folders()) {
        const QStringList paths = picturesIn(data + u'/' + folder.path);
        std::map<QString, QString> cameras;
        QStringList names;
        for (const QString &path : paths) {
            if (folder.origin.isEmpty())
                names.append(cameras[path] = cameraOf(path));
        }
        names.removeDuplicates();
        names.sort();
        for (qsizetype i = 0; i < paths.size(); i += folder.step) {
            const cv::Mat whole = cv::imread(paths[i].toStdString(), cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
            if (whole.empty() || std::min(whole.cols, whole.rows) < kSide)
                continue;
            PoolTile tile;
            tile.origin = folder.origin.isEmpty() ? cameras[paths[i]] : folder.origin;
            tile.generated = folder.generated;
            tile.train = folder.generated || (folder.origin.isEmpty() ? names.indexOf(tile.origin) : i) % 2 == 0;
            addTiles(whole, tile, tile.generated, random, &pool);
        }
    }
    return pool;
}

const std::vector<LastSave> &lastSaves()
{
    static const std::vector<LastSave> all{{u"lossless"_s, 0, 0.0, 1.0}, {u"JPEG 95"_s, 95, 0.0, 1.0}, {u"JPEG 85"_s, 85, 0.0, 1.0},
                                           {u"JPEG 75"_s, 75, 0.0, 1.0}, {u"JPEG 60"_s, 60, 0.0, 1.0}, {u"JPEG 50"_s, 50, 0.0, 1.0},
                                           {u"blur 0.8"_s, 95, 0.8, 1.0}, {u"x 0.75"_s, 95, 0.0, 0.75}, {u"x 1.25"_s, 95, 0.0, 1.25}};
    return all;
}

cv::Mat savedLast(const cv::Mat &bgr, const LastSave &save)
{
    cv::Mat changed = bgr;
    if (save.blur > 0.0)
        cv::GaussianBlur(bgr, changed, {}, save.blur);
    else if (save.scale != 1.0)
        cv::resize(bgr, changed, {}, save.scale, save.scale, save.scale < 1.0 ? cv::INTER_AREA : cv::INTER_CUBIC);
    if (save.quality == 0)
        return changed;
    std::vector<uchar> bytes;
    cv::imencode(".jpg", changed, bytes, {cv::IMWRITE_JPEG_QUALITY, save.quality});
    return cv::imdecode(bytes, cv::IMREAD_COLOR);
}

} // namespace fw::lab
