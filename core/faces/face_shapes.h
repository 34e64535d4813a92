// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fw {

/// The head that is fitted to faces, as a few hundred points that move: the mean of many people, how
/// people differ (identities) and what faces do (expressions). Millimetres in head axes, as in
/// head_model.h. Point i < 68 is landmark i; point 68 + j is where jaw landmark j lies when the
/// outline of the cheek, not the bone, is what is seen; the rest fills the wireframe.
struct FaceShapes
{
    using Points = std::vector<cv::Vec3f>;
    static constexpr std::size_t kIdentities = 40;
    static constexpr std::size_t kExpressions = 53;
    static constexpr std::size_t kLandmarks = 68;
    static constexpr std::size_t kJaw = 17; ///< landmarks 0..16

    Points neutral;
    std::vector<Points> identities;  ///< 40 offsets for one standard deviation among people
    std::vector<Points> expressions; ///< 53 offsets at full strength
    /// "jawOpen", "mouthSmile_L", ...; _L is the subject's left, the eye of landmarks 42..47.
    std::vector<std::string> names;
    std::vector<cv::Vec3i> triangles; ///< the wireframe, indices of points

    /// Index of a named expression; -1 when there is none.
    int expression(std::string_view name) const;
    /// A head of this identity and expression; either list may be shorter than the model's.
    Points shape(std::span<const float> identity, std::span<const float> expression) const;

    /// Reads the file that models/training/head_model writes. Errors name the file.
    static Result<FaceShapes> load(const QString &path);
    static Result<FaceShapes> fromBytes(const QByteArray &bytes, const QString &where = {});
    QByteArray toBytes() const;
};

} // namespace fw
