// SPDX-License-Identifier: GPL-3.0-or-later
#include "face_detector.h"
#include "faces/face_grid.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <stdexcept>

namespace fw {

namespace {

/// The log odds of a face on the scale of dlib's detector, whose threshold is 0 and whose clear faces score 1 to 2.
constexpr double kScale = 0.4, kThreshold = 0.4;
constexpr double kStep = 1.4142;  ///< between the sizes of the picture: each face is seen at three of them
constexpr int kLeastPicture = 24; ///< px: where the short side is less no smaller picture is searched

class GridDetector : public FaceDetector
{
public:
    explicit GridDetector(std::unique_ptr<Network> network)
        : m_network(std::move(network))
    {
    }

    std::vector<FaceHit> detect(const cv::Mat &grey, double leastScore) override
    {
        // The network answers for a narrow range of sizes: larger faces are found in smaller pictures.
        std::vector<GridFace> all;
        const float least = float(leastScore / kScale + kThreshold);
        cv::Mat picture = grey;
        for (double shrunk = 1.0;; shrunk *= kStep) {
            const cv::Size size(int(grey.cols / shrunk), int(grey.rows / shrunk));
            if (shrunk > 1.0) {
                if (std::min(size.width, size.height) < kLeastPicture)
                    break;
                cv::resize(picture, picture, size, 0, 0, cv::INTER_AREA);
            }
            const float x = float(grey.cols) / float(size.width), y = float(grey.rows) / float(size.height);
            for (const GridFace &face : at(picture, least))
                all.push_back({{x * face.box.x, y * face.box.y, x * face.box.width, y * face.box.height}, face.logOdds});
        }
        std::vector<FaceHit> hits;
        for (const GridFace &face : surest(std::move(all)))
            hits.push_back({face.box, kScale * (double(face.logOdds) - kThreshold)});
        return hits;
    }
    double leastSide() const override { return double(kFaceGridLeast); }
    double bestSide() const override { return 22.0; }
    double leastFace() const override { return 20.0; }
    double mostGrowth() const override { return 1.0; }
    bool isSure() const override { return false; }
    double surroundings() const override { return 0.8; }
    double searchScale() const override { return 0.75; }

private:
    std::vector<GridFace> at(const cv::Mat &grey, float leastLogOdds)
    {
        const cv::Mat input = faceGridInput(grey);
        const auto output = m_network->forward(std::span(&input, 1));
        if (!output)
            throw std::runtime_error(output.error().text().toStdString());
        return facesOfGrid(output->front().values, grey.size(), leastLogOdds);
    }

    std::unique_ptr<Network> m_network;
};

} // namespace

Result<std::unique_ptr<FaceDetector>> gridDetector(const QString &path, const QString &sha256)
{
    auto network = Network::load(path, sha256);
    if (!network)
        return Failure{network.error()};
    return std::unique_ptr<FaceDetector>(new GridDetector(std::move(*network)));
}

} // namespace fw
