// SPDX-License-Identifier: GPL-3.0-or-later
#include "eyes_observer.h"

#include <opencv2/imgproc.hpp>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kLeastCorners = 30.0; ///< px between the outer eye corners

} // namespace

Result<void> EyesObserver::begin(const ClipFacts &clip, const JobContext &job)
{
    const auto path = job.modelPaths.find(u"eyes"_s), hash = job.modelHashes.find(u"eyes"_s);
    if (path == job.modelPaths.end() || hash == job.modelHashes.end())
        return fail(Errc::NotFound, u"the eye network is missing"_s, u"eyes"_s);
    auto network = EyeNetwork::load(path->second, hash->second);
    if (!network)
        return Failure{network.error()};
    m_network = std::move(*network);
    m_camera = Camera::assumed(clip.width, clip.height);
    if (job.choice(u"gazeFrom"_s) != u"both"_s)
        return {};
    const auto gaze = job.modelPaths.find(u"gaze"_s), gazeHash = job.modelHashes.find(u"gaze"_s);
    if (gaze == job.modelPaths.end() || gazeHash == job.modelHashes.end())
        return fail(Errc::NotFound, u"the reader of gaze is missing"_s, u"gaze"_s);
    auto reader = GazeReader::load(gaze->second, gazeHash->second);
    if (!reader)
        return Failure{reader.error()};
    m_network->setGazeReader(std::move(*reader));
    return {};
}

Result<void> EyesObserver::frame(const FrameBundle &bundle, Observations &add)
{
    if (!bundle.frame || bundle.frame->bgr.empty())
        return fail(Errc::BadData, u"a frame without pixels"_s);
    if (!bundle.observed.faces)
        return {};
    FaceObservations faces;
    for (const FaceObservation &face : *bundle.observed.faces) {
        if (face.landmarks && eyeCornerDistance(*face.landmarks) >= kLeastCorners)
            faces.push_back(face);
    }
    if (!faces.empty()) {
        cv::Mat grey;
        cv::cvtColor(bundle.frame->bgr, grey, cv::COLOR_BGR2GRAY);
        std::vector<EyeRequest> requests;
        for (const FaceObservation &face : faces) {
            requests.push_back({&face, Eye::ImageLeft});
            requests.push_back({&face, Eye::ImageRight});
        }
        const auto eyes = m_network->read(grey, m_camera, requests);
        if (!eyes)
            return Failure{eyes.error()};
        for (std::size_t i = 0; i < faces.size(); ++i) {
            faces[i].eyeImageLeft = (*eyes)[2 * i];
            faces[i].eyeImageRight = (*eyes)[2 * i + 1];
        }
    }
    m_report.add(bundle.index, faces);
    add.faces = std::move(faces);
    return {};
}

Result<Measurements> EyesObserver::finish(const Ledger &)
{
    return m_report.finish();
}

} // namespace fw
