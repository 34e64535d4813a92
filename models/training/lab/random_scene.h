// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/noise.h"
#include "render/renderer.h"

namespace fw::lab {

/// Somebody by chance: shape from the model's first 50 modes, skin, hair, eyes.
render::Person randomPerson(render::Random &random);

/// A picture of `side` x `side` px of that person by chance: pose, expression, gaze, lens, light,
/// background. The face fills about half of the side.
/// @param backgrounds  pictures to take pieces of; drawn rooms when empty.
render::Shot randomShot(const render::FaceKit &kit, int side,
                        const std::vector<cv::Mat> &backgrounds, render::Random &random);

/// What stays the same for some pictures of one person, as in a clip.
struct Setting
{
    render::Lighting light;
    cv::Mat background;   ///< square, of the pictures' size
    double distance = 0;  ///< mm
    double corners = 0;   ///< px between the outer eye corners of a mean frontal head
};
Setting randomSetting(int side, const std::vector<cv::Mat> &backgrounds, render::Random &random);

/// A picture in a setting by chance: pose, expression, gaze. A third of the heads are turned anywhere
/// up to a profile.
/// @param atRest  a face that does nothing and looks roughly into the camera, as every clip has some.
render::Shot shotIn(const Setting &setting, const render::FaceKit &kit, bool atRest, render::Random &random);

} // namespace fw::lab
