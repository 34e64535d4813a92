// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/demo/check.h"

#include "base/numbers.h"

#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/opencv.h>

#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw::render {
namespace {

using Points68 = std::array<cv::Point2d, 68>;

constexpr int kDetectorWidth = 640;

struct Seen
{
    std::optional<Points68> points;
    double opening = std::numeric_limits<double>::quiet_NaN(); ///< mean eye aspect ratio
    double angle = std::numeric_limits<double>::quiet_NaN();   ///< whole against central, degrees
    cv::Vec3d pose;                                            ///< pitch, yaw, roll, degrees
};

double quantile(std::vector<double> values, double share)
{
    std::erase_if(values, [](double v) { return std::isnan(v); });
    if (values.empty())
        return std::numeric_limits<double>::quiet_NaN();
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

/// Pose from some of the points: weak perspective first, so that the solver starts on the right
/// side of its mirror solution. `pose` is the start where `started`.
void fitPose(const std::vector<int> &which, const Points68 &points, const KnownClip &known,
             HeadPose &pose, bool started)
{
    const double focal = known.size.width;
    const cv::Point2d centre((known.size.width - 1) / 2.0, (known.size.height - 1) / 2.0);
    std::vector<cv::Point3d> model;
    std::vector<cv::Point2d> image;
    for (const int i : which) {
        model.push_back(known.model[static_cast<std::size_t>(i)]);
        image.push_back(points[static_cast<std::size_t>(i)]);
    }
    cv::Mat rotation, turn, shift;
    if (!started) {
        cv::Point3d modelMean;
        cv::Point2d imageMean;
        for (std::size_t i = 0; i < model.size(); ++i) {
            modelMean += model[i] * (1.0 / static_cast<double>(model.size()));
            imageMean += image[i] * (1.0 / static_cast<double>(model.size()));
        }
        cv::Mat a(static_cast<int>(model.size()), 3, CV_64F), b(a.rows, 2, CV_64F), map;
        for (int i = 0; i < a.rows; ++i) {
            const cv::Point3d p = model[static_cast<std::size_t>(i)] - modelMean;
            const cv::Point2d q = image[static_cast<std::size_t>(i)] - imageMean;
            cv::Mat(cv::Matx13d(p.x, p.y, p.z)).copyTo(a.row(i));
            cv::Mat(cv::Matx12d(q.x, q.y)).copyTo(b.row(i));
        }
        cv::solve(a, b, map, cv::DECOMP_SVD);
        cv::Vec3d x(map.at<double>(0, 0), map.at<double>(1, 0), map.at<double>(2, 0));
        cv::Vec3d y(map.at<double>(0, 1), map.at<double>(1, 1), map.at<double>(2, 1));
        const double scale = (cv::norm(x) + cv::norm(y)) / 2;
        x = cv::normalize(x);
        y = cv::normalize(y - x * x.dot(y));
        const cv::Vec3d z = x.cross(y);
        pose.rotation = cv::Matx33d(x[0], x[1], x[2], y[0], y[1], y[2], z[0], z[1], z[2]);
        const double depth = focal / scale;
        pose.translation =
            cv::Vec3d((imageMean.x - centre.x) / scale, (imageMean.y - centre.y) / scale, depth) -
            pose.rotation * cv::Vec3d(modelMean.x, modelMean.y, modelMean.z);
    }
    cv::Rodrigues(cv::Mat(pose.rotation), turn);
    shift = cv::Mat(pose.translation).clone();
    const cv::Matx33d k(focal, 0, centre.x, 0, focal, centre.y, 0, 0, 1);
    cv::solvePnP(model, image, k, cv::noArray(), turn, shift, true, cv::SOLVEPNP_ITERATIVE);
    cv::Rodrigues(turn, rotation);
    pose.rotation = cv::Matx33d(rotation.ptr<double>());
    pose.translation = cv::Vec3d(shift.ptr<double>());
}

void measurePose(Seen &seen, const KnownClip &known)
{
    // Central: brows, nose, mouth corners; whole: the jaw line too. Yang, Li, Lyu, ICASSP 2019.
    std::vector<int> central{48, 54}, whole{48, 54};
    for (int i = 0; i < 36; ++i) {
        whole.push_back(i);
        if (i >= 17)
            central.push_back(i);
    }
    HeadPose a;
    fitPose(whole, *seen.points, known, a, false);
    HeadPose c = a;
    fitPose(central, *seen.points, known, c, true);
    const cv::Vec3d out(0, 0, -1);
    seen.angle =
        std::acos(std::clamp((a.rotation * out).dot(c.rotation * out), -1.0, 1.0)) * kDegrees;
    seen.pose = eulerFromRotation(a.rotation) * kDegrees;
}

/// Mean distance to the true points as a share of the distance between the outer eye corners.
double landmarkError(const Points68 &found, const Points68 &truth, int first)
{
    double sum = 0;
    for (int i = first; i < 68; ++i)
        sum += cv::norm(found[i] - truth[i]);
    return sum / (68 - first) / cv::norm(truth[36] - truth[45]);
}

void printBlinks(const std::vector<Seen> &frames, const KnownClip &known)
{
    std::vector<double> openings;
    for (const Seen &seen : frames)
        openings.push_back(seen.opening);
    const double open = quantile(openings, 0.9);
    std::printf("eye aspect ratio, open (90 %% quantile): %.3f\n", open);
    for (const double apex : known.blinkApexes) {
        double least = 1e9;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            if (std::abs(known.times[i] - apex) <= 0.081 && !std::isnan(openings[i]))
                least = std::min(least, openings[i]);
        }
        std::printf("  %s at %6.3f s: least %.3f, %.2f of open\n",
                    known.blinksShown ? "blink" : "removed blink", apex, least, least / open);
    }
}

void printReport(const std::vector<Seen> &frames, const KnownClip &known)
{
    int found = 0;
    std::vector<double> angles, whole, inner, pitch, yaw, roll;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (!frames[i].points)
            continue;
        ++found;
        angles.push_back(frames[i].angle);
        pitch.push_back(std::abs(frames[i].pose[0] - known.pose[i][0]));
        yaw.push_back(std::abs(frames[i].pose[1] - known.pose[i][1]));
        roll.push_back(std::abs(frames[i].pose[2] - known.pose[i][2]));
        if (!known.points.empty()) {
            whole.push_back(landmarkError(*frames[i].points, known.points[i], 0));
            inner.push_back(landmarkError(*frames[i].points, known.points[i], 17));
        }
    }
    std::printf("frames %zu, face found in %d (%.1f %%)\n", frames.size(), found,
                100.0 * found / static_cast<double>(frames.size()));
    std::printf("whole against central pose: median %.1f, 95 %% %.1f degrees\n",
                quantile(angles, 0.5), quantile(angles, 0.95));
    std::printf("pose error (whole face): pitch %.1f, yaw %.1f, roll %.1f degrees, medians\n",
                quantile(pitch, 0.5), quantile(yaw, 0.5), quantile(roll, 0.5));
    if (!whole.empty())
        std::printf(
            "landmark error / outer eye corners: all %.1f %%, without jaw %.1f %%, medians\n",
            100 * quantile(whole, 0.5), 100 * quantile(inner, 0.5));
}

} // namespace

Result<void> checkClip(const QString &clip, const KnownClip &known, const QString &predictor,
                       bool trace)
{
    dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
    dlib::shape_predictor shapes;
    try {
        dlib::deserialize(predictor.toStdString()) >> shapes;
    } catch (const std::exception &) {
        return fail(Errc::Unreadable, u"is not a readable landmark model"_s, predictor);
    }
    std::vector<Seen> frames;
    const double scale = std::min(1.0, static_cast<double>(kDetectorWidth) / known.size.width);
    const auto use = [&](int, const cv::Mat &bgr) {
        Seen seen;
        cv::Mat grey, small, rgb;
        cv::cvtColor(bgr, grey, cv::COLOR_BGR2GRAY);
        cv::resize(grey, small, cv::Size(), scale, scale, cv::INTER_AREA);
        const auto boxes = detector(dlib::cv_image<unsigned char>(small));
        if (!boxes.empty()) {
            const dlib::rectangle &b = boxes.front();
            const auto grown = [&](long v) { return std::lround(static_cast<double>(v) / scale); };
            cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
            const auto shape = shapes(dlib::cv_image<dlib::rgb_pixel>(rgb),
                                      dlib::rectangle(grown(b.left()), grown(b.top()),
                                                      grown(b.right()), grown(b.bottom())));
            Points68 points;
            for (int i = 0; i < 68; ++i)
                points[i] = {static_cast<double>(shape.part(i).x()),
                             static_cast<double>(shape.part(i).y())};
            seen.points = points;
            seen.opening = (eyeAspectRatio(points, 36) + eyeAspectRatio(points, 42)) / 2;
            measurePose(seen, known);
        }
        frames.push_back(seen);
    };
    const auto count = readClip(clip, known.size, use);
    if (!count)
        return Failure{count.error()};
    if (frames.size() != known.times.size())
        return fail(Errc::Mismatch,
                    u"has %1 frames, its truth %2"_s.arg(frames.size()).arg(known.times.size()),
                    clip);
    if (trace) {
        std::printf("# seconds opening angle pitch yaw roll\n");
        for (std::size_t i = 0; i < frames.size(); ++i)
            std::printf("%.3f %.3f %.2f %.1f %.1f %.1f\n", known.times[i], frames[i].opening,
                        frames[i].angle, frames[i].pose[0], frames[i].pose[1], frames[i].pose[2]);
    }
    printReport(frames, known);
    printBlinks(frames, known);
    return {};
}

} // namespace fw::render
