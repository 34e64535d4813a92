// SPDX-License-Identifier: GPL-3.0-or-later
#include "appearance_observer.h"

#include "base/numbers.h"
#include "faces/alignment.h"
#include "faces/corneal_highlights.h"
#include "faces/mouth_motion.h"
#include "faces/seam_motion.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

const QString kModel = u"likeness"_s;
constexpr double kLeastCorners = 40.0; ///< px between the outer eye corners; below, skin has no detail to follow

} // namespace

Result<void> AppearanceObserver::begin(const ClipFacts &, const JobContext &job)
{
    const auto path = job.modelPaths.find(kModel), hash = job.modelHashes.find(kModel);
    if (path == job.modelPaths.end() || hash == job.modelHashes.end())
        return fail(Errc::NotFound, u"the projection of likeness is missing"_s, kModel);
    auto likeness = FaceLikeness::load(path->second, hash->second);
    if (!likeness)
        return Failure{likeness.error()};
    m_likeness = std::move(*likeness);
    m_every = std::max(2, job.integer(u"every"_s));
    return {};
}

Result<void> AppearanceObserver::frame(const FrameBundle &bundle, Observations &add)
{
    if (!bundle.frame || bundle.frame->bgr.empty())
        return fail(Errc::BadData, u"a frame without pixels"_s);
    const bool looks = bundle.index % m_every == 0, remembers = (bundle.index + 1) % m_every == 0;
    if (!bundle.observed.faces || (!looks && !remembers))
        return {};
    std::map<TrackId, Landmarks68> points;
    FaceObservations found;
    cv::Mat grey;
    for (const FaceObservation &face : *bundle.observed.faces) {
        if (!face.landmarks || eyeCornerDistance(*face.landmarks) < kLeastCorners)
            continue;
        if (grey.empty())
            cv::cvtColor(bundle.frame->bgr, grey, cv::COLOR_BGR2GRAY);
        points[face.track] = *face.landmarks;
        const auto mark = looks ? m_likeness->of(grey, *face.landmarks) : std::nullopt;
        if (!mark)
            continue;
        FaceObservation out;
        out.track = face.track;
        out.appearance = FaceAppearance{*mark, float(kMissing), float(kMissing)};
        const auto before = m_lastPoints.find(face.track);
        const bool follows = m_lastIndex == bundle.index - 1 && before != m_lastPoints.end() && m_last.size() == grey.size();
        if (const auto flow = follows ? faceFlow(m_last, before->second, grey, *face.landmarks) : std::nullopt) {
            if (const auto seam = seamMotion(*flow, *face.landmarks)) {
                out.appearance->seamInside = seam->inside;
                out.appearance->seamAround = seam->around;
            }
            if (const auto mouth = mouthMotion(*flow, before->second, *face.landmarks)) {
                out.appearance->mouthChange = mouth->mouth;
                out.appearance->cheekChange = mouth->cheek;
            }
        }
        if (const auto highlights = highlightAgreement(grey, face))
            out.appearance->highlights = *highlights;
        Seen &seen = m_seen.try_emplace(face.track, Seen{bundle.index, bundle.index}).first->second;
        seen.last = bundle.index;
        ++seen.looks;
        seen.seams += !std::isnan(out.appearance->seamAround);
        seen.highlights += !std::isnan(out.appearance->highlights);
        seen.mouths += !std::isnan(out.appearance->mouthChange);
        found.push_back(std::move(out));
    }
    if (remembers) {
        m_last = grey;
        m_lastPoints = std::move(points);
        m_lastIndex = bundle.index;
    }
    if (!found.empty())
        add.faces = std::move(found);
    return {};
}

Result<Measurements> AppearanceObserver::finish(const Ledger &)
{
    Measurements out;
    Table table{u"looks"_s, u"Looks at faces"_s, u"How often each face was large enough to be looked at, its seam to be followed, the highlights of its eyes to be compared, and its mouth open."_s,
                {{u"Face"_s, {}, false}, {u"First frame"_s, {}, true}, {u"Last frame"_s, {}, true}, {u"Looks"_s, {}, false},
                 {u"Seams followed"_s, {}, false}, {u"Highlights compared"_s, {}, false}, {u"Open mouths"_s, {}, false}}, {}};
    for (const auto &[track, seen] : m_seen)
        table.rows.push_back({number(track) + 1, qint64(seen.first), qint64(seen.last), seen.looks, seen.seams, seen.highlights, seen.mouths});
    if (!table.rows.empty())
        out.tables.push_back(std::move(table));
    return out;
}

} // namespace fw
