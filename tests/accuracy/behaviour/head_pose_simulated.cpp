// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/head_pose_tables.h"

#include "base/numbers.h"
#include "faces/own_head.h"
#include "head_pose/splice_set.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <cmath>
#include <cstdio>
#include <optional>

namespace fw::accuracy {

namespace {

constexpr double kSigma = 0.7; ///< px

double areaOf(const std::vector<double> &genuine, const std::vector<double> &spliced)
{
    const auto area = rocArea(genuine, spliced);
    return area ? area->area : 0.5;
}

void printAngles(const char *what, const std::vector<double> &degrees, const char *bar)
{
    std::printf("%-46s median %5.2f  95 %% %5.2f  99 %% %5.2f   %s\n", what, *median(degrees), *quantile(degrees, 0.95),
                *quantile(degrees, 0.99), bar);
    std::fflush(stdout);
}

std::optional<double> angleOf(Landmarks68 points, const HeadModel &head)
{
    const auto poses = comparePoses(points, SimulatedHeads::camera(), head);
    return poses ? std::optional(poses->angleRadians * kDegrees) : std::nullopt;
}

void printNoise(const FaceShapes &shapes)
{
    struct Case { double eyes, sigma; const char *bar; };
    for (const Case &c : {Case{129, 1, "bar 0.57 +- 0.1, 1.25 +- 0.2"}, {129, 2, "page: 95 % 2.7"}, {232, 1, "bar 95 % 0.69 +- 0.15"},
                          {64, 2, "page: 95 % 5.5"}}) {
        SimulatedHeads heads(shapes, 3);
        std::vector<double> angles;
        int behind = 0;
        for (int round = 0; round < 3000; ++round) {
            Landmarks68 points = SimulatedHeads::seen(neutralHead(), heads.pose(c.eyes));
            heads.addNoise(points, c.sigma);
            const auto poses = comparePoses(points, SimulatedHeads::camera());
            behind += poses && (poses->whole.translation[2] <= 0 || poses->central.translation[2] <= 0);
            if (poses)
                angles.push_back(poses->angleRadians * kDegrees);
        }
        char what[64];
        std::snprintf(what, sizeof what, "noise, %.0f px, sigma %.0f px", c.eyes, c.sigma);
        printAngles(what, angles, c.bar);
        if (behind > 0)
            std::printf("  %d poses behind the camera\n", behind);
    }
}

/// @param millimetres  how well the person's own shape is known; negative: the mean head.
void printFrames(const FaceShapes &shapes, double millimetres)
{
    constexpr int kPeople = 400, kFrames = 5;
    char what[64];
    std::snprintf(what, sizeof what, millimetres < 0 ? "generic head" : "enrolled head, known to %.1f mm", millimetres);
    std::vector<double> genuine, areas;
    for (const double degrees : {0.0, 5.0, 10.0, 20.0, 30.0}) {
        SimulatedHeads heads(shapes, 7);
        std::vector<double> plain, spliced;
        for (int person = 0; person < kPeople; ++person) {
            const std::vector<float> target = heads.person(), source = heads.person();
            const HeadModel known = millimetres < 0 ? neutralHead() : heads.knownTo(heads.head(target), millimetres);
            for (int k = 0; k < kFrames; ++k) {
                const HeadModel shown = heads.head(target, heads.expression()), pasted = heads.head(source, heads.expression());
                const HeadPose pose = heads.pose();
                Landmarks68 seen = SimulatedHeads::seen(shown, pose);
                Landmarks68 fake = SimulatedHeads::spliced(shown, pasted, pose, heads.turn(degrees));
                heads.addNoise(seen, kSigma);
                heads.addNoise(fake, kSigma);
                if (const auto angle = angleOf(seen, known))
                    plain.push_back(*angle);
                if (const auto angle = angleOf(fake, known))
                    spliced.push_back(*angle);
            }
        }
        if (genuine.empty())
            genuine = plain;
        areas.push_back(areaOf(plain, spliced));
    }
    printAngles(what, genuine, millimetres < 0 ? "bar 3.6 +- 0.5, 7.5 +- 1.0" : millimetres <= 1.0 ? "bar <= 1.5, <= 3.0" : "");
    std::printf("  AUC of a frame's angle at 0, 5, 10, 20, 30 degrees: %.2f %.2f %.2f %.2f %.2f   %s\n", areas[0], areas[1], areas[2],
                areas[3], areas[4], millimetres < 0 ? "bar 10: 0.75, 20: 0.93" : millimetres <= 1.0 ? "bar 0: 0.78, 10: 0.95" : "");
    std::fflush(stdout);
}

void printOwnHeads(const FaceShapes &shapes)
{
    constexpr int kPeople = 60, kFrames = 20;
    std::vector<double> genuine;
    for (const double degrees : {-1.0, 0.0, 5.0, 10.0, 20.0}) {
        SimulatedHeads heads(shapes, 11);
        std::vector<double> medians;
        for (int person = 0; person < kPeople; ++person) {
            const std::vector<float> target = heads.person(), source = heads.person();
            const cv::Matx33d error = heads.turn(std::max(0.0, degrees));
            std::vector<Landmarks68> views;
            for (int k = 0; k < kFrames; ++k) {
                const HeadModel shown = heads.head(target, heads.expression()), pasted = heads.head(source, heads.expression());
                const HeadPose pose = heads.pose();
                views.push_back(degrees < 0 ? SimulatedHeads::seen(shown, pose) : SimulatedHeads::spliced(shown, pasted, pose, error));
                heads.addNoise(views.back(), kSigma);
            }
            const auto own = fitOwnHead(shapes, SimulatedHeads::camera(), views, wholeFacePoints());
            std::vector<double> angles;
            for (const Landmarks68 &points : views) {
                if (const auto angle = own ? angleOf(points, own->points) : std::nullopt)
                    angles.push_back(*angle);
            }
            if (const auto middle = median(angles))
                medians.push_back(*middle);
        }
        if (degrees < 0) {
            genuine = medians;
            printAngles("head fitted to the track, clip medians", medians, "bar 95 % <= 1.5");
        } else {
            std::printf("  spliced, %2.0f degrees: median %.2f, AUC of a clip %.3f   %s\n", degrees, *median(medians),
                        areaOf(genuine, medians), degrees == 10.0 ? "bar 0.95" : "");
        }
        std::fflush(stdout);
    }
}

void printClassifier(const FaceShapes &shapes, const PoseClassifier &classifier)
{
    struct Case { const char *what; SpliceNoise noise; double low, high; const char *bar; };
    for (const Case &c : {Case{"0..25 degrees, noise as trained", {0.3, 1.5, 1.5}, 0, 25, "bar: + 0.02"},
                          {"0..25 degrees, no habit", {0.7, 0.7, 0.0}, 0, 25, ""},
                          {"20..30 degrees, noise as trained", {0.3, 1.5, 1.5}, 20, 30, ""},
                          {"0 degrees, noise as trained", {0.3, 1.5, 1.5}, 0, 0, ""}}) {
        const auto frames = makeSplices(shapes, 150, 20, c.low, c.high, c.noise, 77);
        std::vector<double> genuine, spliced;
        for (const SpliceFrame &f : frames)
            (f.spliced ? spliced : genuine).push_back(classifier.probability(f.poses));
        const double machine = areaOf(genuine, spliced), angle = angleArea(frames);
        std::printf("classifier, %-34s AUC %.3f, angle %.3f, gain %+.3f   %s\n", c.what, machine, angle, machine - angle, c.bar);
        std::fflush(stdout);
    }
}

} // namespace

void printSimulations(const FaceShapes &shapes, const PoseClassifier *classifier)
{
    std::printf("Simulated heads (degrees between whole face and centre)\n");
    printNoise(shapes);
    printFrames(shapes, -1);
    for (const double millimetres : {0.5, 1.0, 2.0})
        printFrames(shapes, millimetres);
    printOwnHeads(shapes);
    if (classifier)
        printClassifier(shapes, *classifier);
}

} // namespace fw::accuracy
