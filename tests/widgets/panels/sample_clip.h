// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/clip_model.h"
#include "run/plugin_registry.h"

#include <memory>
#include <vector>

namespace fw::test {

/// A clip made of nothing: a drawn head that moves from left to right. Answers come from the event
/// loop, as the contract says.
class SampleProvider final : public FrameProvider
{
public:
    explicit SampleProvider(int frames = 1200, double rate = 25.0, bool hashed = true);

    quint64 request(FrameIndex index, bool playAhead) override;
    void requestThumbnail(FrameIndex index, int width) override;
    void cancelThumbnails() override;
    const MediaFacts &facts() const override { return m_facts; }
    const ClipClock &clock() const override { return m_clock; }

    void finishHashing();
    void grow(int frames); ///< lengthens the clip, as an index does that is still being read

    std::vector<FrameIndex> thumbnails; ///< asked for so far

private:
    FramePtr draw(FrameIndex index, int width) const;

    double m_rate;
    MediaFacts m_facts;
    ClipClock m_clock;
    quint64 m_ticket = 0;
};

inline const QString kFaces = QStringLiteral("org.framewitness.faces");
inline const QString kBlink = QStringLiteral("org.framewitness.blink");
inline const QString kPose = QStringLiteral("org.framewitness.head_pose");
inline const QString kStructure = QStringLiteral("org.framewitness.codec_structure");
inline const QString kGhost = QStringLiteral("org.framewitness.jpeg_ghost");

/// Two faces, five methods: one suspicious with a table, one consistent, one inconclusive, one that
/// is not applicable, one observer.
std::vector<MethodResult> sampleResults(int frames);
ObservationLog sampleFaces(int frames);
/// The same faces with eyes, gaze, a fitted head (its mouth open in every third second) and action
/// units: AU12 rises to 4 and is present between a quarter and a third of the clip, AU28 is present
/// there too, AU45 is 5 in every 97th frame; raw lies half a step higher.
ObservationLog withBehaviour(ObservationLog log);
Ledger sampleLedger(int frames);
std::vector<PluginEntry> samplePlugins(); ///< the methods of sampleResults and one that is refused
std::map<QString, Manifest> sampleManifests();

/// A clip with everything in it.
void fill(ClipModel &clip, int frames = 1200);

} // namespace fw::test
