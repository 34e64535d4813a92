// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/av_input_p.h"

struct SwsContext;

namespace fw::av {

struct ScalerDeleter
{
    void operator()(SwsContext *scaler) const;
};

/// SHA-256 of the decoded planes: the visible bytes of every row, planes in order, as coded. A
/// palette counts as a plane of 1024 bytes.
Sha256 hashPlanes(const AVFrame &frame);

/// What the decoder says of a picture; motion and quantisers only when they were exported.
CodingFrame codingOf(const AVFrame &frame);

/// The luma plane in 8 bits (the highest ones), as coded: no scaling, no conversion, not rotated.
/// CV_8UC1 in a buffer of its own; empty for RGB and palettes.
cv::Mat lumaOf(const AVFrame &frame);

/// Turns decoded pictures into upright BGR. Rebuilds its scaler when size or format change.
class PictureMaker
{
public:
    /// @param rotationDegrees  clockwise turn that makes the picture upright: 0, 90, 180 or 270.
    /// @param exact  rounds as a picture library does, several times slower: for stills, whose
    /// analyses look at single grey levels.
    explicit PictureMaker(int rotationDegrees, bool exact = false)
        : m_rotation(rotationDegrees)
        , m_exact(exact)
    {
    }

    /// CV_8UC3 in a fresh, continuous buffer of its own.
    Result<cv::Mat> bgr(const AVFrame &frame, const QString &path);

private:
    Result<void> prepare(const AVFrame &frame, const QString &path);

    int m_rotation = 0;
    bool m_exact = false;
    std::unique_ptr<SwsContext, ScalerDeleter> m_scaler;
    int m_width = 0, m_height = 0, m_format = -1, m_matrix = -1;
    bool m_fullRange = false;
    cv::Mat m_scratch; ///< padded rows: the scaler may write past the end of a row
};

} // namespace fw::av
