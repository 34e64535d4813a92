// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "face_gallery.h"
#include "face_source.h"
#include "faces/camera.h"
#include "scene_watch.h"

#include <vector>

namespace fw {

struct TrackerOptions
{
    int searchEvery = 15; ///< frames between searches of the whole picture
    int confirmEvery = 3; ///< frames between looks at the place of a known face
    int fineEvery = 3;    ///< searches between those that also find smaller faces
    int mostFaces = 8;
    double holdSeconds = 0.3;       ///< how long a face is followed that the detector does not see
    double reidentifySeconds = 1.5; ///< how long a lost face keeps its id at its place
};

/// Whether points that were placed somewhere form a face: they fit a head.
bool looksLikeAFace(const PlacedFace &face, const std::optional<HeadPose> &pose);

/// What is reported of one placed face; the caller names its track.
/// @param score  of the detector; becomes the confidence.
FaceObservation observationOf(const PlacedFace &face, const std::optional<HeadPose> &pose,
                              double score);

/// Gives faces stable ids over time.
/// - A face becomes a track when the detector has seen it in at least two frames.
/// - Between detections its landmarks lead to the next frame's; every third frame the detector
///   looks at that place again, and a track that it does not see for holdSeconds ends.
/// - A face that was hidden for longer gets its id back when it looks like one of this scene.
/// - A cut ends every track; what is seen after it gets new ids.
class FaceTracker
{
public:
    FaceTracker(FaceSource &source, const Camera &camera, const TrackerOptions &options);

    /// Frames in ascending order. @param seconds  presentation time.
    FaceObservations next(const cv::Mat &grey, FrameIndex index, double seconds);

    /// The last picture may show a face that is not measured yet, because a track needs a second
    /// sighting: "no face" would be a claim there.
    bool undecided() const;
    /// The last picture began a new scene.
    const SceneWatch::Change &change() const { return m_change; }
    std::int64_t searches() const { return m_searches; }
    const FaceGallery &gallery() const { return m_gallery; }

private:
    struct Track
    {
        TrackId id{};
        PlacedFace face;
        Landmarks68 before; ///< one frame earlier, for the motion
        std::optional<HeadPose> pose;
        double score = 0.0;
        cv::Rect2f confirmedBox;  ///< where the detector saw it last
        double confirmedAt = 0.0; ///< seconds
        FrameIndex confirmedIn = 0;
        cv::Rect2f seenBox;       ///< where the detector itself saw it last
        double seenAt = 0.0;      ///< seconds
        double rememberedAt = 0.0; ///< seconds; when its looks went to the gallery last
        bool sure = true; ///< the last look saw it
        bool detectedNow = false;

        void see(const cv::Rect2f &box, double seconds)
        {
            seenBox = box;
            seenAt = seconds;
        }
    };
    struct Candidate
    {
        cv::Rect2f box;
        double scoreSum = 0.0;
        int hits = 0, misses = 0;
        int mostMisses = 2;
        std::optional<TrackId> was;       ///< a face lost here
        double lostAt = 0.0, until = 0.0; ///< seconds; of a lost face
    };

    void follow(const cv::Mat &grey, FrameIndex index, double seconds);
    void look(const cv::Mat &grey, Track &track, FrameIndex index, double seconds);
    /// Whether its points may stand in for the detector.
    static bool believable(const Track &track, double seconds);
    static void confirm(Track &track, const FaceHit &hit, FrameIndex index, double seconds);
    void search(const cv::Mat &grey, FrameIndex index, double seconds);
    void checkCandidates(const cv::Mat &grey, FrameIndex index, double seconds);
    /// Whether the mirrored picture shows the face too: a second look that needs no second frame.
    bool isClear(const cv::Mat &grey, const FaceHit &hit);
    bool adopt(const cv::Mat &grey, const Candidate &candidate, const FaceHit &hit,
               FrameIndex index, double seconds);
    TrackId idFor(const cv::Mat &grey, const Track &track, std::optional<TrackId> was, const cv::Rect2f &box,
                  double seconds);
    TrackId idByPlace(const cv::Rect2f &box, double seconds);
    bool looksLikeItself(const cv::Mat &grey, const Track &track);
    void remember(const cv::Mat &grey, Track &track, double seconds);
    bool isFollowed(TrackId id) const;
    bool isTaken(const cv::Rect2f &box, const Track *except) const;
    void dropDuplicates(double seconds);
    /// It may come back at its place with its id.
    void lose(const Track &track, double seconds);
    bool searchIsDue(FrameIndex index) const;
    void measure(Track &track) const;
    FaceObservations observations(double seconds) const;

    FaceSource &m_source;
    Camera m_camera;
    TrackerOptions m_options;
    SceneWatch m_watch;
    SceneWatch::Change m_change;
    std::vector<Track> m_tracks;
    std::vector<Candidate> m_candidates;
    FaceGallery m_gallery;
    std::optional<FrameIndex> m_searchedIn;
    bool m_searchNow = false;
    int m_nextId = 0;
    std::int64_t m_searches = 0;
};

} // namespace fw
