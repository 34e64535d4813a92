// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"

#include <QObject>
#include <QTimer>

#include <optional>
#include <vector>

namespace fw {

/// Which numbers of an action unit are shown.
enum class UnitScale {
    OwnRest, ///< relative to this person's own rest
    Raw,     ///< as measured
};

/// One face of the clip and in how many frames what of it was measured.
struct FaceSummary
{
    TrackId track{};
    int frames = 0, withUnits = 0, withShape = 0;
    friend bool operator==(const FaceSummary &, const FaceSummary &) = default;
};

/// What the views of a person's behaviour have in common: whose face they show, and on which scale.
/// Until somebody chooses, it is the face with most measurements.
class FaceChoice : public QObject
{
    Q_OBJECT
public:
    /// @param clip  outlives this.
    explicit FaceChoice(ClipModel &clip, QObject *parent = nullptr);

    ClipModel &clip() const { return m_clip; }
    const std::vector<FaceSummary> &faces() const { return m_faces; } ///< by track
    std::optional<TrackId> shown() const; ///< nullopt: the clip has no face
    const FaceSummary *summary() const;   ///< of the shown face
    /// The shown face in a frame; nullptr when it is not there.
    const FaceObservation *faceAt(FrameIndex frame) const;
    UnitScale scale() const { return m_scale; }
    bool anyUnits() const;
    bool anyShape() const;

    /// Why nothing of a kind can be shown: what to do about it, or what stands against it.
    /// @param capability  one of fw::capability; @param what  "how each part of the face moves".
    struct Reason
    {
        QString title, text;
    };
    Reason whyEmpty(const QString &capability, const QString &what) const;

public Q_SLOTS:
    void show(fw::TrackId track);
    void showNext();
    void setScale(fw::UnitScale scale);

Q_SIGNALS:
    void changed();      ///< another face or scale
    void measured();     ///< there is more, or something else, to show; at most four times a second
    void facesChanged(); ///< the list

private:
    void rescan();

    ClipModel &m_clip;
    std::vector<FaceSummary> m_faces;
    std::optional<TrackId> m_chosen;
    UnitScale m_scale = UnitScale::OwnRest;
    QTimer m_soon;
};

/// The intensities of one scale.
const std::array<float, 17> &intensities(const ActionUnits &units, UnitScale scale);

} // namespace fw
