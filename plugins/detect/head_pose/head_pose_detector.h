// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "head_source.h"
#include "inner_landmarks.h"
#include "pose_classifier.h"
#include "pose_track.h"

#include <map>

namespace fw {

/// Everything that is said about one face.
struct JudgedTrack
{
    TrackId id{};
    HeadSource source = HeadSource::Generic; ///< whose head was used in the end
    QString sourceNote;                      ///< what else the reader must know of it
    HeadModel head{};
    std::vector<PoseSample> samples;
    PoseSummary summary;
    std::optional<double> noiseMedian;  ///< of the angle by noise alone, radians
    std::optional<double> noiseTurnRms; ///< likewise, of the turn
    std::optional<double> shortLens, longLens; ///< median angle with half and twice the focal length
    std::vector<double> probabilities;  ///< one a sample, not-a-number where none; empty: no classifier
    std::vector<double> innerAngles;  ///< radians, of the inner face seen alone; with innerFrames
    std::vector<FrameIndex> innerFrames;
    std::optional<double> innerMedian; ///< nullopt for less than kFewestInner frames
    double shareAbove = 0.0;            ///< of usable frames above the alarm line

    bool enough() const
    {
        return summary.usable >= kPoseLimits.fewestFrames && double(summary.usable) >= 0.2 * double(samples.size());
    }
};

/// Compares the head's direction as its whole face says with that of its centre, frame by frame.
class HeadPoseDetector final : public Detector
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle) override;
    Result<AnalysisResult> finish(const Ledger &ledger) override;

private:
    JudgedTrack judge(TrackId id, std::vector<PoseSample> samples) const;
    void chooseHead(JudgedTrack &track) const;
    std::optional<double> medianWith(const JudgedTrack &track, double factor) const;
    Finding findingOf(const JudgedTrack &track) const;
    double alarm(HeadSource source) const; ///< degrees

    Camera m_camera;
    JobContext m_job;
    std::optional<FaceShapes> m_shapes;
    std::optional<HeadFile> m_enrolled;
    std::optional<PoseClassifier> m_classifier;
    std::unique_ptr<InnerLandmarks> m_inner; ///< null: not looked at
    std::map<TrackId, std::vector<PoseSample>> m_tracks;
};

/// Traces, arrows, marked landmarks and events of one track.
void measureTrack(JudgedTrack &track, const Camera &camera, double alarmDegrees, const JobContext &job, Measurements &out);

} // namespace fw
