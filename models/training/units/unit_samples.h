// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "eye_network.h"
#include "faces/face_shapes.h"
#include "faces/person_model.h"
#include "faces/unit_reader.h"
#include "lab/face_sample.h"
#include "lab/true_units.h"
#include "landmark_network.h"
#include "render/face_kit.h"
#include "unit_table.h"

#include <memory>
#include <vector>

namespace fw::lab {

/// Everything that measures a face up to its expression, as the program has it.
struct FaceMeter
{
    std::unique_ptr<LandmarkNetwork> landmarks;
    std::unique_ptr<EyeNetwork> eyes;
    std::shared_ptr<const FaceShapes> shapes;

    /// @param models  folder with landmarks, eyes and head. @param withGaze  the reader of gaze as well.
    static Result<FaceMeter> load(const QString &models, bool withGaze = true);
    /// Points, pose and eyes of the face in a box.
    FaceObservation measure(const cv::Mat &grey, const cv::Rect2f &box, const Camera &camera);
};

/// One drawn face as the program measures it, beside the truth.
struct UnitSample
{
    int person = 0, scene = 0;
    bool atRest = false, mirrored = false;
    double yaw = 0; ///< rad, true
    std::vector<float> evidence;
    std::array<double, 17> truth{};    ///< 0..5; NaN: not told by the drawing
    std::array<float, 17> geometry{};  ///< 0..5, by UnitTable
};

/// The camera of a sample as the program assumes it: the sample is a piece of a picture 640 px wide.
Camera assumedCamera();

/// All faces of a pack that are turned by less than 40 degrees, scene after scene. The head of each scene
/// is learnt from all of its pictures, as it is in a clip.
/// @param mirrored  each picture's mirror image as well.
std::vector<UnitSample> unitSamples(const SamplePack &pack, const render::FaceKit &kit, FaceMeter &meter, bool mirrored);

} // namespace fw::lab
