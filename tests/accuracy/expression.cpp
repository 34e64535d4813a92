// SPDX-License-Identifier: GPL-3.0-or-later
// Prints how well expression and action units are read from landmarks alone, on simulated people whose
// truth is known. Usage: expression_accuracy [--people N] [--frames N] [--source FOLDER] [SHARED]; SHARED
// (default: FW_SHARED) is the folder with data/ict-facekit, --source the checkout with the models.
// faces_accuracy measures them on drawn and photographed faces.
#include "expression_observer.h"
#include "faces/alignment.h"
#include "faces/head_pose.h"
#include "lab/true_units.h"
#include "render/face_kit.h"
#include "stats/concordance.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <cmath>
#include <cstdio>
#include <ctime>
#include <memory>
#include <numbers>
#include <numeric>
#include <random>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr double kRate = 30.0;
constexpr double kDegree = std::numbers::pi / 180.0;

/// Time of this thread on a processor: other programs do not count.
double threadMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

std::size_t unitAt(int unit)
{
    const auto it = std::find(kIntensityUnits.begin(), kIntensityUnits.end(), unit);
    return std::size_t(it - kIntensityUnits.begin());
}

// --- simulated people -------------------------------------------------------------------------

using Head = std::array<cv::Vec3d, 68>;

/// A person that the fitted model does not hold: 64 identity modes, of which it knows 40, a size and
/// an uneven face.
Head makePerson(const render::FaceKit &kit, std::mt19937 &random)
{
    std::normal_distribution<float> normal;
    std::vector<float> who(kit.identities.size());
    for (float &a : who)
        a = std::clamp(normal(random), -2.5f, 2.5f);
    const double scale = 1.0 + 0.05 * double(normal(random));
    const double uneven = 0.012 * double(normal(random)); // of the height at the side
    Head head;
    for (std::size_t i = 0; i < 68; ++i) {
        const std::size_t v = std::size_t(kit.landmarks[i]);
        cv::Vec3f p = kit.neutral[v];
        for (std::size_t k = 0; k < who.size(); ++k)
            p += who[k] * kit.identities[k][v];
        head[i] = scale * cv::Vec3d(p);
        head[i][1] += uneven * head[i][0];
    }
    return head;
}

/// Piecewise expressions with smooth beginnings and ends: rest, action units, speech and blends.
std::vector<std::vector<float>> makePerformance(const render::FaceKit &kit, int frames, std::mt19937 &random)
{
    std::uniform_real_distribution<float> uniform;
    std::normal_distribution<float> normal;
    const std::size_t count = kit.expressions.size();
    std::vector<std::vector<float>> out(std::size_t(frames), std::vector<float>(count, 0.0f));
    const auto at = [&](const std::string &name) { return std::size_t(kit.expression(name)); };
    static const std::vector<std::string> kSided{
        "browDown", "browInnerUp", "browOuterUp", "cheekSquint", "eyeBlink", "eyeSquint", "eyeWide",
        "mouthDimple", "mouthFrown", "mouthLowerDown", "mouthPress", "mouthSmile", "mouthStretch",
        "mouthUpperUp", "noseSneer"};
    static const std::vector<std::vector<std::string>> kBlends{
        {"mouthSmile", "cheekSquint"}, {"browInnerUp", "browOuterUp", "eyeWide", "jawOpen"},
        {"browDown", "noseSneer", "mouthPress"}, {"browInnerUp", "browDown", "mouthFrown"}};
    for (int begin = 0; begin < frames;) {
        const int length = 20 + int(uniform(random) * 40);
        std::vector<float> target(count, 0.0f);
        const auto sided = [&](const std::string &name, float strength) {
            if (kit.expression(name) >= 0) {
                target[at(name)] = strength;
                return;
            }
            target[at(name + "_L")] = strength;
            target[at(name + "_R")] = std::clamp(strength * (1.0f + 0.1f * normal(random)), 0.0f, 1.0f);
        };
        const float kind = uniform(random);
        const auto beta12 = [&] { return 1.0f - std::sqrt(1.0f - uniform(random)); };
        if (kind >= 0.2f && kind < 0.6f) {
            for (int n = 1 + int(uniform(random) * 4); n > 0; --n) {
                const std::size_t pick = std::size_t(uniform(random) * float(kSided.size() + 4));
                if (pick < kSided.size())
                    sided(kSided[pick], beta12());
                else
                    sided(std::array{"jawOpen", "mouthPucker", "mouthShrugLower", "mouthFunnel"}[pick - kSided.size()], 0.5f * beta12());
            }
        } else if (kind >= 0.85f) {
            for (const std::string &name : kBlends[std::size_t(uniform(random) * float(kBlends.size()))])
                sided(name, (name == "jawOpen" ? 0.35f : 1.0f) * (0.3f + 0.6f * uniform(random)));
        }
        const bool speech = kind >= 0.6f && kind < 0.85f;
        const float rate = 2.0f + 3.0f * uniform(random), phase = 6.28f * uniform(random);
        for (int i = begin; i < std::min(frames, begin + length); ++i) {
            std::vector<float> &now = out[std::size_t(i)];
            const float in = std::min({1.0f, float(i - begin) / 6.0f, float(begin + length - 1 - i) / 6.0f});
            for (std::size_t k = 0; k < count; ++k)
                now[k] = target[k] * in * in * (3.0f - 2.0f * in);
            if (speech) {
                const float t = float(i) / float(kRate);
                const auto wave = [&](float f, float p) { return std::max(0.0f, std::sin(6.2832f * f * t + p)); };
                now[at("jawOpen")] = 0.3f * wave(rate, phase);
                now[at("mouthPucker")] = 0.3f * wave(0.6f * rate, 2.0f * phase);
                now[at("mouthLowerDown_L")] = now[at("mouthLowerDown_R")] = 0.25f * wave(0.8f * rate, phase + 1);
            }
        }
        begin += length;
    }
    return out;
}

Head expressed(const render::FaceKit &kit, const Head &rest, const std::vector<float> &strengths)
{
    Head head = rest;
    for (std::size_t k = 0; k < strengths.size(); ++k) {
        if (strengths[k] == 0.0f)
            continue;
        for (std::size_t i = 0; i < 68; ++i)
            head[i] += double(strengths[k]) * cv::Vec3d(kit.expressions[k][std::size_t(kit.landmarks[i])]);
    }
    return head;
}

double lipGap(const Head &head)
{
    return (cv::norm(head[61] - head[67]) + cv::norm(head[62] - head[66]) + cv::norm(head[63] - head[65])) / 3.0;
}

/// True intensities; NaN for units that are not compared.
std::array<double, 17> truthOf(const render::FaceKit &kit, const Head &rest, const Head &head, const std::vector<float> &e)
{
    std::array<double, 17> truth = lab::trueUnits(kit, e.data());
    const double corners = cv::norm(rest[36] - rest[45]);
    truth[unitAt(25)] = 5.0 * std::clamp((lipGap(head) - lipGap(rest)) / (0.12 * corners), 0.0, 1.0);
    return truth;
}

struct Pairs
{
    std::vector<double> truth, found;
    void add(double t, double f)
    {
        if (std::isfinite(t) && std::isfinite(f)) {
            truth.push_back(t);
            found.push_back(f);
        }
    }
    double correlation() const
    {
        Pairs centred = *this;
        const auto standard = [](std::vector<double> &v) {
            const double m = std::accumulate(v.begin(), v.end(), 0.0) / double(v.size());
            double s = 0;
            for (const double x : v)
                s += (x - m) * (x - m);
            for (double &x : v)
                x = (x - m) / std::sqrt(s / double(v.size()));
        };
        standard(centred.truth);
        standard(centred.found);
        return concordance(centred.truth, centred.found);
    }
};

/// F1 of calling a unit present where it is at least a trace (1) in truth.
struct Presence
{
    int hit = 0, wrong = 0, missed = 0;
    void add(bool truth, bool found)
    {
        hit += truth && found;
        wrong += !truth && found;
        missed += truth && !found;
    }
    double f1() const { return 2.0 * hit / std::max(1, 2 * hit + wrong + missed); }
};

void simulate(const render::FaceKit &kit, const QString &model, int people, int frames, double noise, bool knownLens)
{
    std::mt19937 random(20);
    std::normal_distribution<float> normal;
    std::uniform_real_distribution<double> uniform;
    std::array<Pairs, 17> raw, relative;
    std::array<Presence, 17> presence;
    std::array<double, 3> poseError{};
    std::array<std::vector<double>, 17> claimed;
    double spent = 0;
    int measured = 0, offered = 0;
    for (int person = 0; person < people; ++person) {
        const Head rest = makePerson(kit, random);
        const auto acting = makePerformance(kit, frames, random);
        const double focal = knownLens ? 1280.0 : 640.0 / std::tan(0.5 * (25.0 + 50.0 * uniform(random)) * kDegree);
        const Camera camera{focal, {640, 360}};
        ExpressionObserver observer;
        ClipFacts clip;
        clip.width = 1280;
        clip.height = 720;
        clip.nominalRate = kRate;
        JobContext job;
        job.modelPaths[u"ict-head"_s] = model;
        if (!observer.begin(clip, job))
            return;
        const double phase = 6.28 * uniform(random), middle = 15.0 * double(normal(random)) * 0.5;
        for (int i = 0; i < frames; ++i) {
            const double t = i / kRate;
            HeadPose pose;
            const EulerAngles angles{(4.0 + 7.0 * std::sin(1.1 * t + phase)) * kDegree,
                                     (middle + 16.0 * std::sin(0.7 * t + 2 * phase)) * kDegree, 4.0 * std::sin(0.5 * t) * kDegree};
            pose.rotation = rotationOf(angles);
            pose.translation = {20 * std::sin(t), 10, cv::norm(rest[36] - rest[45]) * focal / 130.0};
            const Head head = expressed(kit, rest, acting[std::size_t(i)]);
            FaceObservation face;
            face.track = TrackId{0};
            face.landmarks.emplace();
            for (std::size_t k = 0; k < 68; ++k) {
                (*face.landmarks)[k] = projected(pose, camera, cv::Point3d(head[k]));
                (*face.landmarks)[k] += float(130.0 * noise) * cv::Point2f(normal(random), normal(random));
            }
            if (const auto p = fitHeadPose(*face.landmarks, Camera::assumed(1280, 720)))
                face.pose = *p;
            FrameBundle bundle;
            bundle.index = i;
            bundle.observed.faces = FaceObservations{face};
            Observations add;
            const double before = threadMs();
            if (!observer.frame(bundle, add))
                return;
            spent += threadMs() - before;
            ++offered;
            if (!add.faces || add.faces->empty() || !add.faces->front().actionUnits)
                continue;
            ++measured;
            const ActionUnits &units = *add.faces->front().actionUnits;
            const auto truth = truthOf(kit, rest, head, acting[std::size_t(i)]);
            for (std::size_t u = 0; u < 17; ++u) {
                raw[u].add(truth[u], double(units.raw[u]));
                relative[u].add(truth[u], double(units.intensity[u]));
                if (std::isfinite(truth[u])) {
                    presence[u].add(truth[u] >= 1.0, units.present[u + (u == 16)]);
                    claimed[u].push_back(double(units.sigma[u]));
                }
            }
            const auto &points = add.faces->front().expression->points3d;
            // Pose error from the fitted points: the turn that carries the true head onto them.
            cv::Vec3d ma, mb;
            for (std::size_t k = 0; k < 68; ++k) {
                ma += head[k] * (1.0 / 68);
                mb += cv::Vec3d(points[k].x, points[k].y, points[k].z) * (1.0 / 68);
            }
            cv::Matx33d h = cv::Matx33d::zeros();
            for (std::size_t k = 0; k < 68; ++k)
                h += (cv::Vec3d(points[k].x, points[k].y, points[k].z) - mb) * (head[k] - ma).t();
            cv::Matx33d us, vt;
            cv::Matx31d w;
            cv::SVD::compute(h, w, us, vt);
            const EulerAngles found = eulerAngles(us * cv::Matx33d::diag({1, 1, cv::determinant(us * vt)}) * vt);
            poseError[0] += std::abs(found.pitchRadians - angles.pitchRadians) / kDegree;
            poseError[1] += std::abs(found.yawRadians - angles.yawRadians) / kDegree;
            poseError[2] += std::abs(found.rollRadians - angles.rollRadians) / kDegree;
        }
    }
    std::printf("\n%d people x %d frames, landmark noise %.1f %% of the eye distance, lens %s: %d of %d frames measured, "
                "%.2f ms/frame, pose error pitch %.2f yaw %.2f roll %.2f degrees\n",
                people, frames, 100 * noise, knownLens ? "as assumed" : "unknown (25 to 75 degrees)", measured, offered,
                spent / offered, poseError[0] / measured, poseError[1] / measured, poseError[2] / measured);
    std::printf("unit   CCC raw   CCC relative   r     mean sigma   rms error   F1 of presence\n");
    for (std::size_t u = 0; u < 17; ++u) {
        if (raw[u].truth.size() < 2)
            continue;
        double square = 0;
        for (std::size_t i = 0; i < raw[u].truth.size(); ++i)
            square += std::pow(raw[u].truth[i] - raw[u].found[i], 2);
        std::printf("%s   %6.2f    %6.2f        %5.2f   %6.2f      %6.2f      %5.2f\n", qPrintable(actionUnitCode(kIntensityUnits[u])),
                    concordance(raw[u].truth, raw[u].found), concordance(relative[u].truth, relative[u].found), raw[u].correlation(),
                    std::accumulate(claimed[u].begin(), claimed[u].end(), 0.0) / double(claimed[u].size()),
                    std::sqrt(square / double(raw[u].truth.size())), presence[u].f1());
    }
    std::fflush(stdout);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({{u"people"_s, u"Simulated people."_s, u"N"_s, u"20"_s},
                       {u"frames"_s, u"Frames of each."_s, u"N"_s, u"300"_s},
                       {u"source"_s, u"The checkout."_s, u"FOLDER"_s, u"."_s}});
    parser.addPositionalArgument(u"shared"_s, u"Folder of the real material."_s, u"[shared]"_s);
    parser.process(app);
    const QString shared = parser.positionalArguments().value(0, qEnvironmentVariable("FW_SHARED"));
    const QString source = parser.value(u"source"_s);
    const QString models = source + u"/models"_s, model = models + u"/head/ict-head.fwh"_s;
    const auto kit = render::FaceKit::load((shared + u"/data/ict-facekit"_s).toStdString());
    if (kit) {
        const int people = parser.value(u"people"_s).toInt(), frames = parser.value(u"frames"_s).toInt();
        for (const double noise : {0.005, 0.01})
            simulate(*kit, model, people, frames, noise, true);
        simulate(*kit, model, people, frames, 0.01, false);
    } else {
        std::fprintf(stderr, "no simulated people: %s\n", qPrintable(kit.error().text()));
    }
    return 0;
}
