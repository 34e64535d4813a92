// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/coding.h"
#include "media/ledger.h"

#include <opencv2/core.hpp>

namespace fw {

struct ReaderOptions
{
    bool pixels = true;        ///< fill DecodedPicture::bgr
    bool hashPlanes = true;
    bool coding = false;       ///< fill motion vectors and quantisers where the codec gives them
    /// Fill CodingFrame::macroblocks where the codec gives them; one decoder thread only.
    bool macroblocks = false;
    bool luma = false;         ///< fill DecodedPicture::luma
    int threads = 1;           ///< decoder threads
};

struct DecodedPicture
{
    FrameIndex index = 0;
    LedgerEntry ledger;
    CodingFrame coding;
    cv::Mat bgr; ///< upright, CV_8UC3; a fresh buffer for every picture
    cv::Mat luma; ///< as coded (not rotated), CV_8UC1, a fresh buffer; empty for RGB pictures
};

} // namespace fw
