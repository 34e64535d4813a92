// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "faces/camera.h"
#include "faces/face.h"
#include "faces/face_shapes.h"
#include "faces/head_model.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <span>
#include <vector>

namespace fw {

/// The landmarks of Yang, Li and Lyu (ICASSP 2019): brows, nose, mouth corners and the jaw line, 0..35,
/// 48, 54; and the same without the jaw line.
std::span<const int> wholeFacePoints();
std::span<const int> centralFacePoints();

struct OwnHeadOptions
{
    /// Standard deviation of a landmark as a share of the distance of the outer eye corners: 2 px of
    /// 129.
    double landmarkShare = 0.0155;
    int rounds = 4;
};

/// The 68 points of one person's head at rest, as landmarks say.
struct OwnHead
{
    HeadModel points{};          ///< mm, head axes
    std::vector<float> identity; ///< 40 strengths, standard deviations among people
    int views = 0;               ///< pictures that were used
    double rmsPixels = 0.0;      ///< what the fitted head leaves, over the points that were used
};

/// Fits one head to several views of it: a ridge on the strengths of the identities (each a standard
/// normal among people), a pose of its own for each view. The rigid motion of each view is projected
/// out of its equations, so that no error of a pose is taken for a shape; expressions are not fitted.
/// @param views  full-frame pixels; a view whose pose cannot be found is left out.
/// @param use    which landmarks take part.
/// @return Errc::BadData when no view is left. Deterministic; any thread.
Result<OwnHead> fitOwnHead(const FaceShapes &shapes, const Camera &camera, std::span<const Landmarks68> views,
                           std::span<const int> use, const OwnHeadOptions &options = {});

/// A person's head as it is kept in a file, with where it came from. No pixels inside.
struct HeadFile
{
    QString name;        ///< the person, as the examiner calls them
    QString madeBy;      ///< program and version
    QStringList sources; ///< "name: SHA-256" of every clip that was enrolled
    OwnHead head;
    /// Mean distance of the 68 points (mm) between heads fitted to two halves of the footage; less is
    /// better. 0 when there was one clip of few frames only.
    double halvesDifferMm = 0.0;
};

QJsonObject toJson(const HeadFile &file);
/// Untrusted input: Errc::BadData for anything but a whole and possible head.
Result<HeadFile> headFileFromJson(const QJsonObject &object, const QString &where);

/// Mean distance of the 68 points after the best rigid motion has laid one over the other, mm.
double meanDistanceMm(const HeadModel &a, const HeadModel &b);

} // namespace fw
