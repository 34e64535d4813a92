// SPDX-License-Identifier: GPL-3.0-or-later
#include "face_gallery.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fw {

namespace {

// Of two pictures of different people one pair in a thousand reaches 0.44, of one person in one
// recording seven pairs in ten do (models/likeness/card.md); several views of a face are kept.
constexpr double kSamePerson = 0.44;
/// Of the means of all views of two faces: both halves of 29 recordings reach it, 2 of 406 pairs of two recordings do.
constexpr double kSameAfterCut = 0.60;
constexpr double kLeadOverOthers = 0.10;
constexpr double kClearlyCloser = 0.25;
constexpr double kUnlike = 0.10; // a wall reaches this one time in four
constexpr double kNothingNew = 0.85;
constexpr std::size_t kMostViews = 12;

/// The mean of several views, a unit vector.
FaceMark meanOf(const std::vector<FaceMark> &views)
{
    FaceMark mean{};
    for (const FaceMark &view : views)
        for (std::size_t i = 0; i < mean.size(); ++i)
            mean[i] += view[i];
    const float length = std::sqrt(float(likeness(mean, mean)));
    for (float &v : mean)
        v /= std::max(length, 1e-9f);
    return mean;
}

double bestOf(const std::vector<FaceMark> &views, const FaceMark &mark)
{
    double best = -1.0;
    for (const FaceMark &view : views)
        best = std::max(best, likeness(view, mark));
    return best;
}

} // namespace

void FaceGallery::remember(TrackId id, const FaceMark &mark)
{
    std::vector<FaceMark> &views = m_views.try_emplace(id, Views{m_scene, {}}).first->second.marks;
    if (!views.empty() && bestOf(views, mark) > kNothingNew)
        return;
    if (views.size() == kMostViews)
        views.erase(views.begin() + 1); // the first view is the one the face was found by
    views.push_back(mark);
}

std::optional<TrackId> FaceGallery::whose(const FaceMark &mark) const
{
    std::optional<TrackId> best;
    double first = -1.0, second = -1.0;
    for (const auto &[id, views] : m_views) {
        if (views.scene != m_scene)
            continue;
        const double likes = bestOf(views.marks, mark);
        if (likes > first) {
            second = std::exchange(first, likes);
            best = id;
        } else {
            second = std::max(second, likes);
        }
    }
    return best && first >= kSamePerson && first - second >= kLeadOverOthers ? best : std::nullopt;
}

bool FaceGallery::couldBe(TrackId id, const FaceMark &mark) const
{
    const auto known = m_views.find(id);
    return known == m_views.end() || bestOf(known->second.marks, mark) >= kUnlike;
}

bool FaceGallery::isCloser(TrackId id, const FaceMark &first, const FaceMark &second) const
{
    const auto known = m_views.find(id);
    return known != m_views.end() && bestOf(known->second.marks, first) > bestOf(known->second.marks, second) + kClearlyCloser;
}

void FaceGallery::beginScene()
{
    ++m_scene;
}

std::vector<FaceGallery::Resemblance> FaceGallery::comeBack() const
{
    struct Known
    {
        TrackId id;
        int scene;
        FaceMark mean;
    };
    std::vector<Known> people; // the first face of each
    std::vector<Resemblance> out;
    for (const auto &[id, views] : m_views) {
        const FaceMark mean = meanOf(views.marks);
        const Known *best = nullptr;
        double first = -1.0, second = -1.0;
        for (const Known &person : people) {
            const double likes = likeness(person.mean, mean);
            if (likes > first) {
                second = std::exchange(first, likes);
                best = &person;
            } else {
                second = std::max(second, likes);
            }
        }
        const bool alike = best && first >= kSameAfterCut;
        if (alike && best->scene != views.scene && first - second >= kLeadOverOthers)
            out.push_back({id, best->id, first});
        if (!alike)
            people.push_back({id, views.scene, mean});
    }
    return out;
}

} // namespace fw
