// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/coherence_clips.h"

#include "coherence_detector.h"

#include <QFileInfo>

#include <cmath>
#include <map>

namespace fw::accuracy {

Result<std::vector<CoherenceClip>> coherenceClips(const QString &folder)
{
    const auto observed = loadObservedClips(folder);
    if (!observed)
        return Failure{observed.error()};
    std::vector<CoherenceClip> clips;
    for (const ObservedClip &o : *observed) {
        const Camera camera = Camera::assumed(o.width, o.height);
        std::map<TrackId, std::vector<BehaviourRow>> tracks;
        for (FrameIndex f = 0; f < FrameIndex(o.log.faces.size()); ++f) {
            const FaceObservations *faces = o.log.facesAt(f);
            if (!faces || f >= FrameIndex(o.seconds.size()))
                continue;
            for (const FaceObservation &face : *faces) {
                if (face.landmarks && face.pose)
                    tracks[face.track].push_back(behaviourRow(f, o.seconds[std::size_t(f)], face, camera));
            }
        }
        const std::vector<BehaviourRow> *longest = nullptr;
        for (const auto &[id, rows] : tracks) {
            if (!longest || rows.size() > longest->size())
                longest = &rows;
        }
        if (!longest || longest->size() < 10 || longest->back().seconds - longest->front().seconds < 2.0)
            continue;
        CoherenceClip clip{o.name, o.set, o.source, o.person, o.manipulated, coherenceTrack(*longest), {}};
        std::vector<double> corners;
        for (const BehaviourRow &row : *longest)
            corners.push_back(row.eyeCorners);
        std::nth_element(corners.begin(), corners.begin() + std::ptrdiff_t(corners.size() / 2), corners.end());
        const double bits = 8.0 * double(QFileInfo(o.file).size()) / (double(o.width) * o.height * double(o.seconds.size()));
        clip.stratum = CoherenceStratum::of(corners[corners.size() / 2], clip.track.rate, bits);
        clips.push_back(std::move(clip));
    }
    return clips;
}

CoherenceReference referenceOf(const std::vector<const CoherenceClip *> &genuine, std::uint64_t seed)
{
    std::array<std::vector<double>, kCoherenceCount> all, seconds;
    std::array<std::map<QString, std::vector<double>>, kCoherenceCount> strata;
    for (const CoherenceClip *clip : genuine) {
        const CoherenceResult result = measureCoherence(clip->track, everything(seed));
        for (std::size_t i = 0; i < kCoherenceCount; ++i) {
            const CoherenceValue &v = result.values[i];
            if (!v.value)
                continue;
            all[i].push_back(*v.value);
            strata[i][clip->stratum.key()].push_back(*v.value);
            // A long clip does not outweigh the others: at most 60 seconds, evenly chosen.
            const std::size_t step = std::max<std::size_t>(1, v.perSecond.size() / 60);
            for (std::size_t s = 0; s < v.perSecond.size(); s += step) {
                if (std::isfinite(v.perSecond[s]))
                    seconds[i].push_back(v.perSecond[s]);
            }
        }
    }
    CoherenceReference reference;
    for (std::size_t i = 0; i < kCoherenceCount; ++i) {
        const CoherenceId id = CoherenceId(i);
        if (!all[i].empty())
            reference.addPooled(id, ReferenceValues::of(all[i]), ReferenceValues::of(seconds[i]));
        for (const auto &[key, values] : strata[i])
            reference.add(id, key, ReferenceValues::of(values));
    }
    return reference;
}

CoherenceVerdict judged(const CoherenceClip &clip, const CoherenceReference &reference, std::uint64_t seed)
{
    const CoherenceResult result = measureCoherence(clip.track, everything(seed));
    return weighCoherence(result, reference, {result.usableSeconds, 0.0, clip.stratum});
}

} // namespace fw::accuracy
