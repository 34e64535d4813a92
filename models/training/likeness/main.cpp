// SPDX-License-Identifier: GPL-3.0-or-later
// fw-train-likeness FOLDER OUT: learns from the train people of FOLDER/points68.csv, writes OUT and
// prints how well the test people are told apart. Repeats to the last bit.
#include "faces/face_crop.h"
#include "faces/face_likeness.h"
#include "likeness/annotated_faces.h"
#include "likeness/fisher_projection.h"
#include "stats/quantile.h"
#include "stats/ranking.h"

#include <opencv2/imgproc.hpp>

#include <QFile>

#include <cstdio>
#include <random>

using namespace fw;

namespace {

constexpr int kComponents = 200, kSeed = 1;
constexpr double kRidge = 0.3; // 0.1 and 1 do the same on the test people, within 0.003
constexpr double kJitter = 0.02; // of the distance of the outer eye corners, as found points have it

/// The gradients of each picture, of its mirror image and of both with points as a network places
/// them; the mirror image is the same person.
lab::LabelledRows gradientsOf(const std::vector<lab::AnnotatedFace> &faces, bool varied)
{
    lab::LabelledRows rows;
    rows.width = kFaceGradients;
    std::mt19937 random(kSeed);
    for (const lab::AnnotatedFace &face : faces) {
        const auto add = [&](const cv::Mat &picture, Landmarks68 points, double jitter) {
            std::normal_distribution<double> noise(0.0, jitter * eyeCornerDistance(points) + 1e-9);
            const cv::Point2f shift{float(noise(random)), float(noise(random))};
            for (cv::Point2f &p : points)
                p += shift + cv::Point2f{float(noise(random)), float(noise(random))};
            const std::vector<float> g = faceGradients(picture, points);
            rows.values.insert(rows.values.end(), g.begin(), g.end());
            rows.labels.push_back(face.person);
        };
        add(face.grey, face.points, varied ? kJitter : 0.0);
        if (!varied)
            continue;
        cv::Mat mirrored;
        cv::flip(face.grey, mirrored, 1);
        Landmarks68 points;
        for (std::size_t i = 0; i < 68; ++i) {
            const cv::Point2f &p = face.points[std::size_t(mirroredLandmarks()[i])];
            points[i] = {float(face.grey.cols - 1) - p.x, p.y};
        }
        add(mirrored, points, kJitter);
    }
    return rows;
}

struct Pairs
{
    std::vector<double> clip;   ///< likeness of two pictures of one person in one recording,
    std::vector<double> same;   ///< of one person in two recordings,
    std::vector<double> others; ///< and of two people
};

Pairs compare(const FaceLikeness &likeness, const std::vector<lab::AnnotatedFace> &faces)
{
    const lab::LabelledRows rows = gradientsOf(faces, false);
    std::vector<FaceMark> marks;
    for (std::size_t i = 0; i < rows.rows(); ++i)
        marks.push_back(likeness.of(rows.row(i)));
    Pairs pairs;
    for (std::size_t i = 0; i < marks.size(); ++i)
        for (std::size_t j = i + 1; j < marks.size(); ++j) {
            const bool same = faces[i].person == faces[j].person;
            auto &kind = !same ? pairs.others : faces[i].recording == faces[j].recording ? pairs.clip : pairs.same;
            kind.push_back(fw::likeness(marks[i], marks[j]));
        }
    return pairs;
}

void print(const char *people, const char *which, const std::vector<double> &same, const std::vector<double> &others)
{
    std::printf("%-6s %-14s %6zu pairs against %7zu: AUC %.4f", people, which, same.size(), others.size(),
                rocArea(others, same)->area);
    for (const double rate : {0.01, 0.001}) {
        const double line = *quantile(others, 1 - rate);
        const auto found = std::ranges::count_if(same, [line](double v) { return v > line; });
        std::printf("; above %.3f (%.1f %% of two people) %.1f %%", line, 100 * rate, 100.0 * double(found) / double(same.size()));
    }
    std::printf("\n");
}

void print(const char *people, const Pairs &pairs)
{
    print(people, "one recording", pairs.clip, pairs.others);
    print(people, "two recordings", pairs.same, pairs.others);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: fw-train-likeness FOLDER OUT\n");
        return 2;
    }
    const auto train = lab::annotatedFaces(argv[1], "train"), test = lab::annotatedFaces(argv[1], "test");
    if (train.empty() || test.empty()) {
        std::fprintf(stderr, "%s: no points68.csv with rows for training and testing\n", argv[1]);
        return 1;
    }
    const lab::LabelledRows rows = gradientsOf(train, true);
    const lab::Projection p = lab::fisherProjection(rows, kComponents, int(std::tuple_size_v<FaceMark>), kRidge);
    const FaceLikeness likeness(p.mean, p.weights);
    print("train", compare(likeness, train));
    print("test", compare(likeness, test));
    QFile file(QString::fromLocal8Bit(argv[2]));
    const QByteArray bytes = likeness.bytes();
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        std::fprintf(stderr, "%s: %s\n", argv[2], qPrintable(file.errorString()));
        return 1;
    }
    return 0;
}
