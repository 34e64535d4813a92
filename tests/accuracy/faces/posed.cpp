// SPDX-License-Identifier: GPL-3.0-or-later
#include "parts.h"

#include "base/hash.h"
#include "detect/manifest.h"
#include "faces/head_pose.h"
#include "faces_observer.h"
#include "test_data.h"
#include "units/unit_samples.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QDir>
#include <QFileInfo>

#include <map>
#include <set>

using namespace Qt::StringLiterals;

namespace fw::test {

namespace {

struct Photo
{
    QString expression, view;
    cv::Mat grey;
    FaceObservation face;
    std::vector<float> evidence;
    std::array<float, 17> shapes{}, units{};
    float lidLeft = 1, lidRight = 1; ///< openness, image left and right
};

std::optional<Photo> openPhoto(const QString &path, const Manifest &faces, const QString &models, lab::FaceMeter &meter)
{
    const cv::Mat image = cv::imread(path.toStdString());
    const QStringList words = QFileInfo(path).completeBaseName().split(u"__"_s);
    if (image.empty() || words.size() != 4)
        return std::nullopt;
    FacesObserver observer;
    ClipFacts clip;
    clip.width = image.cols;
    clip.height = image.rows;
    clip.media.still = true;
    JobContext job;
    job.options = faces.defaultOptions();
    for (const ModelSpec &m : faces.models) {
        job.modelPaths[m.id] = QDir::isAbsolutePath(m.file) ? m.file : models + u'/' + m.file;
        const auto hash = hashFile(job.modelPaths[m.id]);
        job.modelHashes[m.id] = hash ? hexText(hash->sha256) : QString();
    }
    FrameBundle bundle;
    auto frame = std::make_shared<Frame>();
    frame->bgr = image;
    bundle.frame = frame;
    Observations found;
    if (!observer.begin(clip, job) || !observer.frame(bundle, found) || !found.faces || found.faces->empty())
        return std::nullopt;
    const auto largest = std::max_element(found.faces->begin(), found.faces->end(),
                                          [](const auto &a, const auto &b) { return a.box.width < b.box.width; });
    if (!largest->landmarks)
        return std::nullopt;
    Photo photo{words[2], words[3], {}, *largest, {}, {}, {}, 1, 1};
    cv::cvtColor(image, photo.grey, cv::COLOR_BGR2GRAY);
    const Camera camera = Camera::assumed(image.cols, image.rows);
    if (const auto eyes = meter.eyes->read(photo.grey, camera, {{&photo.face, Eye::ImageLeft}, {&photo.face, Eye::ImageRight}})) {
        photo.face.eyeImageLeft = (*eyes)[0];
        photo.face.eyeImageRight = (*eyes)[1];
        photo.lidLeft = (*eyes)[0] ? (*eyes)[0]->openness : 1;
        photo.lidRight = (*eyes)[1] ? (*eyes)[1]->openness : 1;
    }
    return photo;
}

/// Pose, expression, evidence and shapes of all photographs of one person.
void fitPerson(std::vector<Photo> &photos, const lab::FaceMeter &meter)
{
    std::stable_sort(photos.begin(), photos.end(), [](const Photo &a, const Photo &b) {
        return (a.expression == "neutral"_L1) > (b.expression == "neutral"_L1);
    });
    const UnitTable table(*meter.shapes);
    const Camera camera = Camera::assumed(photos.front().grey.cols, photos.front().grey.rows);
    PersonModel head(meter.shapes, camera);
    FrameIndex frame = 0;
    for (int round = 0; round < 2; ++round)
        for (const Photo &photo : photos)
            head.next(frame += 2, *photo.face.landmarks, &*photo.face.landmarkSigmas);
    for (Photo &photo : photos) {
        const auto fit = head.fit(*photo.face.landmarks, &*photo.face.landmarkSigmas);
        if (!fit)
            continue;
        photo.face.expression = ExpressionFit{fit->expression, fit->points};
        photo.evidence = unitEvidence(photo.grey, photo.face, fit->pose);
        photo.shapes = photo.units = table.estimate(*fit, photo.face, camera).raw;
    }
    std::erase_if(photos, [](const Photo &p) { return p.evidence.empty(); });
}

void readPerson(std::vector<Photo> &photos, const UnitReader &reader)
{
    std::vector<float> usual(kUnitEvidence, 0.0f);
    int count = 0;
    for (const Photo &photo : photos) {
        if (photo.expression != "neutral"_L1 || photo.view != "front"_L1)
            continue;
        ++count;
        for (std::size_t i = 0; i < kUnitEvidence; ++i)
            usual[i] += photo.evidence[i];
    }
    if (count == 0)
        return;
    for (float &v : usual)
        v /= float(count);
    const auto before = reader.part(usual);
    for (Photo &photo : photos) {
        const auto now = reader.part(photo.evidence);
        for (std::size_t u = 0; u < 17; ++u)
            if (reader.reads(u))
                photo.units[u] = std::clamp(now[u] - before[u] + reader.bias(u), 0.0f, 5.0f);
    }
}

std::size_t unitAt(int unit)
{
    return std::size_t(std::find(kIntensityUnits.begin(), kIntensityUnits.end(), unit) - kIntensityUnits.begin());
}

struct Wanted
{
    const char *expression;
    std::vector<int> units; ///< one of them must rise by 0.5 or more over the same person's neutral face
    const char *text;
};

} // namespace

void measurePosed(const QString &models, const QString &source, const QString &units, Checks *checks)
{
    auto meter = lab::FaceMeter::load(models);
    const auto faces = readManifest(source + u"/plugins/observe/faces/manifest.json"_s);
    if (!meter || !faces)
        return;
    std::optional<UnitReader> reader;
    if (!units.isEmpty()) {
        const auto hash = hashFile(units);
        if (auto loaded = UnitReader::load(units, hash ? hexText(hash->sha256) : QString()))
            reader = std::move(*loaded);
    }
    const std::vector<Wanted> wanted{{"smiling", {12}, "smile raises AU12"},
                                     {"surprised", {1, 2}, "surprise raises AU1 or AU2"},
                                     {"surprised", {5, 25, 26}, "surprise raises AU5, AU25 or AU26"},
                                     {"angry", {4}, "anger raises AU4"},
                                     {"pouting", {17}, "pout raises AU17"},
                                     {"eyes_closed", {45}, "shut eyes raise AU45"}};
    std::map<QString, QStringList> people;
    const QDir folder(shared(u"expressions-posed"_s));
    for (const QString &file : folder.entryList({u"*.jpg"_s}, QDir::Files, QDir::Name))
        people[file.section(u"__"_s, 0, 1)] << folder.filePath(file);
    std::map<std::string, std::array<int, 3>> score; ///< as read, by the shapes, of
    std::map<std::string, std::string> failed;
    int pictures = 0, seen = 0;
    for (const auto &[person, files] : people) {
        std::vector<Photo> photos;
        for (const QString &file : files) {
            ++pictures;
            if (auto photo = openPhoto(file, *faces, models, *meter))
                photos.push_back(std::move(*photo));
        }
        seen += int(photos.size());
        if (photos.empty())
            continue;
        fitPerson(photos, *meter);
        if (reader)
            readPerson(photos, *reader);
        const auto rest = std::ranges::find_if(photos, [](const Photo &p) { return p.expression == "neutral"_L1 && p.view == "front"_L1; });
        if (rest == photos.end())
            continue;
        for (const Photo &photo : photos) {
            std::printf("  %-10s %-18s %-6s", qPrintable(person), qPrintable(photo.expression), qPrintable(photo.view));
            for (const int unit : {1, 2, 4, 5, 6, 9, 12, 15, 17, 25, 26, 45})
                std::printf(" %d:%.1f/%.1f", unit, double(photo.units[unitAt(unit)]), double(photo.shapes[unitAt(unit)]));
            std::printf("  lids %.2f %.2f\n", double(photo.lidLeft), double(photo.lidRight));
            if (photo.view != "front"_L1)
                continue;
            for (const Wanted &w : wanted) {
                if (photo.expression != QLatin1StringView(w.expression))
                    continue;
                const auto rises = [&](const std::array<float, 17> &now, const std::array<float, 17> &before) {
                    return std::ranges::any_of(w.units, [&](int u) { return now[unitAt(u)] - before[unitAt(u)] >= 0.5f; });
                };
                auto &s = score[w.text];
                const bool good = rises(photo.units, rest->units);
                s[0] += good;
                s[1] += rises(photo.shapes, rest->shapes);
                ++s[2];
                if (!good)
                    failed[w.text] += (failed[w.text].empty() ? "" : ", ") + person.toStdString();
            }
            const bool left = photo.expression == "left_eye_closed"_L1;
            if (left || photo.expression == "right_eye_closed"_L1) {
                // The subject's left eye is the one at the right of the picture.
                const bool good = left ? photo.lidRight < photo.lidLeft - 0.1f : photo.lidLeft < photo.lidRight - 0.1f;
                auto &s = score["left and right winks told apart"];
                s[0] += good;
                s[1] += good;
                ++s[2];
                if (!good)
                    failed["left and right winks told apart"] += ' ' + person.toStdString();
            }
        }
    }
    std::printf("posed photographs: a face in %d of %d\n", seen, pictures);
    for (const auto &[what, s] : score)
        checks->add({"posed, front: " + what, "at least 90 %", text("%d of %d (shapes alone %d)", s[0], s[2], s[1]), failed[what],
                     10 * s[0] >= 9 * s[2]});
}

} // namespace fw::test
