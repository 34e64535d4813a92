// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/temporal_set.h"

#include "behaviour/source_halves.h"
#include "faces/behaviour_window.h"

#include <map>

namespace fw::lab {

namespace {

constexpr std::size_t kAround = 4; // rows before a window, for the head's first motion
constexpr double kTwinShare = 0.3; // of the manipulated windows, where the source has a twin

} // namespace

Result<std::vector<TemporalClip>> temporalClips(const QString &folder)
{
    const auto observed = accuracy::loadObservedClips(folder);
    if (!observed)
        return Failure{observed.error()};
    const std::set<QString> trained = accuracy::trainingSources(*observed);
    std::vector<TemporalClip> clips;
    for (const auto &o : *observed) {
        const Camera camera = Camera::assumed(o.width, o.height);
        std::map<TrackId, std::vector<BehaviourRow>> tracks;
        for (FrameIndex f = 0; f < FrameIndex(std::min(o.log.faces.size(), o.seconds.size())); ++f) {
            const FaceObservations *faces = o.log.facesAt(f);
            if (!faces)
                continue;
            for (const FaceObservation &face : *faces)
                tracks[face.track].push_back(behaviourRow(f, o.seconds[std::size_t(f)], face, camera));
        }
        const std::vector<BehaviourRow> *longest = nullptr;
        for (const auto &[id, rows] : tracks) {
            if (!longest || rows.size() > longest->size())
                longest = &rows;
        }
        if (!longest)
            continue;
        TemporalClip clip{o.name, o.source, o.manipulated, trained.contains(o.source), resampledRows(*longest, nullptr)};
        if (clip.rows.size() >= std::size_t(kWindowFrames) + kAround)
            clips.push_back(std::move(clip));
    }
    return clips;
}

TemporalSet::TemporalSet(const std::vector<TemporalClip> &clips)
{
    std::map<QString, Source> sources;
    for (const TemporalClip &c : clips) {
        if (c.train)
            (c.manipulated ? sources[c.source].twin : sources[c.source].genuine) = &c;
    }
    for (const auto &[name, source] : sources) {
        if (source.genuine)
            m_sources.push_back(source);
    }
}

TemporalSet::Batch TemporalSet::batch(int pairs, std::optional<TemporalEdit> without, std::mt19937_64 &random) const
{
    std::vector<std::vector<float>> windows;
    std::vector<float> targets;
    std::vector<TemporalEdit> edits;
    for (const TemporalEdit e : kTemporalEdits) {
        if (!without || e != *without)
            edits.push_back(e);
    }
    std::uniform_real_distribution<double> uniform;
    while (int(windows.size()) < 2 * pairs) {
        const Source &source = m_sources[random() % m_sources.size()];
        const auto &rows = source.genuine->rows;
        const std::size_t count = std::size_t(kWindowFrames) + kAround;
        const std::size_t begin = random() % (rows.size() - count + 1);
        std::vector<BehaviourRow> genuine(rows.begin() + std::ptrdiff_t(begin), rows.begin() + std::ptrdiff_t(begin + count));
        std::vector<BehaviourRow> other;
        if (source.twin && begin + count <= source.twin->rows.size() && uniform(random) < kTwinShare)
            other.assign(source.twin->rows.begin() + std::ptrdiff_t(begin), source.twin->rows.begin() + std::ptrdiff_t(begin + count));
        else
            other = edited(rows, begin, count, edits[random() % edits.size()], random);
        const double rough = uniform(random) < 0.5 ? 0.4 * uniform(random) : 0.0;
        if (rough > 0.0) {
            roughen(genuine, rough, random);
            roughen(other, rough, random);
        }
        auto a = windowValues(genuine, kAround), b = windowValues(other, kAround);
        if (!a || !b)
            continue;
        // Groups of values are missing now and then: expression, gaze.
        for (const auto &[from, to] : {std::pair(114, 131), std::pair(108, 114)}) {
            if (uniform(random) > 0.15)
                continue;
            for (int f = 0; f < kWindowFrames; ++f) {
                for (auto *w : {&*a, &*b})
                    std::fill(w->begin() + f * kFrameValues + from, w->begin() + f * kFrameValues + to, 0.0f);
            }
        }
        windows.push_back(std::move(*a));
        windows.push_back(std::move(*b));
        targets.push_back(0.0f);
        targets.push_back(1.0f);
    }
    return {std::move(windows), std::move(targets)};
}

std::vector<std::vector<float>> separateWindows(const std::vector<BehaviourRow> &rows)
{
    std::vector<std::vector<float>> windows;
    for (std::size_t begin = 0; begin + kWindowFrames <= rows.size(); begin += kWindowFrames) {
        if (auto values = windowValues(rows, begin))
            windows.push_back(std::move(*values));
    }
    return windows;
}

} // namespace fw::lab
