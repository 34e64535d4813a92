// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces_observer.h"

#include "faces/head_pose.h"

#include <opencv2/imgproc.hpp>

#include <exception>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

const QString kDetector = u"detector"_s;

Result<std::unique_ptr<FaceDetector>> detectorOf(const JobContext &job)
{
    if (job.choice(u"detector"_s) != u"hog"_s)
        return gridDetector(job.modelPaths.at(kDetector), job.modelHashes.at(kDetector));
    try {
        return hogDetector();
    } catch (const std::exception &e) {
        return fail(Errc::Plugin, QString::fromUtf8(e.what()), u"face detector"_s);
    }
}

} // namespace

Result<void> FacesObserver::begin(const ClipFacts &clip, const JobContext &job)
{
    for (const QString &model : {u"landmarks"_s, u"likeness"_s, kDetector})
        if (!job.modelPaths.contains(model) || !job.modelHashes.contains(model))
            return fail(Errc::NotFound, u"a model is missing"_s, model);
    auto landmarks = LandmarkNetwork::load(job.modelPaths.at(u"landmarks"_s), job.modelHashes.at(u"landmarks"_s));
    if (!landmarks)
        return Failure{landmarks.error()};
    auto likeness = FaceLikeness::load(job.modelPaths.at(u"likeness"_s), job.modelHashes.at(u"likeness"_s));
    if (!likeness)
        return Failure{likeness.error()};
    auto detector = detectorOf(job);
    if (!detector)
        return Failure{detector.error()};
    m_finder = std::make_unique<FaceFinder>(std::move(*detector), std::move(*landmarks), std::move(*likeness),
                                            job.integer(u"searchSide"_s));
    TrackerOptions options;
    options.searchEvery = job.integer(u"searchEvery"_s);
    options.mostFaces = job.integer(u"mostFaces"_s);
    m_mostFaces = std::size_t(options.mostFaces);
    m_still = clip.media.still;
    m_camera = Camera::assumed(clip.width, clip.height);
    m_tracker = std::make_unique<FaceTracker>(*m_finder, m_camera, options);
    return {};
}

Result<void> FacesObserver::frame(const FrameBundle &bundle, Observations &add)
{
    if (!bundle.frame || bundle.frame->bgr.empty())
        return fail(Errc::BadData, u"a frame without pixels"_s);
    try {
        cv::Mat grey;
        cv::cvtColor(bundle.frame->bgr, grey, cv::COLOR_BGR2GRAY);
        FaceObservations faces =
            m_still ? observeStill(grey) : m_tracker->next(grey, bundle.index, bundle.seconds);
        m_report.add(bundle.index, faces, m_still ? SceneWatch::Change{} : m_tracker->change());
        if (m_still || !m_tracker->undecided())
            add.faces = std::move(faces);
    } catch (const std::exception &e) {
        return fail(Errc::Plugin, QString::fromUtf8(e.what()), u"frame %1"_s.arg(bundle.index));
    }
    return {};
}

FaceObservations FacesObserver::observeStill(const cv::Mat &grey)
{
    FaceObservations out;
    for (const FaceHit &hit : m_finder->searchStill(grey)) {
        const PlacedFace face = m_finder->place(grey, hit.box);
        const auto pose = fitHeadPoseOfUnknownLens(face.points, m_camera);
        const auto fitted = pose ? std::optional(*pose) : std::nullopt;
        if (out.size() >= m_mostFaces || !looksLikeAFace(face, fitted))
            continue;
        out.push_back(observationOf(face, fitted, hit.score));
        out.back().track = TrackId(int(out.size()) - 1);
        out.back().detected = true;
    }
    return out;
}

Result<Measurements> FacesObserver::finish(const Ledger &)
{
    return m_report.finish(m_still ? std::vector<FaceGallery::Resemblance>{} : m_tracker->gallery().comeBack());
}

} // namespace fw
