// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/face_choice.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr int kSoonMs = 250; ///< faces arrive in bursts while an analysis runs

} // namespace

FaceChoice::FaceChoice(ClipModel &clip, QObject *parent) : QObject(parent), m_clip(clip)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(kSoonMs);
    connect(&m_soon, &QTimer::timeout, this, &FaceChoice::rescan);
    connect(&clip, &ClipModel::observationsChanged, this, [this] {
        if (!m_soon.isActive())
            m_soon.start();
    });
    connect(&clip, &ClipModel::clipChanged, this, [this] {
        m_chosen.reset();
        rescan();
    });
    for (const auto signal : {&ClipModel::runningChanged, &ClipModel::resultsChanged, &ClipModel::manifestsChanged})
        connect(&clip, signal, this, &FaceChoice::measured);
    rescan();
}

void FaceChoice::rescan()
{
    m_soon.stop();
    std::map<TrackId, FaceSummary> found;
    for (const auto &faces : m_clip.observations().faces) {
        if (!faces)
            continue;
        for (const FaceObservation &face : *faces) {
            FaceSummary &summary = found[face.track];
            summary.track = face.track;
            ++summary.frames;
            summary.withUnits += face.actionUnits.has_value();
            summary.withShape += face.expression.has_value();
        }
    }
    const auto before = shown();
    const auto tracks = [](const std::vector<FaceSummary> &faces) {
        std::vector<TrackId> ids;
        std::ranges::transform(faces, std::back_inserter(ids), &FaceSummary::track);
        return ids;
    };
    const auto listed = tracks(m_faces);
    m_faces.clear();
    for (const auto &[track, summary] : found)
        m_faces.push_back(summary);
    if (listed != tracks(m_faces))
        Q_EMIT facesChanged();
    if (before != shown())
        Q_EMIT changed();
    Q_EMIT measured();
}

std::optional<TrackId> FaceChoice::shown() const
{
    if (m_chosen && std::ranges::find(m_faces, *m_chosen, &FaceSummary::track) != m_faces.end())
        return m_chosen;
    const auto most = std::ranges::max_element(m_faces, {}, [](const FaceSummary &face) {
        return std::pair(face.withUnits + face.withShape, face.frames);
    });
    return most == m_faces.end() ? std::nullopt : std::optional(most->track);
}

const FaceSummary *FaceChoice::summary() const
{
    const auto track = shown();
    const auto it = std::ranges::find_if(m_faces, [&](const FaceSummary &f) { return f.track == track; });
    return it == m_faces.end() ? nullptr : &*it;
}

const FaceObservation *FaceChoice::faceAt(FrameIndex frame) const
{
    const FaceObservations *faces = m_clip.observations().facesAt(frame);
    const auto track = shown();
    if (!faces || !track)
        return nullptr;
    const auto it = std::ranges::find(*faces, *track, &FaceObservation::track);
    return it == faces->end() ? nullptr : &*it;
}

bool FaceChoice::anyUnits() const
{
    return std::ranges::any_of(m_faces, [](const FaceSummary &face) { return face.withUnits > 0; });
}

bool FaceChoice::anyShape() const
{
    return std::ranges::any_of(m_faces, [](const FaceSummary &face) { return face.withShape > 0; });
}

FaceChoice::Reason FaceChoice::whyEmpty(const QString &capability, const QString &what) const
{
    if (!m_clip.provider())
        return {tr("No file is open"), tr("Open a clip with a face to see %1.").arg(what)};
    const auto &manifests = m_clip.manifests();
    const auto giver = std::ranges::find_if(manifests, [&](const auto &entry) {
        return entry.second.gives.contains(capability);
    });
    if (giver == manifests.end())
        return {tr("Not measured"), tr("No method that is installed measures %1.").arg(what)};
    const QString name = giver->second.name;
    if (m_clip.isRunning())
        return {tr("Being measured"), tr("As soon as “%1” has seen a face you see here %2.").arg(name, what)};
    const MethodResult *result = m_clip.result(giver->first);
    if (!result)
        return {tr("Not measured yet"), tr("Run “%1” (tick it under Methods, then press F5) to see %2.").arg(name, what)};
    if (result->state != RunState::Done)
        return {tr("“%1” has no result").arg(name), result->reason};
    return {tr("Nothing to show"), tr("“%1” ran and found no face that it could measure.").arg(name)};
}

void FaceChoice::show(TrackId track)
{
    if (m_chosen == track)
        return;
    const auto before = shown();
    m_chosen = track;
    if (before != shown())
        Q_EMIT changed();
}

void FaceChoice::showNext()
{
    const auto track = shown();
    const auto it = std::ranges::find_if(m_faces, [&](const FaceSummary &f) { return f.track == track; });
    if (it != m_faces.end())
        show(it + 1 == m_faces.end() ? m_faces.front().track : (it + 1)->track);
}

void FaceChoice::setScale(UnitScale scale)
{
    if (scale == m_scale)
        return;
    m_scale = scale;
    Q_EMIT changed();
}

const std::array<float, 17> &intensities(const ActionUnits &units, UnitScale scale)
{
    return scale == UnitScale::Raw ? units.raw : units.intensity;
}

} // namespace fw
