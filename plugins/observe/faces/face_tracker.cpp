// SPDX-License-Identifier: GPL-3.0-or-later
#include "face_tracker.h"

#include "face_finder.h"
#include "faces/alignment.h"
#include "faces/head_pose.h"

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr double kScoreToStart = 0.0;   ///< the detector's own threshold
constexpr double kScoreToKeep = -0.3;   ///< a face that was here a moment ago needs less
constexpr double kEasyMeanScore = 0.15; ///< two hits of this mean are enough, else three
constexpr double kNear = 0.24;          ///< face widths around the place of a face that stays
constexpr double kWide = 0.9;           ///< and of one that moved faster than its landmarks
constexpr double kSameFace = 0.3;       ///< overlap of a hit with what is known
constexpr double kDrifted = 0.55;       ///< below, the landmarks start afresh from the hit
constexpr double kMostMoved = 1.0;      ///< widths that a lost face may have moved to keep its id,
constexpr double kMostSpeed = 12.0;     ///< and widths per second unseen: 1.8 m/s, a brisk walk
constexpr double kAskAgainSeconds = 1.0; ///< after which the detector is asked again,
constexpr double kBeliefSeconds = 4.0;   ///< and after which the points alone are not believed
constexpr double kLeastGrowth = 0.6;     ///< nor when the face has shrunk to less than this
constexpr double kMostTrackGrowth = 1.7;      ///< or grown to more since the detector saw it
constexpr double kRememberSeconds = 0.5; ///< between two looks at what a face looks like
constexpr double kFar = 1e9;
constexpr double kDuplicate = 0.5;
constexpr double kStillPicture = 8.0; ///< grey levels: nothing new outside the faces
/// Of the distance of the eye corners. Real faces stay below a tenth against the mean head; points
/// that are not on a face do not form one.
constexpr double kMostMisfit = 0.16;

double distance(const cv::Rect2f &a, const cv::Rect2f &b)
{
    return std::hypot(a.x + 0.5 * a.width - b.x - 0.5 * b.width,
                      a.y + 0.5 * a.height - b.y - 0.5 * b.height);
}

double confidenceOf(double score)
{
    return 1.0 / (1.0 + std::exp(-2.0 * (score + 0.3)));
}

} // namespace

bool looksLikeAFace(const PlacedFace &face, const std::optional<HeadPose> &pose)
{
    return pose && pose->rmsPixels <= kMostMisfit * eyeCornerDistance(face.points);
}

FaceObservation observationOf(const PlacedFace &face, const std::optional<HeadPose> &pose,
                              double score)
{
    FaceObservation out;
    out.box = face.box;
    out.confidence = confidenceOf(score);
    out.landmarks = face.points;
    out.landmarkSigmas = face.sigmas;
    out.pose = pose;
    out.earImageLeft = eyeAspectRatio(face.points, Eye::ImageLeft);
    out.earImageRight = eyeAspectRatio(face.points, Eye::ImageRight);
    return out;
}

FaceTracker::FaceTracker(FaceSource &source, const Camera &camera, const TrackerOptions &options)
    : m_source(source)
    , m_camera(camera)
    , m_options(options)
{
}

FaceObservations FaceTracker::next(const cv::Mat &grey, FrameIndex index, double seconds)
{
    m_change = m_watch.next(grey);
    if (m_change.cut) {
        m_tracks.clear();
        m_candidates.clear();
        m_gallery.beginScene();
        m_searchNow = true;
    }
    follow(grey, index, seconds);
    checkCandidates(grey, index, seconds);
    if (m_searchNow || searchIsDue(index))
        search(grey, index, seconds);
    dropDuplicates(seconds);
    return observations(seconds);
}

bool FaceTracker::undecided() const
{
    return m_tracks.empty() && std::any_of(m_candidates.begin(), m_candidates.end(), [](const Candidate &c) {
        return !c.was && c.misses == 0;
    });
}

bool FaceTracker::searchIsDue(FrameIndex index) const
{
    if (!m_searchedIn)
        return true;
    const std::int64_t since = index - *m_searchedIn;
    const bool oneIsLost = std::any_of(m_candidates.begin(), m_candidates.end(),
                                       [](const Candidate &c) { return c.was.has_value(); });
    if (oneIsLost && since >= m_options.confirmEvery)
        return true;
    if (since < m_options.searchEvery)
        return false;
    if (m_tracks.empty() || since >= 3 * m_options.searchEvery)
        return true;
    // A face cannot appear where nothing has changed.
    std::vector<cv::Rect2f> known;
    for (const Track &track : m_tracks)
        known.push_back(track.face.box);
    return m_watch.outsideChange(known) > kStillPicture;
}

void FaceTracker::follow(const cv::Mat &grey, FrameIndex index, double seconds)
{
    std::vector<Track> kept;
    for (Track &track : m_tracks) {
        // Half of the last step: all of it would carry the noise of the points from frame to frame.
        cv::Point2f step(0, 0);
        for (std::size_t i = 0; i < 68; ++i)
            step += (track.face.points[i] - track.before[i]) * (1.0f / 68.0f);
        step = cv::norm(step) > 0.02 * track.face.box.width ? 0.5f * step : cv::Point2f(0, 0);
        track.before = track.face.points;
        track.face = m_source.follow(grey, track.face, step);
        track.detectedNow = false;
        measure(track);
        const bool due = index - track.confirmedIn >= m_options.confirmEvery;
        if (due || !track.sure || !looksLikeAFace(track.face, track.pose))
            look(grey, track, index, seconds);
        if (seconds - track.confirmedAt <= m_options.holdSeconds) {
            kept.push_back(track);
            continue;
        }
        lose(track, seconds);
    }
    m_tracks = std::move(kept);
}

void FaceTracker::lose(const Track &track, double seconds)
{
    Candidate lost;
    lost.box = track.confirmedBox;
    lost.was = track.id;
    lost.lostAt = track.confirmedAt;
    lost.until = seconds + m_options.reidentifySeconds;
    m_candidates.push_back(lost);
    m_searchNow = true;
}

void FaceTracker::look(const cv::Mat &grey, Track &track, FrameIndex index, double seconds)
{
    // The points themselves say whether they lie on a face, also in profile; but points that have
    // slid off tend to believe in what they found, so the detector has to agree now and then.
    bool believed = believable(track, seconds);
    std::optional<FaceHit> hit, seen;
    if (!believed || seconds - track.seenAt > kAskAgainSeconds)
        seen = hit = m_source.confirm(grey, track.face.box, kScoreToKeep, kNear);
    if (!hit && believed && seconds - track.seenAt > kAskAgainSeconds)
        believed = looksLikeItself(grey, track);
    if (!hit && believed)
        hit = FaceHit{track.face.box, *track.face.score};
    if (!hit)
        seen = hit = m_source.confirm(grey, track.confirmedBox, kScoreToStart, kWide);
    if (hit && isTaken(hit->box, &track))
        hit.reset();
    track.sure = hit.has_value();
    if (!hit)
        return;
    if (seen)
        track.see(seen->box, seconds);
    if (overlap(hit->box, track.face.box) < kDrifted || !looksLikeAFace(track.face, track.pose)) {
        track.face = m_source.place(grey, hit->box);
        measure(track);
    }
    track.sure = looksLikeAFace(track.face, track.pose);
    if (!track.sure)
        return;
    confirm(track, *hit, index, seconds);
    if (seen && seconds - track.rememberedAt >= kRememberSeconds)
        remember(grey, track, seconds);
}

void FaceTracker::remember(const cv::Mat &grey, Track &track, double seconds)
{
    track.rememberedAt = seconds;
    if (const auto mark = m_source.mark(grey, track.face.points))
        m_gallery.remember(track.id, *mark);
}

bool FaceTracker::looksLikeItself(const cv::Mat &grey, const Track &track)
{
    const auto mark = m_source.mark(grey, track.face.points);
    return !mark || m_gallery.couldBe(track.id, *mark);
}

bool FaceTracker::believable(const Track &track, double seconds)
{
    const double ratio = double(track.face.box.width) / std::max(1.0, double(track.seenBox.width));
    return track.face.score.value_or(kScoreToKeep - 1.0) >= kScoreToKeep &&
           seconds - track.seenAt <= kBeliefSeconds && ratio > kLeastGrowth && ratio < kMostTrackGrowth;
}

void FaceTracker::confirm(Track &track, const FaceHit &hit, FrameIndex index, double seconds)
{
    track.score = hit.score;
    track.confirmedBox = hit.box;
    track.confirmedAt = seconds;
    track.confirmedIn = index;
    track.sure = track.detectedNow = true;
}

bool FaceTracker::isTaken(const cv::Rect2f &box, const Track *except) const
{
    return std::any_of(m_tracks.begin(), m_tracks.end(), [&](const Track &t) {
        return &t != except && overlap(t.face.box, box) > kSameFace;
    });
}

void FaceTracker::search(const cv::Mat &grey, FrameIndex index, double seconds)
{
    m_searchNow = false;
    m_searchedIn = index;
    m_watch.mark();
    const bool anew = m_tracks.empty() && m_candidates.empty(); // a clip or scene begins; nobody is lost
    const bool fine = m_searches++ % m_options.fineEvery == 0 || m_change.cut;
    for (const FaceHit &hit : m_source.search(grey, fine)) {
        const auto known =
            std::max_element(m_tracks.begin(), m_tracks.end(), [&](const Track &a, const Track &b) {
                return overlap(a.face.box, hit.box) < overlap(b.face.box, hit.box);
            });
        if (known != m_tracks.end() && overlap(known->face.box, hit.box) > kSameFace) {
            known->see(hit.box, seconds);
            if (!known->detectedNow && looksLikeAFace(known->face, known->pose))
                confirm(*known, hit, index, seconds);
            if (seconds - known->rememberedAt >= kRememberSeconds)
                remember(grey, *known, seconds);
            continue;
        }
        const bool waiting =
            std::any_of(m_candidates.begin(), m_candidates.end(),
                        [&](const Candidate &c) { return overlap(c.box, hit.box) > kSameFace; });
        if (waiting)
            continue;
        Candidate fresh;
        fresh.box = hit.box;
        fresh.hits = 1;
        fresh.scoreSum = hit.score;
        // A clip does not start, nor a scene, with a frame whose clear face is not measured.
        if (!anew || !isClear(grey, hit) || !adopt(grey, fresh, hit, index, seconds))
            m_candidates.push_back(fresh);
    }
}

bool FaceTracker::isClear(const cv::Mat &grey, const FaceHit &hit)
{
    if (int(m_tracks.size()) >= m_options.mostFaces || hit.score < kEasyMeanScore)
        return false;
    const auto second = m_source.confirmMirrored(grey, hit.box);
    return second && (hit.score + second->score) / 2.0 >= kEasyMeanScore;
}

void FaceTracker::checkCandidates(const cv::Mat &grey, FrameIndex index, double seconds)
{
    std::vector<Candidate> kept;
    for (Candidate &candidate : m_candidates) {
        if (candidate.was && (seconds > candidate.until || isFollowed(*candidate.was)))
            continue; // too late, or it was found again elsewhere
        auto hit =
            m_source.confirm(grey, candidate.box, kScoreToStart, candidate.was ? kWide : kNear);
        if (hit && isTaken(hit->box, nullptr))
            hit.reset();
        if (!hit) {
            if (candidate.was || ++candidate.misses < candidate.mostMisses)
                kept.push_back(candidate);
            continue;
        }
        candidate.box = hit->box;
        candidate.scoreSum += hit->score;
        ++candidate.hits;
        const bool enough = candidate.hits >= 3 ||
                            (candidate.hits == 2 && candidate.scoreSum / 2.0 >= kEasyMeanScore);
        if (!enough)
            kept.push_back(candidate);
        else if (int(m_tracks.size()) < m_options.mostFaces)
            adopt(grey, candidate, *hit, index, seconds);
    }
    m_candidates = std::move(kept);
}

bool FaceTracker::adopt(const cv::Mat &grey, const Candidate &candidate, const FaceHit &hit,
                        FrameIndex index, double seconds)
{
    Track track;
    track.face = m_source.place(grey, hit.box);
    track.before = track.face.points;
    measure(track);
    if (!looksLikeAFace(track.face, track.pose))
        return false;
    confirm(track, hit, index, seconds);
    track.see(hit.box, seconds);
    track.id = idFor(grey, track, candidate.was, hit.box, seconds);
    remember(grey, track, seconds);
    m_tracks.push_back(track);
    return true;
}

TrackId FaceTracker::idFor(const cv::Mat &grey, const Track &track, std::optional<TrackId> was,
                           const cv::Rect2f &box, double seconds)
{
    // Looks decide where they can tell; else the place does.
    const auto mark = m_source.mark(grey, track.face.points);
    if (const auto who = mark ? m_gallery.whose(*mark) : std::nullopt) {
        const auto holder = std::ranges::find(m_tracks, *who, &Track::id);
        if (holder == m_tracks.end())
            return *who;
        const auto held = m_source.mark(grey, holder->face.points);
        if (held && m_gallery.isCloser(*who, *mark, *held)) { // the holder slid off that face
            m_tracks.erase(holder);
            return *who;
        }
    }
    return was ? *was : idByPlace(box, seconds);
}

TrackId FaceTracker::idByPlace(const cv::Rect2f &box, double seconds)
{
    // A face found aside of where one was lost, or is about to be, is the same one if no other is
    // nearer and it could have moved there in that time.
    const auto away = [&](const cv::Rect2f &other, double unseenSeconds) {
        const double ratio = other.width / box.width;
        const double widths = distance(other, box) / box.width;
        const bool reachable = widths < kMostMoved + kMostSpeed * unseenSeconds;
        return reachable && ratio > 0.6 && ratio < 1.6 ? widths : kFar;
    };
    double nearest = kFar;
    Candidate *lost = nullptr;
    Track *unsure = nullptr;
    for (Candidate &other : m_candidates) {
        const bool open = other.was && seconds <= other.until && !isFollowed(*other.was);
        const double widths = open ? away(other.box, seconds - other.lostAt) : kFar;
        if (widths < nearest) {
            nearest = widths;
            lost = &other;
        }
    }
    for (Track &other : m_tracks) {
        const double widths =
            other.sure ? kFar : away(other.confirmedBox, seconds - other.confirmedAt);
        if (widths < nearest) {
            nearest = widths;
            unsure = &other;
        }
    }
    if (unsure) {
        const TrackId id = unsure->id;
        m_tracks.erase(m_tracks.begin() + (unsure - m_tracks.data()));
        return id;
    }
    if (lost) {
        lost->until = seconds - 1.0;
        return *lost->was;
    }
    return TrackId(m_nextId++);
}

bool FaceTracker::isFollowed(TrackId id) const
{
    return std::any_of(m_tracks.begin(), m_tracks.end(), [id](const Track &t) { return t.id == id; });
}

void FaceTracker::dropDuplicates(double seconds)
{
    for (std::size_t i = 0; i < m_tracks.size(); ++i)
        for (std::size_t j = i + 1; j < m_tracks.size();) {
            if (overlap(m_tracks[i].face.box, m_tracks[j].face.box) < kDuplicate) {
                ++j;
                continue;
            }
            // Two tracks on one face: the surer one stays, and of equals the older.
            const auto &a = m_tracks[i], &b = m_tracks[j];
            const bool dropLater = a.sure != b.sure ? a.sure : a.id < b.id;
            const std::size_t dropped = dropLater ? j : i;
            lose(m_tracks[dropped], seconds);
            m_tracks.erase(m_tracks.begin() + std::ptrdiff_t(dropped));
            if (!dropLater)
                j = i + 1;
        }
}

void FaceTracker::measure(Track &track) const
{
    const auto pose = fitHeadPoseOfUnknownLens(track.face.points, m_camera);
    track.pose = pose ? std::optional(*pose) : std::nullopt;
}

FaceObservations FaceTracker::observations(double seconds) const
{
    FaceObservations out;
    for (const Track &track : m_tracks) {
        if (!looksLikeAFace(track.face, track.pose))
            continue; // what is there now would not be a measurement of this face
        FaceObservation face = observationOf(track.face, track.pose, track.score);
        face.track = track.id;
        const double unseen = (seconds - track.confirmedAt) / m_options.holdSeconds;
        if (!track.sure)
            face.confidence *= 1.0 - 0.8 * unseen;
        face.detected = track.detectedNow;
        out.push_back(face);
    }
    std::sort(out.begin(), out.end(),
              [](const auto &a, const auto &b) { return a.track < b.track; });
    return out;
}

} // namespace fw
