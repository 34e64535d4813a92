// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/blink_scene.h"

#include "faces/eye_crop.h"
#include "lab/random_scene.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>

using namespace Qt::StringLiterals;

namespace fw::lab {

namespace {

constexpr int kSide = 470; ///< of the whole picture whose eyes are drawn; an eye is about 43 px wide
constexpr double kMostYaw = 0.7; ///< rad
constexpr std::size_t kPixels = std::size_t(BlinkScene::kWidth) * BlinkScene::kHeight;

/// Sets one of the face's strengths on both sides.
void setBoth(const render::FaceKit &kit, render::Shot &shot, const char *name, float strength)
{
    for (const char *side : {"_L", "_R"}) {
        if (const int e = kit.expression(std::string(name) + side); e >= 0)
            shot.expression[std::size_t(e)] = strength;
    }
}

/// Both eyes turned, the lids along with them; rad.
void lookTo(const render::FaceKit &kit, render::Shot &shot, float right, float down)
{
    constexpr float kMostDown = 0.52f, kMostUp = 0.44f, kMostAside = 0.52f;
    setBoth(kit, shot, "eyeLookDown", std::clamp(down / kMostDown, 0.0f, 1.0f));
    setBoth(kit, shot, "eyeLookUp", std::clamp(-down / kMostUp, 0.0f, 1.0f));
    for (const bool left : {true, false}) {
        shot.gaze[left ? 0 : 1] = {right, down};
        const float outward = (left ? right : -right) / kMostAside;
        for (const bool out : {true, false}) {
            const std::string name = std::string(out ? "eyeLookOut" : "eyeLookIn") + (left ? "_L" : "_R");
            if (const int e = kit.expression(name); e >= 0)
                shot.expression[std::size_t(e)] = std::clamp(out ? outward : -outward, 0.0f, 1.0f);
        }
    }
}

/// The shot with the lids of one still.
render::Shot withLids(const render::FaceKit &kit, const render::Shot &open, int still)
{
    render::Shot shot = open;
    if (still < BlinkScene::kFirstDown) {
        setBoth(kit, shot, "eyeBlink", float(still) / (BlinkScene::kClosing - 1));
    } else if (still < BlinkScene::kFirstSquint) {
        const float down = float(still - BlinkScene::kFirstDown + 1) / BlinkScene::kDown;
        lookTo(kit, shot, open.gaze[0].right, std::max(open.gaze[0].down, 0.52f * down)); // 30 degrees at the end
    } else if (still < BlinkScene::kFirstLook) {
        const float squint = float(still - BlinkScene::kFirstSquint + 1) / BlinkScene::kSquint;
        setBoth(kit, shot, "eyeSquint", squint);
        setBoth(kit, shot, "cheekSquint", 0.8f * squint);
        setBoth(kit, shot, "mouthSmile", 0.6f * squint);
    } else {
        constexpr std::array<std::array<float, 2>, BlinkScene::kLook> to{{{-0.45f, 0.05f}, {0.45f, 0.05f}, {0.0f, -0.35f}}};
        const auto &angles = to[std::size_t(still - BlinkScene::kFirstLook)];
        lookTo(kit, shot, angles[0], angles[1]);
    }
    return shot;
}

Landmarks68 pointsOf(const render::Truth &truth)
{
    Landmarks68 points;
    for (std::size_t i = 0; i < points.size(); ++i)
        points[i] = cv::Point2f(truth.points[i]);
    return points;
}

/// Of the mesh, without perspective.
double openness(const render::Truth &truth, int side)
{
    const auto &p = truth.points3d;
    const std::size_t f = side == 0 ? 36 : 42;
    const auto gap = [&](std::size_t a, std::size_t b) { return cv::norm(p[f + a] - p[f + b]); };
    return (gap(1, 5) + gap(2, 4)) / (2 * gap(0, 3));
}

/// A camera that sees the eyes alone.
void lookAtEyes(render::Shot &shot, const render::Truth &truth)
{
    cv::Rect2d eyes(truth.points[36], cv::Size2d(1, 1));
    for (int i = 36; i < 48; ++i)
        eyes |= cv::Rect2d(truth.points[std::size_t(i)], cv::Size2d(1, 1));
    const double room = 0.55 * cv::norm(truth.points[39] - truth.points[36]) + 22;
    const cv::Point corner(int(eyes.x - room), int(eyes.y - room));
    shot.camera.size = {int(eyes.width + 2 * room), int(eyes.height + 2 * room)};
    shot.camera.centre -= cv::Point2d(corner);
    shot.background.release();
}

/// Both eyes of one scene; empty when an eye is turned away.
std::vector<BlinkScene> scenesOf(const render::FaceKit &kit, const render::Renderer &renderer, int person,
                                 render::Random &random)
{
    render::Shot open = randomShot(kit, kSide, {}, random);
    setBoth(kit, open, "eyeBlink", 0.0f);
    setBoth(kit, open, "eyeSquint", 0.0f);
    lookAtEyes(open, renderer.measure(open));
    const double yaw = render::eulerFromRotation(open.head.rotation)[1];
    if (std::abs(yaw) > kMostYaw)
        return {};
    std::vector<BlinkScene> scenes(2);
    std::array<std::vector<double>, 2> gaps;
    const Landmarks68 atRest = pointsOf(renderer.measure(open));
    for (int still = 0; still < BlinkScene::kStills; ++still) {
        const render::Picture picture = renderer.render(withLids(kit, open, still));
        cv::Mat grey;
        cv::cvtColor(picture.image, grey, cv::COLOR_BGR2GRAY);
        for (int side = 0; side < 2; ++side) {
            auto toPart = eyeCropOf(atRest, side == 0 ? Eye::ImageLeft : Eye::ImageRight);
            if (!toPart)
                return {};
            toPart->shift += cv::Point2d(0.5 * (BlinkScene::kWidth - kEyeCropWidth),
                                         0.5 * (BlinkScene::kHeight - kEyeCropHeight));
            cv::Mat part;
            cv::warpAffine(grey, part, toPart->matrix(), {BlinkScene::kWidth, BlinkScene::kHeight},
                           toPart->scale() < 0.8 ? cv::INTER_AREA : cv::INTER_LINEAR,
                           cv::BORDER_REPLICATE);
            if (side == 1)
                cv::flip(part, part, 1);
            scenes[std::size_t(side)].stills[std::size_t(still)] = part;
            scenes[std::size_t(side)].person = person;
            gaps[std::size_t(side)].push_back(openness(picture.truth, side));
        }
    }
    for (std::size_t side = 0; side < 2; ++side) {
        const auto &g = gaps[side];
        const double range = g[0] - g[BlinkScene::kClosing - 1];
        if (range < 0.05)
            return {}; // another expression had shut it already
        for (std::size_t i = 0; i < BlinkScene::kClosing; ++i)
            scenes[side].closure[i] = float(std::clamp((g[0] - g[i]) / range, 0.0, 1.0));
    }
    return scenes;
}

QString nameOf(const std::filesystem::path &file)
{
    return QString::fromStdString(file.string());
}

} // namespace

Result<void> renderBlinkScenes(const BlinkSceneOrder &order, const std::filesystem::path &path)
{
    auto loaded = render::FaceKit::load(order.faceKit);
    if (!loaded)
        return Failure{loaded.error()};
    const auto kit = std::make_shared<const render::FaceKit>(std::move(*loaded));
    std::ofstream out(path, std::ios::binary | std::ios::app);
    for (int n = 0; n < order.people; ++n) {
        const int number = order.firstPerson + n;
        render::Random random(order.seed * 1000003u + std::uint64_t(number));
        render::Person person = randomPerson(random);
        person.looks.hairLength = 0; // its shells cost most of the time, and no eye sees them
        const render::Renderer renderer(kit, person, 512);
        for (int s = 0; s < order.scenes; ++s) {
            for (const BlinkScene &scene : scenesOf(*kit, renderer, number, random)) {
                out.write(reinterpret_cast<const char *>(&scene.person), sizeof scene.person);
                out.write(reinterpret_cast<const char *>(scene.closure.data()), sizeof scene.closure);
                for (const cv::Mat &still : scene.stills)
                    out.write(reinterpret_cast<const char *>(still.data), std::streamsize(kPixels));
            }
        }
        out.flush();
        if (!out)
            return fail(Errc::Unwritable, u"the scenes cannot be written"_s, nameOf(path));
        std::fprintf(stderr, "\rperson %d of %d", n + 1, order.people);
    }
    std::fprintf(stderr, "\n");
    return {};
}

Result<std::vector<BlinkScene>> readBlinkScenes(const std::filesystem::path &file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return fail(Errc::NotFound, u"no scenes there"_s, nameOf(file));
    std::vector<BlinkScene> scenes;
    for (BlinkScene scene; in.read(reinterpret_cast<char *>(&scene.person), sizeof scene.person);) {
        in.read(reinterpret_cast<char *>(scene.closure.data()), sizeof scene.closure);
        for (cv::Mat &still : scene.stills) {
            still.create(BlinkScene::kHeight, BlinkScene::kWidth, CV_8UC1);
            in.read(reinterpret_cast<char *>(still.data), std::streamsize(kPixels));
        }
        if (!in)
            break; // an interrupted write left half a scene
        scenes.push_back(std::move(scene));
        scene = {};
    }
    return scenes;
}

} // namespace fw::lab
