// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/demo/motion.h"

#include "render/noise.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace fw::render {
namespace {

constexpr double kDegree = CV_PI / 180;
constexpr double kHeadDistance = 700; // millimetres
const cv::Vec3d kNeck(0, 72, 88);     // the joint on which the head turns, head axes

/// Makes the curves of one performance; every curve draws from the same random numbers in order.
class Director
{
public:
    Director(const FaceKit &kit, const PerformanceOptions &options)
        : m_kit(kit)
        , m_options(options)
        , m_random(options.seed)
    {
    }

    Performance perform()
    {
        Performance result;
        planBlinks(result.blinks);
        const Curve yaw = turn(25, 0.10, 0.36, 0.6), pitch = turn(6, 0.12, 0.45, 0.5);
        const Curve roll = turn(4, 0.08, 0.30, 0.3);
        const Curve swayX = noise(0.08, 0.35), swayY = noise(0.1, 0.4), swayZ = noise(0.08, 0.3);
        const Curve nod = noise(1.2, 2.4);
        planSpeech();
        planGlances();
        for (int i = 0; i < m_options.frames; ++i) {
            Shot shot;
            shot.camera = Camera::ofSize(m_options.size);
            const double talk = m_talking[i];
            const double breath = std::sin(2 * CV_PI * 0.27 * i / m_options.framesPerSecond);
            // The shoulders follow a long turn a little.
            shot.body.rotation = rotationFromEuler(0.01 * breath, 0.12 * yaw[i], 0.15 * roll[i]);
            shot.body.translation = cv::Vec3d(5 * swayX[i], -18 + 2.5 * swayY[i] + 1.2 * breath,
                                              kHeadDistance + 6 * swayZ[i]);
            const cv::Matx33d turned = rotationFromEuler(pitch[i] + talk * 1.0 * kDegree * nod[i],
                                                         yaw[i], roll[i] + 0.12 * yaw[i]);
            shot.head = poseAbout(turned, kNeck, shot.body.map(kNeck));
            shot.expression.assign(m_kit.expressions.size(), 0.0f);
            speak(shot, i);
            look(shot, i);
            result.unblinking.push_back(shot);
            const double closed = closure(result.blinks, i / m_options.framesPerSecond);
            set(shot, "eyeBlink_L", closed);
            set(shot, "eyeBlink_R", closed);
            // A closing lid takes over from a lowered one, or both together would overshoot.
            for (const auto name : {"eyeLookDown_L", "eyeLookDown_R", "eyeSquint_L", "eyeSquint_R",
                                    "eyeLookUp_L", "eyeLookUp_R"}) {
                if (const int e = m_kit.expression(name); e >= 0)
                    shot.expression[e] *= static_cast<float>(1 - closed);
            }
            result.shots.push_back(shot);
            result.yaw.push_back(yaw[i]);
        }
        return result;
    }

private:
    using Curve = std::vector<double>;

    Curve noise(double low, double high)
    {
        return bandLimitedNoise(m_options.frames, low, high, m_options.framesPerSecond, m_random);
    }

    /// A turn in radians whose largest swing is `degrees`, with a little faster unrest.
    Curve turn(double degrees, double low, double high, double unrestDegrees)
    {
        Curve curve = noise(low, high);
        const Curve fast = noise(0.7, 1.8);
        double most = 1e-9;
        for (const double v : curve)
            most = std::max(most, std::abs(v));
        for (std::size_t i = 0; i < curve.size(); ++i)
            curve[i] =
                (curve[i] * (degrees - unrestDegrees) / most + 0.5 * unrestDegrees * fast[i]) *
                kDegree;
        return curve;
    }

    void planBlinks(std::vector<Blink> &blinks)
    {
        const double end = m_options.frames / m_options.framesPerSecond - 0.7;
        double at = 1.0 + m_random.uniform(0, 0.4);
        while (at < end) {
            const double rise = 0.075 * std::exp(m_random.normal(0, 0.25));
            const double hold = m_random.uniform(0.042, 0.060);
            const double fall = 0.170 * std::exp(m_random.normal(0, 0.3));
            blinks.push_back({at - rise - hold / 2, at, at + hold / 2 + fall});
            at += m_options.blinkEverySeconds * m_random.uniform(0.75, 1.25);
        }
    }

    /// Share of closure at a time: a raised cosine down, shut for a moment, a slower one up.
    static double closure(const std::vector<Blink> &blinks, double t)
    {
        double most = 0;
        for (const Blink &b : blinks) {
            if (t <= b.onset || t >= b.end)
                continue;
            const double half = 0.021; // seconds around the apex in which every blink is shut
            double c = 1;
            if (t < b.apex - half)
                c = 0.5 - 0.5 * std::cos(CV_PI * (t - b.onset) / (b.apex - half - b.onset));
            else if (t > b.apex + half)
                c = 0.5 + 0.5 * std::cos(CV_PI * (t - b.apex - half) / (b.end - b.apex - half));
            most = std::max(most, c);
        }
        return most;
    }

    void planSpeech()
    {
        const int n = m_options.frames;
        m_talking.assign(n, 0.0);
        double at = 0.35;
        const double length = n / m_options.framesPerSecond;
        while (at < length) {
            const double phrase = m_random.uniform(1.6, 3.2);
            for (int i = 0; i < n; ++i) {
                const double t = i / m_options.framesPerSecond;
                m_talking[i] +=
                    smoothStep(at, at + 0.15, t) * smoothStep(at + phrase, at + phrase - 0.2, t);
            }
            at += phrase + m_random.uniform(0.35, 0.75);
        }
        m_syllables = noise(2.2, 4.8);
        m_slow = noise(0.3, 1.0);
        m_pucker = noise(1.0, 3.0);
        m_funnel = noise(1.2, 3.2);
        m_lower = noise(2.0, 4.5);
        m_press = noise(1.0, 2.5);
        m_upper = noise(1.5, 3.5);
        m_stretch = noise(0.8, 2.2);
        m_brow = noise(0.25, 0.8);
        m_frown = noise(0.2, 0.6);
        m_smile = noise(0.1, 0.35);
    }

    void planGlances()
    {
        m_target.clear();
        cv::Point2d place(0, 0);
        double until = 1.2;
        for (int i = 0; i < m_options.frames; ++i) {
            const double t = i / m_options.framesPerSecond;
            if (t >= until) {
                // Mostly the camera, now and then something beside or below it.
                const bool away = m_random.uniform() < 0.45;
                place = away ? cv::Point2d(m_random.uniform(-260, 260), m_random.uniform(-90, 160))
                             : cv::Point2d(m_random.normal(0, 14), m_random.normal(0, 10));
                until = t + (away ? m_random.uniform(0.4, 0.9) : m_random.uniform(0.8, 2.0));
            }
            m_target.push_back(place);
        }
    }

    void set(Shot &shot, std::string_view name, double strength) const
    {
        if (const int e = m_kit.expression(name); e >= 0)
            shot.expression[e] = static_cast<float>(std::clamp(strength, 0.0, 1.0));
    }

    void setBoth(Shot &shot, const std::string &name, double left, double right) const
    {
        set(shot, name + "_L", left);
        set(shot, name + "_R", right);
    }

    void speak(Shot &shot, int i) const
    {
        const double talk = m_talking[i];
        const auto lobe = [](double v) { return std::max(0.0, v); };
        // Lips meet where the syllable curve is low; the rest of the time they part.
        const double jaw =
            talk * std::clamp(0.115 + 0.085 * m_syllables[i] + 0.03 * m_slow[i], 0.0, 0.30);
        set(shot, "jawOpen", jaw);
        set(shot, "mouthPucker", talk * 0.32 * lobe(m_pucker[i]));
        set(shot, "mouthFunnel", talk * 0.28 * lobe(m_funnel[i]));
        const double lower = talk * 0.30 * lobe(m_lower[i]);
        setBoth(shot, "mouthLowerDown", lower, lower * 0.92);
        const double press = talk * 0.35 * lobe(m_press[i] - 0.4) * smoothStep(0.08f, 0.0f, jaw);
        setBoth(shot, "mouthPress", press, press);
        const double upper = talk * 0.22 * lobe(m_upper[i]);
        setBoth(shot, "mouthUpperUp", upper, upper);
        const double stretch = talk * 0.20 * lobe(m_stretch[i]);
        setBoth(shot, "mouthStretch", stretch, stretch);
        const double smile = 0.12 + 0.12 * lobe(m_smile[i]);
        setBoth(shot, "mouthSmile", smile, smile * 0.9);
        setBoth(shot, "cheekSquint", 0.5 * smile, 0.5 * smile);
        const double raise = 0.45 * lobe(m_brow[i] - 0.2);
        setBoth(shot, "browInnerUp", raise, raise);
        setBoth(shot, "browOuterUp", 0.7 * raise, 0.75 * raise);
        const double frown = raise > 0 ? 0 : 0.25 * lobe(m_frown[i] - 0.3);
        setBoth(shot, "browDown", frown, frown);
    }

    void look(Shot &shot, int i) const
    {
        const cv::Vec3d target(m_target[i].x, m_target[i].y, 0);
        for (const bool left : {true, false}) {
            const cv::Vec3d eye = shot.head.map({left ? 31.0 : -31.0, -38.6, 13});
            const cv::Vec3d d = shot.head.rotation.t() * (target - eye);
            const double right = std::clamp(std::atan2(d[0], -d[2]), -30 * kDegree, 30 * kDegree);
            const double down =
                std::clamp(std::atan2(d[1], std::hypot(d[0], d[2])), -20 * kDegree, 22 * kDegree);
            shot.gaze[left ? 0 : 1] = {static_cast<float>(right), static_cast<float>(down)};
            const std::string side = left ? "_L" : "_R";
            const double outward = left ? right : -right;
            set(shot, "eyeLookDown" + side, down / (30 * kDegree));
            set(shot, "eyeLookUp" + side, -down / (25 * kDegree));
            set(shot, "eyeLookOut" + side, outward / (30 * kDegree));
            set(shot, "eyeLookIn" + side, -outward / (30 * kDegree));
        }
    }

    const FaceKit &m_kit;
    PerformanceOptions m_options;
    Random m_random;
    Curve m_talking, m_syllables, m_slow, m_pucker, m_funnel, m_lower, m_press, m_upper, m_stretch;
    Curve m_brow, m_frown, m_smile;
    std::vector<cv::Point2d> m_target;
};

} // namespace

Performance perform(const FaceKit &kit, const PerformanceOptions &options)
{
    return Director(kit, options).perform();
}

} // namespace fw::render
