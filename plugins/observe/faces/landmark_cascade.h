// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "faces/alignment.h"
#include "faces/face.h"

#include <memory>
#include <vector>

namespace fw {

/// A cascade of regression trees that places 68 points on a face (Kazemi and Sullivan, CVPR 2014),
/// read from a file in the format of dlib's shape_predictor.
/// It differs from dlib's evaluation in three ways that matter for measurements: points are not
/// rounded to whole pixels, the face may be given with its roll, and the leaves are fetched ahead
/// (a prediction waits for memory more than it computes).
class LandmarkCascade
{
public:
    /// Errc::BadData when the file is damaged or does not place 68 points.
    static Result<std::shared_ptr<const LandmarkCascade>> load(const QString &path);

    /// @param grey   CV_8UC1, the whole frame.
    /// @param frame  from the unit square of the face box to pixels.
    /// Deterministic; any thread.
    Landmarks68 place(const cv::Mat &grey, const Similarity &frame) const;

    /// The frame in which the mean shape lies best on these points: the start for the next picture.
    std::optional<Similarity> frameOf(const Landmarks68 &points) const;

    /// The frame of an upright box.
    static Similarity frameOf(const cv::Rect2f &box);
    /// The upright box with the centre and the size of a frame.
    static cv::Rect2f boxOf(const Similarity &frame);

private:
    static constexpr int kNumbers = 136; ///< x and y of 68 points
    struct Split
    {
        unsigned short first, second;
        float threshold;
    };
    struct Stage
    {
        std::vector<unsigned short> anchors; ///< the point that each probe pixel is tied to
        std::vector<cv::Point2f> offsets;    ///< from the anchor, unit square
        std::vector<Split> splits;           ///< tree after tree, each in heap order
        std::vector<float> leaves;           ///< tree after tree, leaf after leaf, 136 numbers
    };
    friend class CascadeFile;

    std::vector<float> m_mean;
    std::vector<Stage> m_stages;
    int m_splitsPerTree = 0;
    int m_treesPerStage = 0;
};

} // namespace fw
