// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/random_scene.h"

#include "render/background.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace fw::lab {

using namespace render;

namespace {

constexpr double kDegree = CV_PI / 180;
constexpr double kOuterEyeCorners = 89.2; // mm, of the mean head

double truncated(Random &random, double deviation, double most)
{
    return std::clamp(random.normal(0, deviation), -most, most);
}

float low(Random &random) ///< in 0..1, small values more often: Beta(1,2)
{
    return float(1.0 - std::sqrt(1.0 - random.uniform()));
}

class Actor
{
public:
    Actor(const FaceKit &kit, Random &random, Shot &shot)
        : m_kit(kit)
        , m_random(random)
        , m_shot(shot)
    {
        m_shot.expression.assign(kit.expressions.size(), 0.0f);
    }

    void act()
    {
        const double kind = m_random.uniform();
        if (kind < 0.15)
            return;
        if (kind < 0.60)
            singleUnits();
        else if (kind < 0.82)
            speech();
        else
            blend();
    }

    void blink()
    {
        const double kind = m_random.uniform();
        if (kind < 0.65)
            return;
        const float closed = kind < 0.82 ? 1.0f : float(m_random.uniform());
        const bool wink = m_random.uniform() < 0.15;
        const bool left = m_random.uniform() < 0.5;
        if (!wink || left)
            set("eyeBlink_L", closed);
        if (!wink || !left)
            set("eyeBlink_R", closed);
        for (const char *side : {"_L", "_R"}) {
            const float open = 1 - value(std::string("eyeBlink") + side);
            for (const char *name : {"eyeLookDown", "eyeLookUp", "eyeSquint", "eyeWide"})
                set(std::string(name) + side, open * value(std::string(name) + side));
        }
    }

    /// Both eyes on one point; the lids go along.
    void look()
    {
        const double right = truncated(m_random, 13 * kDegree, 32 * kDegree);
        const double down = truncated(m_random, 9 * kDegree, 22 * kDegree);
        const double distance = std::exp(m_random.uniform(std::log(350.0), std::log(5000.0)));
        const cv::Vec3d target(distance * std::tan(right), -38.6 + distance * std::tan(down),
                               -distance);
        for (const bool left : {true, false}) {
            const cv::Vec3d d = target - cv::Vec3d(left ? 31.0 : -31.0, -38.6, 13);
            const double r = std::atan2(d[0], -d[2]), u = std::atan2(d[1], std::hypot(d[0], d[2]));
            m_shot.gaze[left ? 0 : 1] = {float(r), float(u)};
            const std::string side = left ? "_L" : "_R";
            const double outward = left ? r : -r;
            set("eyeLookDown" + side, float(u / (30 * kDegree)));
            set("eyeLookUp" + side, float(-u / (25 * kDegree)));
            set("eyeLookOut" + side, float(outward / (30 * kDegree)));
            set("eyeLookIn" + side, float(-outward / (30 * kDegree)));
        }
    }

private:
    float value(const std::string &name) const
    {
        const int e = m_kit.expression(name);
        return e < 0 ? 0.0f : m_shot.expression[std::size_t(e)];
    }
    void set(const std::string &name, float strength)
    {
        if (const int e = m_kit.expression(name); e >= 0)
            m_shot.expression[std::size_t(e)] = std::clamp(strength, 0.0f, 1.0f);
    }
    void both(const std::string &name, float strength)
    {
        const float uneven = float(m_random.normal(0, 0.12));
        set(name + "_L", strength * (1 + uneven));
        set(name + "_R", strength * (1 - uneven));
    }

    void singleUnits()
    {
        static const std::vector<std::string> pairs{
            "browInnerUp", "browOuterUp", "browDown",    "eyeWide",        "cheekSquint",
            "eyeSquint",   "noseSneer",   "mouthSmile",  "mouthUpperUp",   "mouthDimple",
            "mouthFrown",  "mouthStretch", "mouthPress", "mouthLowerDown", "cheekPuff"};
        static const std::vector<std::string> singles{
            "jawOpen",        "mouthShrugLower", "mouthPucker", "mouthFunnel", "mouthRollLower",
            "mouthRollUpper", "mouthLeft",       "mouthRight",  "jawForward",  "jawLeft",
            "jawRight",       "mouthShrugUpper"};
        const int count = 1 + int(m_random.uniform(0, 4));
        for (int i = 0; i < count; ++i) {
            const std::size_t at = std::size_t(m_random.uniform(0, double(pairs.size() + singles.size())));
            if (at < pairs.size())
                both(pairs[at], low(m_random));
            else
                set(singles[std::min(at - pairs.size(), singles.size() - 1)], 0.8f * low(m_random));
        }
    }

    void speech()
    {
        set("jawOpen", float(m_random.uniform(0, 0.35)));
        set("mouthPucker", 0.6f * low(m_random));
        set("mouthFunnel", 0.5f * low(m_random));
        both("mouthLowerDown", 0.5f * low(m_random));
        both("mouthUpperUp", 0.3f * low(m_random));
        both("mouthStretch", 0.3f * low(m_random));
        both("mouthSmile", 0.4f * low(m_random));
        both("browInnerUp", 0.4f * low(m_random));
    }

    void blend()
    {
        const float much = float(m_random.uniform(0.3, 1.0));
        switch (int(m_random.uniform(0, 5))) {
        case 0: // a smile that reaches the eyes
            both("mouthSmile", much);
            both("cheekSquint", 0.7f * much);
            set("jawOpen", 0.25f * much * float(m_random.uniform()));
            break;
        case 1: // surprise
            both("browInnerUp", much);
            both("browOuterUp", much);
            both("eyeWide", 0.8f * much);
            set("jawOpen", 0.5f * much);
            break;
        case 2: // anger
            both("browDown", much);
            both("eyeSquint", 0.5f * much);
            both("mouthPress", 0.5f * much);
            break;
        case 3: // disgust
            both("noseSneer", much);
            both("mouthUpperUp", 0.6f * much);
            both("browDown", 0.5f * much);
            break;
        default: // sadness
            both("browInnerUp", 0.7f * much);
            both("mouthFrown", much);
            set("mouthShrugLower", 0.6f * much);
        }
    }

    const FaceKit &m_kit;
    Random &m_random;
    Shot &m_shot;
};

cv::Vec3f tinted(Random &random, double strength)
{
    return cv::Vec3f(float(1 + random.normal(0, 0.12)), 1.0f, float(1 + random.normal(0, 0.15))) *
           float(strength);
}

Lighting randomLight(Random &random)
{
    Lighting light;
    light.ambient = {};
    light.addEven(tinted(random, random.uniform(0.12, 0.5)));
    const int lobes = 1 + int(random.uniform(0, 3));
    for (int i = 0; i < lobes; ++i) {
        const cv::Vec3f towards(float(random.normal()), float(random.normal(-0.4, 0.6)),
                                float(random.normal(-0.5, 0.7)));
        light.addLobe(towards, tinted(random, random.uniform(0.05, 0.5)));
    }
    cv::Vec3f key(float(random.normal(0, 0.7)), float(random.normal(-0.5, 0.4)),
                  float(-0.3 - std::abs(random.normal(0, 0.6))));
    light.keyDirection = key * (1.0f / float(cv::norm(key)));
    light.keyColour = tinted(random, random.uniform() < 0.25 ? 0.0 : random.uniform(0.1, 1.3));
    return light;
}

cv::Mat randomBackground(int side, const std::vector<cv::Mat> &pictures, Random &random)
{
    if (pictures.empty() || random.uniform() < 0.3)
        return makeRoom({side, side}, random.next());
    const cv::Mat &from = pictures[std::size_t(random.uniform(0, double(pictures.size())))];
    const int most = std::min(from.cols, from.rows);
    const int size = std::max(16, int(most * random.uniform(0.3, 1.0)));
    const cv::Rect piece(int(random.uniform(0, from.cols - size)),
                         int(random.uniform(0, from.rows - size)), size, size);
    cv::Mat background;
    cv::resize(from(piece), background, {side, side}, 0, 0, cv::INTER_AREA);
    return background;
}

/// The head at a distance, turned, somewhere near the middle of a square picture.
/// @param corners  px between the outer eye corners of a mean frontal head.
void placeHead(Shot &shot, int side, const cv::Vec3d &turn, double distance, double corners, Random &random)
{
    shot.camera.size = {side, side};
    shot.camera.focal = corners * distance / kOuterEyeCorners;
    // The face lies beside the optical axis as it would in a wider picture.
    const cv::Vec3d aside(random.normal(0, 0.10) * distance, random.normal(0, 0.07) * distance, 0);
    shot.camera.centre = cv::Point2d(0.5 * side, 0.5 * side) -
                         shot.camera.focal / distance * cv::Point2d(aside[0], aside[1]) +
                         cv::Point2d(random.normal(0, 0.02), random.normal(0, 0.02)) * side;
    shot.head.rotation = rotationFromEuler(turn[0], turn[1], turn[2]);
    shot.head.translation = aside + cv::Vec3d(0, 0, distance);
    shot.body = poseAbout(rotationFromEuler(0.2 * turn[0], 0.4 * turn[1], 0.2 * turn[2]), {0, 72, 88},
                          shot.head.map({0, 72, 88}));
}

} // namespace

Person randomPerson(Random &random)
{
    Person person;
    for (int i = 0; i < 50; ++i)
        person.identity.push_back(float(truncated(random, 1.0, 2.5)));
    Looks &looks = person.looks;
    looks.seed = random.next();
    looks.melanin = float(random.uniform());
    looks.blood = float(random.uniform(0.2, 0.8));
    looks.stubble = random.uniform() < 0.5 ? 0.0f : float(random.uniform());
    looks.brows = float(random.uniform(0.35, 1.0));
    looks.hairLength = random.uniform() < 0.15 ? 0.0f : float(random.uniform(4, 30));
    const float grey = float(random.uniform(0.01, 0.35) * random.uniform());
    looks.hair = cv::Vec3f(grey * 1.3f + 0.02f, grey + 0.013f, grey * 0.8f + 0.009f);
    const float light = float(random.uniform(0.02, 0.30));
    looks.iris = cv::Vec3f(light, light * float(random.uniform(0.6, 1.6)) + 0.01f,
                           light * float(random.uniform(0.3, 1.8)) + 0.01f);
    looks.cloth = cv::Vec3f(float(random.uniform(0.02, 0.6)), float(random.uniform(0.02, 0.6)),
                            float(random.uniform(0.02, 0.6)));
    person.eyeRadius = float(random.uniform(11.6, 13.6));
    // Told from the seed, so that everything else about a person stays as it was without wrinkles.
    looks.wrinkles = std::pow(hashToUnit(1, 2, 3, looks.seed), 0.7f);
    return person;
}

Shot randomShot(const FaceKit &kit, int side, const std::vector<cv::Mat> &backgrounds,
                Random &random)
{
    Shot shot;
    const double yaw = truncated(random, 25 * kDegree, 75 * kDegree);
    const double pitch = truncated(random, 13 * kDegree, 40 * kDegree);
    const double roll = truncated(random, 10 * kDegree, 35 * kDegree);
    const double distance = std::exp(random.uniform(std::log(380.0), std::log(2200.0)));
    const double corners = side * random.uniform(0.25, 0.36); // px between the outer eye corners
    placeHead(shot, side, {pitch, yaw, roll}, distance, corners, random);
    Actor actor(kit, random, shot);
    actor.act();
    actor.look();
    actor.blink();
    shot.light = randomLight(random);
    shot.background = randomBackground(side, backgrounds, random);
    return shot;
}

Setting randomSetting(int side, const std::vector<cv::Mat> &backgrounds, Random &random)
{
    Setting setting;
    setting.light = randomLight(random);
    setting.background = randomBackground(side, backgrounds, random);
    setting.distance = std::exp(random.uniform(std::log(380.0), std::log(2200.0)));
    setting.corners = side * random.uniform(0.25, 0.42);
    return setting;
}

Shot shotIn(const Setting &setting, const FaceKit &kit, bool atRest, Random &random)
{
    Shot shot;
    // Most faces look about into the camera, the others anywhere up to a profile.
    const double yaw = atRest                    ? truncated(random, 10 * kDegree, 25 * kDegree)
                       : random.uniform() < 0.65 ? truncated(random, 22 * kDegree, 75 * kDegree)
                                                 : random.uniform(-82, 82) * kDegree;
    const double pitch = truncated(random, 15 * kDegree, 45 * kDegree);
    const double roll = truncated(random, 11 * kDegree, 40 * kDegree);
    placeHead(shot, setting.background.cols, {pitch, yaw, roll}, setting.distance, setting.corners, random);
    Actor actor(kit, random, shot);
    if (!atRest)
        actor.act();
    actor.look();
    if (!atRest)
        actor.blink();
    shot.light = setting.light;
    shot.background = setting.background;
    return shot;
}

} // namespace fw::lab
