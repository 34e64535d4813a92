// SPDX-License-Identifier: GPL-3.0-or-later
#include "parts.h"

#include "faces/face_crop.h"
#include "faces/face_shapes.h"
#include "faces/head_pose.h"
#include "faces/person_model.h"
#include "marked_files.h"
#include "mat_file.h"
#include "test_data.h"
#include "base/paths.h"

#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_processing/shape_predictor.h>
#include <dlib/opencv.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QDir>
#include <QFile>

using namespace Qt::StringLiterals;

namespace fw::test {

namespace {

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

void landmarks(LandmarkNetwork &own, Baseline &baseline, int every, Checks *checks)
{
    Errors ours, theirs;
    int missed = 0;
    for (const Annotated &a : youTubeTest(every)) {
        const cv::Mat grey = cv::imread(a.file.toStdString(), cv::IMREAD_GRAYSCALE);
        const auto box = baseline.isThere() ? baseline.box(grey) : std::optional(squareOf(a.points));
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
    if (!theirs.all.empty())
        checks->add({"landmarks-ytf, test people, dlib's boxes, NME", text("below dlib %.2f %%", mean(theirs.all)),
                     text("mean %.2f, median %.2f %%; without jaw %.2f", mean(ours.all), quantile(ours.all, 0.5), mean(ours.inner)),
                     text("9 of 10 below %.1f %%", quantile(ours.all, 0.9)), mean(ours.all) < mean(theirs.all)});
    std::printf("%-34s dlib's detector found no face at the annotated place in %d pictures, which are left out\n", "", missed);

    Errors byHand, byHandTheirs;
    for (const Annotated &a : handMade()) {
        const cv::Mat grey = cv::imread(a.file.toStdString(), cv::IMREAD_GRAYSCALE);
        if (grey.empty())
            continue;
        byHand.add(own.place(grey, squareOf(a.points)).points, a.points);
        if (baseline.isThere())
            byHandTheirs.add(baseline.place(grey, squareOf(a.points)), a.points);
    }
    print("landmarks-small, made by hand", "network", byHand);
    print("(dlib learned from some of these)", "dlib", byHandTheirs);
    if (!byHandTheirs.all.empty())
        checks->add({"landmarks-small, by hand, NME", text("below dlib %.2f %%", mean(byHandTheirs.all)),
                     text("mean %.2f, median %.2f %%", mean(byHand.all), quantile(byHand.all, 0.5)),
                     text("worst picture %.1f %%", quantile(byHand.all, 1.0)), mean(byHand.all) < mean(byHandTheirs.all)});
}

void poses(LandmarkNetwork &own, Baseline &baseline, Checks *checks)
{
    const QDir folder(test::shared(u"landmarks-small/land-prnet-aflw2000"_s));
    std::array<std::vector<double>, 3> ours, theirs, fitted, exact;
    Errors points;
    const auto shapes = FaceShapes::load(InstallPaths::ofProgram().models() + u"/head/ict-head.fwh"_s);
    const auto shared = shapes ? std::make_shared<const FaceShapes>(*shapes) : nullptr;
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
        const Landmarks68 found = own.place(grey, squareOf(truth)).points;
        points.add(found, truth);
        std::printf("  %s truth %.0f %.0f %.0f", qPrintable(mat.mid(24, 10)), pose[0] * 57.3, pose[1] * 57.3, pose[2] * 57.3);
        const auto compare = [&](const HeadPose &fit, std::array<std::vector<double>, 3> &to) {
            const EulerAngles a = eulerAngles(fit.rotation);
            // The set's pitch is positive upwards; yaw and roll turn as ours do.
            const std::array<double, 3> found{-a.pitchRadians, a.yawRadians, a.rollRadians};
            std::printf("  found %.0f %.0f %.0f", found[0] * 57.3, found[1] * 57.3, found[2] * 57.3);
            for (std::size_t k = 0; k < 3; ++k)
                to[k].push_back(std::abs(found[k] - pose[k]) * 180 / CV_PI);
        };
        const auto score = [&](const Landmarks68 &p, std::array<std::vector<double>, 3> &to) {
            if (const auto fit = fitHeadPoseOfUnknownLens(p, camera))
                compare(*fit, to);
        };
        score(found, ours);
        score(truth, exact);
        PersonModel person(shared, camera);
        if (const auto fit = person.next(0, found))
            compare(fit->pose, fitted);
        if (baseline.isThere())
            score(baseline.place(grey, squareOf(truth)), theirs);
        std::printf("\n");
    }
    for (const auto &[who, angles] : {std::pair{"network", &ours}, {"fitted", &fitted}, {"truth", &exact}, {"dlib", &theirs}}) {
        std::printf("%-34s %-10s n %4zu  mean error: pitch %.1f  yaw %.1f  roll %.1f  together %.2f deg\n",
                    "AFLW2000 samples, pose", who, (*angles)[0].size(), mean((*angles)[0]),
                    mean((*angles)[1]), mean((*angles)[2]),
                    (mean((*angles)[0]) + mean((*angles)[1]) + mean((*angles)[2])) / 3);
    }
    print("AFLW2000 samples, points", "network", points);
    const double all = (mean(ours[0]) + mean(ours[1]) + mean(ours[2])) / 3;
    double worst = 0;
    for (std::size_t i = 0; i < ours[0].size(); ++i)
        worst = std::max(worst, (ours[0][i] + ours[1][i] + ours[2][i]) / 3);
    checks->add({"AFLW2000 samples, head pose", "at most 5 deg", text("%.2f deg (%zu faces)", all, ours[0].size()),
                 text("worst face %.1f deg", worst), all <= 5.0});
}

} // namespace

void measureMarkedPhotos(LandmarkNetwork &own, int every, Checks *checks)
{
    Baseline baseline;
    landmarks(own, baseline, every, checks);
    poses(own, baseline, checks);
}

} // namespace fw::test
