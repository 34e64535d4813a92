// SPDX-License-Identifier: GPL-3.0-or-later
#include "units/unit_samples.h"

#include "base/hash.h"
#include "faces/face_crop.h"
#include "faces/head_pose.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw::lab {

namespace {

constexpr double kMostYaw = 40.0 * CV_PI / 180.0;

QString hashOf(const QString &file)
{
    const auto hash = hashFile(file);
    return hash ? hexText(hash->sha256) : QString();
}

Landmarks68 pointsOf(const FaceLabel &label, bool mirrored)
{
    Landmarks68 p;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const std::size_t at = mirrored ? std::size_t(mirroredLandmarks()[i]) : i;
        p[i] = {label.points[2 * at], label.points[2 * at + 1]};
        if (mirrored)
            p[i].x = float(kSampleSide - 1) - p[i].x;
    }
    return p;
}

} // namespace

Result<FaceMeter> FaceMeter::load(const QString &models, bool withGaze)
{
    FaceMeter meter;
    const QString points = models + u"/landmarks/landmarks.fwm"_s, eyes = models + u"/eyes/eyes.fwm"_s;
    auto landmarks = LandmarkNetwork::load(points, hashOf(points));
    if (!landmarks)
        return Failure{landmarks.error()};
    meter.landmarks = std::move(*landmarks);
    auto network = EyeNetwork::load(eyes, hashOf(eyes));
    if (!network)
        return Failure{network.error()};
    meter.eyes = std::move(*network);
    if (withGaze) {
        const QString file = models + u"/eyes/gaze.fwg"_s;
        auto reader = GazeReader::load(file, hashOf(file));
        if (!reader)
            return Failure{reader.error()};
        meter.eyes->setGazeReader(std::move(*reader));
    }
    auto shapes = FaceShapes::load(models + u"/head/ict-head.fwh"_s);
    if (!shapes)
        return Failure{shapes.error()};
    meter.shapes = std::make_shared<const FaceShapes>(std::move(*shapes));
    return meter;
}

FaceObservation FaceMeter::measure(const cv::Mat &grey, const cv::Rect2f &box, const Camera &camera)
{
    const PlacedFace placed = landmarks->place(grey, box);
    FaceObservation face;
    face.box = placed.box;
    face.landmarks = placed.points;
    face.landmarkSigmas = placed.sigmas;
    if (const auto pose = fitHeadPose(placed.points, camera))
        face.pose = *pose;
    const auto read = eyes->read(grey, camera, {{&face, Eye::ImageLeft}, {&face, Eye::ImageRight}});
    if (read) {
        face.eyeImageLeft = (*read)[0];
        face.eyeImageRight = (*read)[1];
    }
    return face;
}

Camera assumedCamera()
{
    return {640.0, {0.5 * kSampleSide, 0.5 * kSampleSide}};
}

std::vector<UnitSample> unitSamples(const SamplePack &pack, const render::FaceKit &kit, FaceMeter &meter, bool mirrored)
{
    const UnitTable table(*meter.shapes);
    const Camera camera = assumedCamera();
    std::vector<UnitSample> samples;
    for (std::size_t first = 0, end = 0; first < pack.size(); first = end) {
        while (end < pack.size() && pack.label(end).person == pack.label(first).person &&
               pack.label(end).scene == pack.label(first).scene)
            ++end;
        for (const bool flip : {false, true}) {
            if (flip && !mirrored)
                continue;
            PersonModel head(meter.shapes, camera);
            std::vector<std::pair<std::size_t, cv::Mat>> shots;
            std::vector<FaceObservation> faces;
            for (std::size_t at = first; at < end; ++at) {
                if (std::abs(double(pack.label(at).yaw)) > kMostYaw)
                    continue;
                cv::Mat grey = pack.grey(at);
                if (flip)
                    cv::flip(pack.grey(at), grey = cv::Mat(), 1);
                const auto square = faceCropOf(pointsOf(pack.label(at), flip));
                faces.push_back(meter.measure(grey, faceSquareOf(*square), camera));
                shots.emplace_back(at, grey);
            }
            FrameIndex frame = 0;
            for (int round = 0; round < 2; ++round)
                for (const FaceObservation &face : faces)
                    head.next(frame += 2, *face.landmarks, &*face.landmarkSigmas);
            for (std::size_t i = 0; i < faces.size(); ++i) {
                FaceObservation &face = faces[i];
                const auto fit = head.fit(*face.landmarks, &*face.landmarkSigmas);
                if (!fit)
                    continue;
                face.expression = ExpressionFit{fit->expression, fit->points};
                const FaceLabel &label = pack.label(shots[i].first);
                UnitSample sample;
                sample.person = label.person;
                sample.scene = label.scene;
                sample.mirrored = flip;
                sample.atRest = isAtRest(kit, label.expression);
                sample.yaw = double(label.yaw);
                sample.evidence = unitEvidence(shots[i].second, face, fit->pose);
                sample.truth = trueUnits(kit, label.expression);
                sample.geometry = table.estimate(*fit, face, camera).raw;
                if (!sample.evidence.empty())
                    samples.push_back(std::move(sample));
            }
        }
        if (samples.size() % 50 < 8)
            std::fprintf(stderr, "\r%zu of %zu pictures", end, pack.size());
    }
    std::fprintf(stderr, "\n");
    return samples;
}

} // namespace fw::lab
