// SPDX-License-Identifier: GPL-3.0-or-later
#include "face_finder.h"

#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/opencv.h>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kFiner = 1.5;      ///< a fine search against a usual one
constexpr double kLeastFace = 60.0; ///< px
constexpr double kMostGrowth = 2.0; ///< small pictures are enlarged up to this factor
constexpr double kWindow = 80.0;    ///< px: the smallest face that the detector knows
constexpr double kReach = 0.24;     ///< widths of the face around it in a look at one place

struct Models
{
    std::shared_ptr<const dlib::frontal_face_detector> detector;
    std::shared_ptr<const LandmarkCascade> cascade;
};

Result<Models> loadModels(const QString &path)
{
    static std::mutex mutex;
    static std::map<QString, Models> kept;
    const std::lock_guard lock(mutex);
    const auto known = kept.find(path);
    if (known != kept.end())
        return known->second;
    auto cascade = LandmarkCascade::load(path);
    if (!cascade)
        return Failure{cascade.error()};
    Models models;
    models.cascade = *cascade;
    models.detector =
        std::make_shared<const dlib::frontal_face_detector>(dlib::get_frontal_face_detector());
    kept[path] = models;
    return models;
}

cv::Mat resized(const cv::Mat &grey, double factor)
{
    cv::Mat out;
    if (std::abs(factor - 1.0) < 1e-3)
        return grey;
    cv::resize(grey, out, {}, factor, factor, factor < 1.0 ? cv::INTER_AREA : cv::INTER_LINEAR);
    return out;
}

} // namespace

double overlap(const cv::Rect2f &a, const cv::Rect2f &b)
{
    const double both = (a & b).area();
    const double either = double(a.area()) + b.area() - both;
    return either > 0 ? both / either : 0.0;
}

struct FaceFinder::Impl
{
    dlib::frontal_face_detector detector; ///< a copy: it keeps scratch space between calls
    double searchSide = 640.0;
    std::shared_ptr<const LandmarkCascade> cascade;

    std::vector<FaceHit> detect(const cv::Mat &grey, double factor, cv::Point2d origin,
                                double leastScore)
    {
        std::vector<dlib::rect_detection> found;
        // The detector never writes, but dlib's wrapper has no read-only form.
        cv::Mat writable = grey;
        dlib::cv_image<unsigned char> image(writable);
        detector(image, found, leastScore);
        std::vector<FaceHit> hits;
        for (const dlib::rect_detection &d : found) {
            const double left = d.rect.left(), top = d.rect.top();
            const double side = double(d.rect.right()) - left,
                         height = double(d.rect.bottom()) - top;
            hits.push_back(
                {cv::Rect2f(float(left / factor + origin.x), float(top / factor + origin.y),
                            float(side / factor), float(height / factor)),
                 d.detection_confidence});
        }
        return hits;
    }

    std::vector<FaceHit> whole(const cv::Mat &grey, double longSide)
    {
        // No larger than it takes to find a face of kLeastFace.
        const double most =
            std::min(kMostGrowth,
                     std::max(kWindow / kLeastFace, searchSide / std::max(grey.cols, grey.rows)));
        const double factor = std::min(longSide / std::max(grey.cols, grey.rows), most);
        return detect(resized(grey, factor), factor, {0, 0}, 0.0);
    }
};

FaceFinder::FaceFinder(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl))
{
}
FaceFinder::~FaceFinder() = default;

Result<std::unique_ptr<FaceFinder>> FaceFinder::open(const QString &predictorPath, int searchSide)
{
    auto models = loadModels(predictorPath);
    if (!models)
        return Failure{models.error()};
    auto impl = std::make_unique<Impl>();
    impl->detector = *models->detector;
    impl->cascade = models->cascade;
    impl->searchSide = searchSide;
    return std::unique_ptr<FaceFinder>(new FaceFinder(std::move(impl)));
}

std::vector<FaceHit> FaceFinder::search(const cv::Mat &grey, bool fine)
{
    return m_impl->whole(grey, m_impl->searchSide * (fine ? kFiner : 1.0));
}

std::vector<FaceHit> FaceFinder::searchStill(const cv::Mat &grey)
{
    std::vector<FaceHit> hits = m_impl->whole(grey, 2.0 * m_impl->searchSide);
    cv::Mat mirrored;
    cv::flip(grey, mirrored, 1);
    std::erase_if(hits, [&](const FaceHit &hit) {
        cv::Rect2f there = hit.box;
        there.x = float(grey.cols) - hit.box.x - hit.box.width;
        return !confirm(mirrored, there, 0.0, kReach);
    });
    return hits;
}

std::optional<FaceHit> FaceFinder::confirm(const cv::Mat &grey, const cv::Rect2f &near,
                                           double leastScore, double reach)
{
    // Scaled so that the face is a little larger than the smallest that the detector knows: two
    // or three levels of its pyramid instead of ten.
    const float margin = float(reach) * near.width;
    const cv::Rect inside =
        cv::Rect(cvFloor(near.x - margin), cvFloor(near.y - margin),
                 cvCeil(near.width + 2 * margin), cvCeil(near.height + 2 * margin)) &
        cv::Rect(0, 0, grey.cols, grey.rows);
    const double factor = 1.1 * kWindow / std::max(near.width, 1.0f);
    if (std::min(inside.width, inside.height) * factor < kWindow)
        return std::nullopt;
    const auto away = [&](const FaceHit &hit) {
        return std::hypot(hit.box.x + 0.5 * hit.box.width - near.x - 0.5 * near.width,
                          hit.box.y + 0.5 * hit.box.height - near.y - 0.5 * near.height) /
               near.width;
    };
    std::optional<FaceHit> best;
    for (const FaceHit &hit : m_impl->detect(resized(grey(inside), factor), factor,
                                             {double(inside.x), double(inside.y)}, leastScore)) {
        const double ratio = hit.box.width / near.width;
        if (away(hit) > 0.2 + reach || ratio < 0.6 || ratio > 1.7)
            continue;
        if (!best || hit.score - away(hit) > best->score - away(*best))
            best = hit;
    }
    return best;
}

PlacedFace FaceFinder::place(const cv::Mat &grey, const cv::Rect2f &box)
{
    // The first pass finds roll and size, the second starts from them.
    const Landmarks68 first = m_impl->cascade->place(grey, LandmarkCascade::frameOf(box));
    return average(grey, m_impl->cascade->frameOf(first).value_or(LandmarkCascade::frameOf(box)));
}

PlacedFace FaceFinder::follow(const cv::Mat &grey, const Landmarks68 &expected)
{
    const auto frame = m_impl->cascade->frameOf(expected);
    if (!frame)
        return {expected, 0.0, {}};
    return average(grey, *frame);
}

PlacedFace FaceFinder::average(const cv::Mat &grey, const Similarity &frame) const
{
    // A cascade of trees answers in steps: a start moved by a percent can move a point by a pixel.
    // Two starts on opposite sides halve that, and their difference says how large it is.
    std::array<Landmarks68, 2> placed;
    for (int k = 0; k < 2; ++k) {
        const double sign = k == 0 ? 1.0 : -1.0;
        Similarity start = frame;
        const double grow = 1.0 + 0.02 * sign;
        start.real *= grow;
        start.imaginary *= grow;
        const cv::Point2d centre = frame.map({0.5, 0.5});
        start.shift = {0, 0};
        start.shift =
            centre - start.map({0.5, 0.5}) + cv::Point2d(0.012, 0.012) * (sign * frame.scale());
        placed[std::size_t(k)] = m_impl->cascade->place(grey, start);
    }
    PlacedFace face;
    double squares = 0;
    for (std::size_t i = 0; i < 68; ++i) {
        face.points[i] = 0.5f * (placed[0][i] + placed[1][i]);
        const cv::Point2f half = 0.5f * (placed[0][i] - placed[1][i]);
        squares += double(half.dot(half));
    }
    face.sigma = std::sqrt(squares / (2.0 * 68.0));
    const auto own = m_impl->cascade->frameOf(face.points);
    face.box = LandmarkCascade::boxOf(own.value_or(frame));
    return face;
}

} // namespace fw
