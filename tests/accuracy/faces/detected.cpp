// SPDX-License-Identifier: GPL-3.0-or-later
#include "parts.h"

#include "face_finder.h"
#include "faces/face_crop.h"
#include "marked_files.h"
#include "mat_file.h"
#include "test_data.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QDir>
#include <QFile>
#include <QRegularExpression>

#include <cmath>
#include <ctime>

using namespace Qt::StringLiterals;

namespace fw::test {

namespace {

constexpr double kThere = 0.3; ///< overlap of a hit with the true square
const cv::Size kFrame(640, 480);

double threadMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

struct Count
{
    int faces = 0, found = 0, wrong = 0, pictures = 0;
    double ms = 0;
    double share() const { return double(found) / std::max(1, faces); }
};

void look(FaceFinder &finder, const cv::Mat &grey, const std::vector<cv::Rect2f> &faces, Count *count)
{
    const double before = threadMs();
    std::vector<FaceHit> hits = finder.search(grey, true);
    count->ms += threadMs() - before;
    ++count->pictures;
    for (const cv::Rect2f &face : faces) {
        const auto hit = std::find_if(hits.begin(), hits.end(), [&](const FaceHit &h) { return overlap(h.box, face) > kThere; });
        ++count->faces;
        count->found += hit != hits.end();
        if (hit != hits.end())
            hits.erase(hit);
    }
    count->wrong += int(hits.size());
}

/// Photographs of people, shrunk until the face has this width, within a larger picture.
Count smallFaces(FaceFinder &finder, int width, int every)
{
    const QDir folder(test::shared(u"camera-photos"_s));
    const QStringList around = folder.entryList({u"*.jpg"_s}, QDir::Files, QDir::Name);
    Count count;
    int row = 0;
    for (const Annotated &a : youTubeTest(every)) {
        const cv::Mat grey = cv::imread(a.file.toStdString(), cv::IMREAD_GRAYSCALE);
        const cv::Rect2f square = squareOf(a.points);
        const double scale = width / double(square.width);
        cv::Mat frame = cv::imread(folder.filePath(around[row % around.size()]).toStdString(), cv::IMREAD_GRAYSCALE), small;
        cv::resize(frame, frame, kFrame, 0, 0, cv::INTER_AREA);
        cv::resize(grey, small, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
        const cv::Rect inside = cv::Rect({0, 0}, small.size()) & cv::Rect({0, 0}, kFrame);
        // Evenly over the frame, not always at the same place within a stride.
        const cv::Point at((97 * row) % (kFrame.width - inside.width + 1), (61 * row) % (kFrame.height - inside.height + 1));
        small(inside).copyTo(frame(cv::Rect(at, inside.size())));
        const float s = float(scale);
        look(finder, frame, {{float(at.x) + s * square.x, float(at.y) + s * square.y, s * square.width, s * square.height}}, &count);
        ++row;
    }
    return count;
}

/// AFLW2000's faces, which are turned up to profiles. @param leastYaw, mostYaw  degrees to either side.
Count turnedFaces(FaceFinder &finder, double leastYaw, double mostYaw)
{
    const QDir folder(test::shared(u"landmarks-small/land-prnet-aflw2000"_s));
    Count count;
    for (const QString &mat : folder.entryList({u"*.mat"_s})) {
        QFile file(folder.filePath(mat));
        const QString picture = folder.filePath(mat.chopped(4) + u".jpg"_s);
        if (!file.open(QIODevice::ReadOnly) || !QFile::exists(picture))
            continue;
        auto arrays = readMatFile(file.readAll());
        const auto &pose = arrays[u"Pose_Para"_s], &xyz = arrays[u"pt3d_68"_s];
        if (pose.size() < 3 || xyz.size() != 3 * 68)
            continue;
        const double yaw = std::abs(pose[1]) * 180 / CV_PI;
        if (yaw < leastYaw || yaw >= mostYaw)
            continue;
        Landmarks68 points;
        for (std::size_t i = 0; i < 68; ++i)
            points[i] = {float(xyz[3 * i]), float(xyz[3 * i + 1])};
        look(finder, cv::imread(picture.toStdString(), cv::IMREAD_GRAYSCALE), {squareOf(points)}, &count);
    }
    return count;
}

/// Pictures of groups with a box around every face (dlib's examples).
Count groups(FaceFinder &finder)
{
    const QDir folder(test::shared(u"landmarks-small/land-dlib-examples"_s));
    Count count;
    for (const char *name : {"training", "testing"}) {
        QFile file(folder.filePath(u"examples__faces__%1.xml"_s.arg(QLatin1StringView(name))));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        static const QRegularExpression token(
            u"image file='([^']+)'|<box top='(-?\\d+)' left='(-?\\d+)' width='(\\d+)' height='(\\d+)'"_s);
        QString picture;
        std::vector<cv::Rect2f> faces;
        const auto finish = [&] {
            const cv::Mat grey = picture.isEmpty() ? cv::Mat() : cv::imread(folder.filePath(u"examples__faces__"_s + picture).toStdString(), cv::IMREAD_GRAYSCALE);
            if (!grey.empty())
                look(finder, grey, faces, &count);
            faces.clear();
        };
        const QString all = QString::fromUtf8(file.readAll());
        for (auto it = token.globalMatch(all); it.hasNext();) {
            const auto m = it.next();
            if (!m.captured(1).isEmpty()) {
                finish();
                picture = m.captured(1);
            } else {
                faces.emplace_back(m.captured(3).toFloat(), m.captured(2).toFloat(), m.captured(4).toFloat(), m.captured(5).toFloat());
            }
        }
        finish();
    }
    return count;
}

} // namespace

void measureDetection(FaceFinder &own, FaceFinder &hog, int every, Checks *checks)
{
    const auto compare = [&](const std::string &what, const auto &measure, double *worst) {
        const Count ours = measure(own), theirs = measure(hog);
        for (const auto &[who, c] : {std::pair{"network", &ours}, {"dlib", &theirs}})
            std::printf("%-34s %-10s found %5.1f %% of %d  wrong in 100 pictures %.1f  %.1f ms a picture\n", what.c_str(), who,
                        100 * c->share(), c->faces, 100.0 * c->wrong / std::max(1, c->pictures), c->ms / std::max(1, c->pictures));
        if (worst)
            *worst = std::min(*worst, ours.share() - theirs.share());
        return ours.share();
    };
    double sizes = 1, turned = 1, several = 1, least = 1;
    for (const int width : {24, 32, 48, 80, 160})
        least = std::min(least, compare("photographs, face " + std::to_string(width) + " px in 640 px",
                                        [&](FaceFinder &d) { return smallFaces(d, width, every); }, width < 80 ? &sizes : nullptr));
    compare("AFLW2000 samples, yaw below 30", [&](FaceFinder &d) { return turnedFaces(d, 0, 30); }, nullptr);
    const double aside = compare("AFLW2000 samples, yaw 30 and more", [&](FaceFinder &d) { return turnedFaces(d, 30, 181); }, &turned);
    const double crowd = compare("dlib's examples of groups", groups, &several);
    checks->add({"faces of 24 to 48 px in 640 px found", "more than dlib", text("least %.1f %%", 100 * least), "", sizes > 0});
    checks->add({"faces turned aside found", "more than dlib", text("%.1f %%", 100 * aside), "", turned > 0});
    checks->add({"groups found", "no less than dlib", text("%.1f %%", 100 * crowd), "", several >= 0});
}

} // namespace fw::test
