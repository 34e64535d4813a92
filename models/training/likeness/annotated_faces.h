// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faces/face.h"

#include <opencv2/core.hpp>

#include <string>
#include <vector>

namespace fw::lab {

/// A picture of a face whose 68 points and person are known.
struct AnnotatedFace
{
    cv::Mat grey; ///< CV_8UC1
    int person = 0;    ///< counted from 0 within the list
    int recording = 0; ///< pictures of one person from one video are nearly alike
    Landmarks68 points;
};

/// The rows of `points68.csv` (file,person,split,x0,y0,...) of one split; files are named
/// NAME_<recording><picture>.jpg. Pictures that cannot be
/// read are left out; empty when the file is not there.
std::vector<AnnotatedFace> annotatedFaces(const std::string &folder, const std::string &split);

} // namespace fw::lab
