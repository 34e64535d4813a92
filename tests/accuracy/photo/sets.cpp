// SPDX-License-Identifier: GPL-3.0-or-later
#include "sets.h"

#include "stats/ranking.h"

#include <opencv2/imgcodecs.hpp>

#include <QDir>
#include <QTemporaryDir>

#include <cstdio>
#include <ctime>

using namespace Qt::StringLiterals;

namespace fw::accuracy {

cv::Mat Photo::bgr() const
{
    return cv::imread(path.toStdString(), cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
}

std::vector<Photo> photosOf(const QString &folder)
{
    std::vector<Photo> photos;
    const QDir dir(test::shared(folder));
    for (const QString &name : dir.entryList({u"*.jpg"_s, u"*.jpeg"_s, u"*.JPG"_s, u"*.png"_s, u"*.webp"_s}, QDir::Files, QDir::Name)) {
        Photo photo{dir.filePath(name), name, name.section(u"__"_s, 0, 0)};
        if (const auto metadata = readMetadata(photo.path)) {
            const QString model = metadata->value(u"Exif.Image.Model"_s).value_or(QString()).trimmed();
            if (!model.isEmpty())
                photo.camera = metadata->value(u"Exif.Image.Make"_s).value_or(QString()).trimmed() + u' ' + model;
        }
        photos.push_back(std::move(photo));
    }
    return photos;
}

bool isForFitting(const std::vector<Photo> &all, const QString &camera)
{
    QStringList cameras;
    for (const Photo &photo : all)
        cameras.append(photo.camera);
    cameras.removeDuplicates();
    cameras.sort();
    return cameras.indexOf(camera) % 2 == 0;
}

std::vector<Photo> photosBy(const QString &folder, bool forFitting, std::size_t every)
{
    const std::vector<Photo> all = photosOf(folder);
    std::vector<Photo> some;
    std::size_t count = 0;
    for (const Photo &photo : all) {
        if (isForFitting(all, photo.camera) == forFitting && count++ % every == 0)
            some.push_back(photo);
    }
    return some;
}

void printSplit(bool forFitting)
{
    for (const QString &set : {u"camera-natural"_s, u"camera-photos"_s}) {
        for (const Photo &photo : photosBy(set, forFitting))
            line(photo.path);
    }
}

namespace {

Result<AnalysisResult> run(const MakeDetector &make, const test::BenchClip &clip, const QString &pluginFolder)
{
    const auto job = test::jobOf(pluginFolder);
    if (!job)
        return Failure{job.error()};
    const auto detector = make();
    return test::runDetector(*detector, clip, *job);
}

} // namespace

Result<AnalysisResult> examine(const MakeDetector &make, const QString &path, const QString &pluginFolder)
{
    auto clip = test::readBenchClip(path);
    if (!clip)
        return Failure{clip.error()};
    if (clip->facts.jpeg) {
        if (auto jpeg = readJpeg(path, true))
            clip->facts.jpeg = std::make_shared<const JpegFile>(std::move(jpeg).value());
    }
    return run(make, *clip, pluginFolder);
}

Result<AnalysisResult> examine(const MakeDetector &make, const cv::Mat &bgr, const QString &pluginFolder)
{
    return run(make, test::stillOf(bgr), pluginFolder);
}

QString asFile(const QByteArray &bytes, const QString &suffix)
{
    static QTemporaryDir folder;
    static int count = 0;
    const QString path = folder.filePath(u"%1.%2"_s.arg(count++ % 16).arg(suffix));
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? path : QString();
}

Result<AnalysisResult> examineSaved(const MakeDetector &make, const cv::Mat &bgr, int quality, const QString &pluginFolder)
{
    std::vector<uchar> bytes;
    const bool jpeg = quality > 0;
    cv::imencode(jpeg ? ".jpg" : ".png", bgr, bytes, jpeg ? std::vector<int>{cv::IMWRITE_JPEG_QUALITY, quality} : std::vector<int>{});
    const QByteArray file(reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size()));
    return examine(make, asFile(file, jpeg ? u"jpg"_s : u"png"_s), pluginFolder);
}

double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

void line(const QString &text)
{
    std::fputs((text + u'\n').toUtf8().constData(), stdout);
    std::fflush(stdout);
}

QString areaText(const std::vector<double> &negatives, const std::vector<double> &positives)
{
    const auto area = rocArea(negatives, positives);
    return area ? u"AUC %1 (%2 to %3), %4 against %5"_s.arg(area->area, 0, 'f', 3).arg(area->low, 0, 'f', 3)
                      .arg(area->high, 0, 'f', 3).arg(positives.size()).arg(negatives.size())
                : u"AUC not measurable, %1 against %2"_s.arg(positives.size()).arg(negatives.size());
}

void printFalseAlarms(const QString &method, const MakeDetector &make, const QString &pluginFolder)
{
    struct Count
    {
        int of = 0, suspicious = 0, inconclusive = 0, notApplicable = 0;
    };
    const std::vector<Photo> photos = photosOf(u"camera-natural"_s);
    std::map<QString, Count> cameras;
    Count total;
    QStringList named;
    for (const Photo &photo : photos) {
        const auto result = examine(make, photo.path, pluginFolder);
        Count &count = cameras[photo.camera];
        ++count.of;
        if (!result) {
            ++count.notApplicable;
            continue;
        }
        for (const Finding &finding : result->findings) {
            count.suspicious += finding.verdict == Verdict::Suspicious;
            count.inconclusive += finding.verdict == Verdict::Inconclusive;
            count.notApplicable += finding.verdict == Verdict::NotApplicable;
            if (finding.verdict == Verdict::Suspicious)
                named.append(u"  %1: %2"_s.arg(photo.name, finding.summary));
        }
    }
    line(u"%1 on authentic pictures (camera-natural): camera, pictures, suspicious, inconclusive, not applicable"_s.arg(method));
    QString worst;
    double worstShare = -1.0;
    for (const auto &[camera, count] : cameras) {
        line(u"  %1 %2 %3 %4 %5"_s.arg(camera, -40).arg(count.of, 5).arg(count.suspicious, 5).arg(count.inconclusive, 5).arg(count.notApplicable, 5));
        total.of += count.of;
        total.suspicious += count.suspicious;
        total.inconclusive += count.inconclusive;
        total.notApplicable += count.notApplicable;
        const double share = double(count.suspicious) / count.of;
        if (share > worstShare) {
            worstShare = share;
            worst = camera;
        }
    }
    line(u"  %1 %2 %3 %4 %5"_s.arg(u"all"_s, -40).arg(total.of, 5).arg(total.suspicious, 5).arg(total.inconclusive, 5).arg(total.notApplicable, 5));
    line(u"  worst camera: %1, %2 % suspicious"_s.arg(worst).arg(100.0 * worstShare, 0, 'f', 1));
    for (const QString &text : named)
        line(text);
}

} // namespace fw::accuracy
