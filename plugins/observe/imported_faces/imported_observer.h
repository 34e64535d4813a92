// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/analysis.h"
#include "faces/camera.h"
#include "findings/behaviour_csv.h"

namespace fw {

/// Gives what another program measured on the faces of this clip in place of our own observers: the
/// table of OpenFace or py-feat that the examiner chose. What the table does not hold stays missing,
/// but for the head pose, which is fitted to the table's landmarks where it tells none.
class ImportedObserver final : public Observer
{
public:
    Result<void> begin(const ClipFacts &clip, const JobContext &job) override;
    Result<void> frame(const FrameBundle &bundle, Observations &add) override;
    Result<Measurements> finish(const Ledger &ledger) override;

private:
    void complete(FaceObservation &face);

    ObservationLog m_log;
    Camera m_camera;
    BehaviourFormat m_format = BehaviourFormat::OpenFace;
    QString m_file, m_sha256;
    struct Counts
    {
        std::int64_t frames = 0, looked = 0, faces = 0, ownPose = 0, eyes = 0, gazes = 0, units = 0;
    } m_counts;
};

} // namespace fw
