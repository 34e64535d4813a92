// SPDX-License-Identifier: GPL-3.0-or-later
#include "parts.h"

#include "base/hash.h"
#include "faces/face_crop.h"
#include "faces/head_pose.h"
#include "lab/make_samples.h"
#include "lab/random_scene.h"
#include "stats/concordance.h"
#include "test_data.h"
#include "units/unit_ridge.h"
#include "units/unit_samples.h"

#include <QTemporaryDir>

#include <map>
#include <numeric>

using namespace Qt::StringLiterals;

namespace fw::test {

namespace {

constexpr int kFirstPerson = 5000; // none below was drawn for tests, none from here on for training
constexpr std::uint64_t kSeed = 1;
constexpr double kDegree = CV_PI / 180;

Landmarks68 pointsOf(const lab::FaceLabel &label)
{
    Landmarks68 p;
    for (std::size_t i = 0; i < p.size(); ++i)
        p[i] = {label.points[2 * i], label.points[2 * i + 1]};
    return p;
}

std::string skinOf(int person)
{
    render::Random random(kSeed * 1000003u + std::uint64_t(person));
    const float melanin = lab::randomPerson(random).looks.melanin;
    return melanin < 0.33f ? "light skin" : melanin < 0.67f ? "brown skin" : "dark skin";
}

std::string turnOf(double yaw)
{
    const double degrees = std::abs(yaw) / kDegree;
    return degrees < 20 ? "yaw below 20" : degrees < 45 ? "yaw 20 to 45" : "yaw above 45";
}

/// Values by group, and the worst group's mean.
class Groups
{
public:
    void add(const std::string &group, double value) { m_values[group].push_back(value); }
    std::string worst(const char *format) const
    {
        std::string out;
        double most = -1;
        for (const auto &[name, values] : m_values) {
            if (values.size() >= 10 && mean(values) > most) {
                most = mean(values);
                out = text(format, name.c_str(), most);
            }
        }
        return out;
    }
    void print(const char *what) const
    {
        for (const auto &[name, values] : m_values)
            std::printf("  %-26s %-16s n %4zu  mean %.2f\n", what, name.c_str(), values.size(), mean(values));
    }

private:
    std::map<std::string, std::vector<double>> m_values;
};

double angleBetween(const cv::Vec3d &a, const cv::Vec3d &b)
{
    return std::acos(std::clamp(a.dot(b) / (cv::norm(a) * cv::norm(b)), -1.0, 1.0)) / kDegree;
}

/// The direction of an eye whose iris is seen at a pixel: a line of sight through a sphere.
std::optional<cv::Vec3d> throughSphere(const cv::Point2d &iris, const Camera &camera, const cv::Vec3d &centre, double radius)
{
    cv::Vec3d ray((iris.x - camera.centre.x) / camera.focal, (iris.y - camera.centre.y) / camera.focal, 1);
    ray *= 1 / cv::norm(ray);
    const double along = ray.dot(centre), under = radius * radius - centre.dot(centre) + along * along;
    const cv::Vec3d point = (under > 0 ? along - std::sqrt(under) : along) * ray;
    const cv::Vec3d direction = point - centre;
    return cv::norm(direction) > 1e-9 ? std::optional(direction * (1 / cv::norm(direction))) : std::nullopt;
}

void addPoseError(const HeadPose &pose, const lab::FaceLabel &label, std::array<std::vector<double>, 3> *to)
{
    const EulerAngles a = eulerAngles(pose.rotation);
    (*to)[0].push_back(std::abs(a.pitchRadians - double(label.pitch)) / kDegree);
    (*to)[1].push_back(std::abs(a.yawRadians - double(label.yaw)) / kDegree);
    (*to)[2].push_back(std::abs(a.rollRadians - double(label.roll)) / kDegree);
}

struct GazeParts
{
    std::vector<double> all, large, exactPoints, irisOnly, headOnly, both, iris;
    Groups groups;
};

void gazeOf(lab::FaceMeter &meter, const cv::Mat &grey, const lab::FaceLabel &label, const FaceObservation &face,
            const Camera &camera, GazeParts *to)
{
    FaceObservation exact;
    exact.landmarks = pointsOf(label);
    if (const auto pose = fitHeadPose(*exact.landmarks, camera))
        exact.pose = *pose;
    const auto onExact = meter.eyes->read(grey, camera, {{&exact, Eye::ImageLeft}, {&exact, Eye::ImageRight}});
    for (const int side : {0, 1}) {
        const lab::EyeLabel &eye = label.eyes[side];
        const auto &found = side == 0 ? face.eyeImageLeft : face.eyeImageRight;
        const double away = side == 0 ? double(label.yaw) : -double(label.yaw);
        if (!found || !found->gaze || eye.openness < 0.37f || away > 35 * kDegree || !face.pose)
            continue;
        const cv::Vec3d truth(eye.gaze[0], eye.gaze[1], eye.gaze[2]), ball(eye.ball[0], eye.ball[1], eye.ball[2]);
        const cv::Point2d iris(eye.iris[0], eye.iris[1]);
        const double error = angleBetween(cv::Vec3d(found->gaze->direction), truth);
        to->all.push_back(error);
        to->groups.add(skinOf(label.person), error);
        to->groups.add(turnOf(label.yaw), error);
        if (eye.irisRadius < 6)
            continue;
        to->large.push_back(error);
        to->iris.push_back(cv::norm(cv::Point2d(found->iris) - iris) / double(eye.irisRadius) * 5.9);
        if (onExact && (*onExact)[std::size_t(side)] && (*onExact)[std::size_t(side)]->gaze)
            to->exactPoints.push_back(angleBetween(cv::Vec3d((*onExact)[std::size_t(side)]->gaze->direction), truth));
        // The iris lies a little inside a sphere of 12.6 mm, the mean of the drawn eyes.
        const double radius = std::sqrt(12.6 * 12.6 - 5.9 * 5.9);
        const cv::Vec3d guess = eyeballCentre(*face.pose, side == 0 ? Eye::ImageLeft : Eye::ImageRight);
        const auto add = [&](std::vector<double> &list, const cv::Point2d &at, const cv::Vec3d &centre) {
            if (const auto d = throughSphere(at, camera, centre, radius))
                list.push_back(angleBetween(*d, truth));
        };
        add(to->irisOnly, cv::Point2d(found->iris), ball);
        add(to->headOnly, iris, guess);
        add(to->both, cv::Point2d(found->iris), guess);
    }
}

void measureStills(lab::FaceMeter &meter, const lab::SamplePack &pack, const lab::SamplePack &scenes, Checks *checks)
{
    Errors points;
    Groups nme;
    std::array<std::vector<double>, 3> meanHead, fittedHead, unknownLens, ofScene;
    GazeParts gaze;
    for (std::size_t first = 0, end = 0; first < pack.size(); first = end) {
        while (end < pack.size() && pack.label(end).person == pack.label(first).person)
            ++end;
        std::vector<FaceObservation> faces;
        for (std::size_t at = first; at < end; ++at) {
            const lab::FaceLabel &label = pack.label(at);
            const Camera camera{double(label.focal), {double(label.centre[0]), double(label.centre[1])}};
            const Landmarks68 truth = pointsOf(label);
            const FaceObservation face = meter.measure(pack.grey(at), faceSquareOf(*faceCropOf(truth)), camera);
            points.add(*face.landmarks, truth);
            nme.add(skinOf(label.person), points.all.back());
            nme.add(turnOf(label.yaw), points.all.back());
            if (face.pose)
                addPoseError(*face.pose, label, &meanHead);
            // Each picture has a lens of its own: the head is learnt from this one alone.
            PersonModel head(meter.shapes, camera);
            if (const auto fit = head.next(0, *face.landmarks, &*face.landmarkSigmas))
                addPoseError(fit->pose, label, &fittedHead);
            if (const auto pose = fitHeadPoseOfUnknownLens(*face.landmarks, lab::assumedCamera()))
                addPoseError(*pose, label, &unknownLens);
            gazeOf(meter, pack.grey(at), label, face, camera, &gaze);
        }
    }
    // Scenes: larger eyes are more common, and one head is learnt from several pictures through one lens.
    for (std::size_t first = 0, end = 0; first < scenes.size(); first = end) {
        while (end < scenes.size() && scenes.label(end).person == scenes.label(first).person &&
               scenes.label(end).scene == scenes.label(first).scene)
            ++end;
        PersonModel head(meter.shapes, {double(scenes.label(first).focal), {0, 0}});
        std::vector<std::pair<std::size_t, FaceObservation>> faces;
        for (std::size_t at = first; at < end; ++at) {
            const lab::FaceLabel &label = scenes.label(at);
            const Camera camera{double(label.focal), {double(label.centre[0]), double(label.centre[1])}};
            if (std::abs(double(label.yaw)) > 45 * kDegree)
                continue;
            FaceObservation face = meter.measure(scenes.grey(at), faceSquareOf(*faceCropOf(pointsOf(label))), camera);
            gazeOf(meter, scenes.grey(at), label, face, camera, &gaze);
            for (cv::Point2f &p : *face.landmarks)
                p -= cv::Point2f(camera.centre);
            faces.emplace_back(at, face);
        }
        FrameIndex frame = 0;
        for (int round = 0; round < 2; ++round)
            for (const auto &[at, face] : faces)
                head.next(frame += 2, *face.landmarks, &*face.landmarkSigmas);
        for (const auto &[at, face] : faces) {
            if (const auto fit = head.fit(*face.landmarks, &*face.landmarkSigmas))
                addPoseError(fit->pose, scenes.label(at), &ofScene);
        }
    }
    print("drawn people", "network", points);
    nme.print("error of points, %");
    checks->add({"drawn people, NME", "at most 2.5 %", text("%.2f %% (%zu faces); without jaw %.2f", mean(points.all), points.all.size(), mean(points.inner)),
                 nme.worst("%s %.2f %%"), mean(points.all) <= 2.5});
    for (const auto &[name, angles] : {std::pair{"mean head, known lens", &meanHead}, {"fitted head, known lens", &fittedHead},
                                       {"mean head, assumed lens", &unknownLens}, {"head of a scene, known lens", &ofScene}})
        std::printf("  pose, %-26s n %4zu  pitch %.2f  yaw %.2f  roll %.2f deg\n", name, (*angles)[0].size(), mean((*angles)[0]),
                    mean((*angles)[1]), mean((*angles)[2]));
    const double most = std::max({mean(ofScene[0]), mean(ofScene[1]), mean(ofScene[2])});
    checks->add({"drawn people, pose (head learnt from 8 pictures, known lens, yaw to 45)", "at most 1.5 deg an axis",
                 text("pitch %.2f, yaw %.2f, roll %.2f deg; from one picture %.2f, %.2f, %.2f", mean(ofScene[0]), mean(ofScene[1]),
                      mean(ofScene[2]), mean(fittedHead[0]), mean(fittedHead[1]), mean(fittedHead[2])),
                 text("9 of 10 pitches within %.1f deg", quantile(ofScene[0], 0.9)), most <= 1.5});
    gaze.groups.print("error of gaze, deg");
    std::printf("  gaze, iris of 6 px and more: %.2f deg (%zu eyes); on exact points %.2f; iris off by %.2f mm\n"
                "  by a sphere: own iris, exact eyeball %.2f; exact iris, own eyeball %.2f; both own %.2f\n",
                mean(gaze.large), gaze.large.size(), mean(gaze.exactPoints), mean(gaze.iris), mean(gaze.irisOnly),
                mean(gaze.headOnly), mean(gaze.both));
    checks->add({"drawn people, gaze, iris of 6 px and more", "at most 3.5 deg", text("%.2f deg (%zu eyes); all sizes %.2f", mean(gaze.large), gaze.large.size(), mean(gaze.all)),
                 gaze.groups.worst("%s %.2f deg"), mean(gaze.large) <= 3.5});
}

void measureUnits(lab::FaceMeter &meter, const render::FaceKit &kit, const lab::SamplePack &pack, const QString &file, Checks *checks)
{
    const auto samples = lab::unitSamples(pack, kit, meter, false);
    std::optional<UnitReader> reader;
    if (!file.isEmpty()) {
        const auto hash = hashFile(file);
        auto loaded = UnitReader::load(file, hash ? hexText(hash->sha256) : QString());
        if (loaded)
            reader = std::move(*loaded);
        else
            std::fprintf(stderr, "%s\n", qPrintable(loaded.error().text()));
    }
    std::vector<std::array<double, 17>> found;
    if (reader) {
        found = lab::readUnits(*reader, samples);
    } else {
        for (const lab::UnitSample &s : samples) {
            std::array<double, 17> units;
            std::copy(s.geometry.begin(), s.geometry.end(), units.begin());
            found.push_back(units);
        }
    }
    std::string measured, worst;
    double least = 2;
    bool met = true;
    std::printf("action units of %zu drawn faces (concordance: as read, by the shapes alone)\n", samples.size());
    for (std::size_t u = 0; u < 17; ++u) {
        std::vector<double> truth, read, shapes;
        for (std::size_t i = 0; i < samples.size(); ++i) {
            truth.push_back(samples[i].truth[u]);
            read.push_back(found[i][u]);
            shapes.push_back(double(samples[i].geometry[u]));
        }
        if (!std::isfinite(truth.front()))
            continue;
        const double ours = concordance(truth, read);
        std::printf("  AU%02d  %.3f  %.3f\n", kIntensityUnits[u], ours, concordance(truth, shapes));
        const std::array<int, 7> barred{1, 2, 4, 5, 6, 12, 26};
        if (std::find(barred.begin(), barred.end(), kIntensityUnits[u]) == barred.end())
            continue;
        measured += text("%s%d %.2f", measured.empty() ? "AU" : ", ", kIntensityUnits[u], ours);
        met = met && ours >= 0.8;
        if (ours < least) {
            least = ours;
            worst = text("AU%d %.2f", kIntensityUnits[u], ours);
        }
    }
    checks->add({"drawn people, action units, concordance", "at least 0.8 each", measured, worst, met});
}

} // namespace

void measureRendered(const QString &models, const QString &units, int people, Checks *checks)
{
    auto meter = lab::FaceMeter::load(models);
    const QTemporaryDir folder;
    lab::RenderOrder order;
    order.faceKit = shared(u"ict-facekit"_s).toStdString();
    order.backgrounds = shared(u"camera-natural"_s).toStdString();
    order.firstPerson = kFirstPerson;
    order.people = people;
    order.seed = kSeed;
    order.shots = 18;
    const std::string stills = folder.filePath(u"stills.pack"_s).toStdString(), scenes = folder.filePath(u"scenes.pack"_s).toStdString();
    auto drawn = lab::renderSamples(order, stills);
    order.scenes = true;
    order.shots = 24;
    if (drawn)
        drawn = lab::renderSamples(order, scenes);
    const auto kit = render::FaceKit::load(order.faceKit);
    if (!meter || !drawn || !kit) {
        std::fprintf(stderr, "%s\n", qPrintable(!meter ? meter.error().text() : !drawn ? drawn.error().text() : kit.error().text()));
        return;
    }
    const auto stillPack = lab::SamplePack::read(stills), scenePack = lab::SamplePack::read(scenes);
    if (!stillPack || !scenePack)
        return;
    measureStills(*meter, *stillPack, *scenePack, checks);
    measureUnits(*meter, *kit, *scenePack, units, checks);
}

} // namespace fw::test
