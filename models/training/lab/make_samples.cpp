// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/make_samples.h"

#include "lab/random_scene.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

using namespace Qt::StringLiterals;

namespace fw::lab {

namespace {

constexpr double kPhotoCorners = 72; // px between the outer eye corners in a sample
constexpr int kShotsOfScene = 8;

std::vector<cv::Mat> picturesIn(const std::filesystem::path &folder)
{
    std::vector<std::filesystem::path> files;
    if (!folder.empty() && std::filesystem::is_directory(folder)) {
        for (const auto &entry : std::filesystem::recursive_directory_iterator(folder))
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<cv::Mat> pictures;
    for (const auto &file : files) {
        cv::Mat picture = cv::imread(file.string(), cv::IMREAD_COLOR);
        if (!picture.empty() && std::min(picture.cols, picture.rows) >= 64)
            pictures.push_back(picture);
    }
    return pictures;
}

cv::Point2d onPath(const cv::Point2d *p, int last, double at)
{
    // Catmull-Rom through the points of one lid, corners included.
    const int i = std::min(int(at), last - 1);
    const double t = at - i;
    const auto point = [&](int k) { return p[std::clamp(k, 0, last)]; };
    const cv::Point2d a = point(i - 1), b = point(i), c = point(i + 1), d = point(i + 2);
    return 0.5 * (2 * b + t * (c - a) + t * t * (2 * a - 5 * b + 4 * c - d) +
                  t * t * t * (3 * (b - c) + d - a));
}

EyeLabel eyeLabel(const render::Truth &truth, const render::Shot &shot, int side, double restGap)
{
    const render::EyeTruth &eye = truth.eyes[std::size_t(side)];
    EyeLabel label;
    const cv::Point2d iris = shot.camera.project(eye.iris);
    label.iris[0] = float(iris.x);
    label.iris[1] = float(iris.y);
    label.irisRadius = float(shot.camera.focal * eye.irisRadius / eye.iris[2]);
    for (int i = 0; i < 3; ++i) {
        label.gaze[i] = float(eye.direction[i]);
        label.ball[i] = float(eye.centre[i]);
    }
    label.openness = float(std::clamp(eye.lidGap / restGap, 0.0, 1.5));
    const std::size_t first = side == 0 ? 36 : 42;
    const auto &p = truth.points;
    const std::array<cv::Point2d, 4> upper{p[first], p[first + 1], p[first + 2], p[first + 3]};
    const std::array<cv::Point2d, 4> lower{p[first + 3], p[first + 4], p[first + 5], p[first]};
    for (int i = 0; i < 12; ++i) {
        const cv::Point2d q = i < 7 ? onPath(upper.data(), 3, 0.5 * i)
                                    : onPath(lower.data(), 3, 0.5 * (i - 6));
        label.lids[2 * i] = float(q.x);
        label.lids[2 * i + 1] = float(q.y);
    }
    return label;
}

FaceLabel labelOf(const render::Truth &truth, const render::Shot &shot,
                  const std::array<double, 2> &restGap)
{
    FaceLabel label;
    label.source = Source::Render;
    for (std::size_t i = 0; i < 68; ++i) {
        label.points[2 * i] = float(truth.points[i].x);
        label.points[2 * i + 1] = float(truth.points[i].y);
    }
    const cv::Vec3d angles = render::eulerFromRotation(truth.head.rotation);
    label.pitch = float(angles[0]);
    label.yaw = float(angles[1]);
    label.roll = float(angles[2]);
    label.focal = float(shot.camera.focal);
    label.centre[0] = float(shot.camera.centre.x);
    label.centre[1] = float(shot.camera.centre.y);
    std::copy(shot.expression.begin(),
              shot.expression.begin() + std::min<std::ptrdiff_t>(64, std::ptrdiff_t(shot.expression.size())),
              label.expression);
    for (int side = 0; side < 2; ++side)
        label.eyes[side] = eyeLabel(truth, shot, side, restGap[std::size_t(side)]);
    return label;
}

std::array<double, 2> gapsAtRest(const render::Renderer &renderer, const render::Shot &shot)
{
    render::Shot rest = shot;
    std::fill(rest.expression.begin(), rest.expression.end(), 0.0f);
    const render::Truth truth = renderer.measure(rest);
    return {truth.eyes[0].lidGap, truth.eyes[1].lidGap};
}

} // namespace

Result<void> renderSamples(const RenderOrder &order, const std::filesystem::path &out)
{
    auto loaded = render::FaceKit::load(order.faceKit);
    if (!loaded)
        return Failure{loaded.error()};
    const auto kit = std::make_shared<const render::FaceKit>(std::move(*loaded));
    const std::vector<cv::Mat> backgrounds = picturesIn(order.backgrounds);
    for (int n = 0; n < order.people; ++n) {
        const int person = order.firstPerson + n;
        render::Random random(order.seed * 1000003u + std::uint64_t(person));
        const render::Renderer renderer(kit, lab::randomPerson(random), 512);
        std::vector<FaceSample> samples;
        std::optional<Setting> setting;
        for (int s = 0; s < order.shots; ++s) {
            if (order.scenes && s % kShotsOfScene == 0)
                setting = randomSetting(kSampleSide, backgrounds, random);
            const render::Shot shot = setting ? shotIn(*setting, *kit, s % kShotsOfScene == 0, random)
                                              : randomShot(*kit, kSampleSide, backgrounds, random);
            const render::Picture picture = renderer.render(shot);
            FaceSample sample;
            sample.label = labelOf(picture.truth, shot, gapsAtRest(renderer, shot));
            sample.label.person = person;
            sample.label.scene = s / kShotsOfScene;
            cv::cvtColor(picture.image, sample.grey, cv::COLOR_BGR2GRAY);
            samples.push_back(std::move(sample));
        }
        if (const auto written = SamplePack::append(out, samples); !written)
            return written;
        std::fprintf(stderr, "\rperson %d of %d", n + 1, order.people);
    }
    std::fprintf(stderr, "\n");
    return {};
}

FaceSample sampleOfPhoto(const cv::Mat &grey, const std::array<cv::Point2f, 68> &points)
{
    cv::Rect2f box(points[0], cv::Size2f(0, 0));
    for (const cv::Point2f &p : points)
        box |= cv::Rect2f(p, cv::Size2f(1e-3f, 1e-3f));
    // In profile the eye corners come near each other; the height keeps the size right.
    const double corners = std::max(cv::norm(points[45] - points[36]), 0.62 * double(box.height));
    const double scale = kPhotoCorners / corners;
    const cv::Point2d centre(box.x + 0.5f * box.width, box.y + 0.5f * box.height);
    const cv::Matx23d map(scale, 0, 0.5 * kSampleSide - scale * centre.x, 0, scale,
                          0.5 * kSampleSide - scale * centre.y);
    FaceSample sample;
    cv::warpAffine(grey, sample.grey, map, {kSampleSide, kSampleSide},
                   scale < 0.7 ? cv::INTER_AREA : cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    for (std::size_t i = 0; i < 68; ++i) {
        sample.label.points[2 * i] = float(scale * points[i].x + map(0, 2));
        sample.label.points[2 * i + 1] = float(scale * points[i].y + map(1, 2));
    }
    return sample;
}

Result<void> photoSamples(const std::filesystem::path &csv, const std::string &split,
                          const std::filesystem::path &out)
{
    std::ifstream in(csv);
    std::string line;
    if (!std::getline(in, line))
        return fail(Errc::NotFound, u"no list of points"_s, QString::fromStdString(csv.string()));
    std::map<std::string, int> people;
    std::vector<FaceSample> samples;
    while (std::getline(in, line)) {
        std::istringstream fields(line);
        std::string file, person, part, number;
        std::getline(fields, file, ',');
        std::getline(fields, person, ',');
        std::getline(fields, part, ',');
        const int id = people.emplace(person, int(people.size())).first->second;
        if (part != split)
            continue;
        std::array<cv::Point2f, 68> points;
        for (cv::Point2f &p : points) {
            std::getline(fields, number, ',');
            p.x = std::stof(number);
            std::getline(fields, number, ',');
            p.y = std::stof(number);
        }
        const cv::Mat grey = cv::imread((csv.parent_path() / file).string(), cv::IMREAD_GRAYSCALE);
        if (grey.empty())
            return fail(Errc::NotFound, u"a listed picture is missing"_s, QString::fromStdString(file));
        samples.push_back(sampleOfPhoto(grey, points));
        samples.back().label.person = id;
    }
    return SamplePack::append(out, samples);
}

} // namespace fw::lab
