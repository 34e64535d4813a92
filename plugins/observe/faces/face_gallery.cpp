// SPDX-License-Identifier: GPL-3.0-or-later
#include "face_gallery.h"

#include <algorithm>
#include <utility>

namespace fw {

namespace {

// Of two pictures of different people one pair in a thousand reaches 0.44, of one person in one
// recording seven pairs in ten do (models/likeness/card.md); several views of a face are kept.
constexpr double kSamePerson = 0.44;
constexpr double kLeadOverOthers = 0.10;
constexpr double kClearlyCloser = 0.25;
constexpr double kUnlike = 0.10; // a wall reaches this one time in four
constexpr double kNothingNew = 0.85;
constexpr std::size_t kMostViews = 12;

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
    std::vector<FaceMark> &views = m_marks[id];
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
    for (const auto &[id, views] : m_marks) {
        const double likes = bestOf(views, mark);
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
    const auto known = m_marks.find(id);
    return known == m_marks.end() || bestOf(known->second, mark) >= kUnlike;
}

bool FaceGallery::isCloser(TrackId id, const FaceMark &first, const FaceMark &second) const
{
    const auto known = m_marks.find(id);
    return known != m_marks.end() && bestOf(known->second, first) > bestOf(known->second, second) + kClearlyCloser;
}

} // namespace fw
