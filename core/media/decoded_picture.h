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
    int threads = 1;           ///< decoder threads
};

struct DecodedPicture
{
    FrameIndex index = 0;
    LedgerEntry ledger;
    CodingFrame coding;
    cv::Mat bgr; ///< upright, CV_8UC3; a fresh buffer for every picture
};

} // namespace fw
