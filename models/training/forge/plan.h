// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "forge/draw.h"

#include <QJsonObject>

#include <optional>
#include <vector>

namespace fw {

enum class Source { CopyMove, OtherPicture, Inpaint };
enum class Edge { Hard, Feather, Poisson };
enum class Interpolation { Linear, Cubic, Lanczos };

/// What happens to forgery and twin alike after the paste.
struct PostProcessing
{
    double blurSigma = 0.0;  ///< px; 0 = none
    double noiseSigma = 0.0; ///< grey levels
    int medianSize = 0;      ///< 3 or 5; 0 = none
    double sharpen = 0.0;    ///< amount of unsharp masking
};

/// The last save.
struct LastSave
{
    bool jpeg = true;
    int quality = 90;
    double scale = 1.0; ///< of the picture before the save
};

/// Everything that one forgery does, drawn once and written beside it.
struct ForgeryPlan
{
    std::uint64_t seed = 0;
    Source source = Source::OtherPicture;
    std::vector<cv::Point2f> outline;       ///< host px
    std::optional<int> donorQuality;        ///< of an earlier save of the donor; none = never saved
    cv::Point donorGrid;                    ///< 0..7: where the donor's block grid starts, px
    double scale = 1.0, rotation = 0.0, shear = 0.0; ///< radians, tangent
    cv::Point2f from;                       ///< centre of what is taken, donor px
    Interpolation interpolation = Interpolation::Linear;
    double gain = 1.0, bias = 0.0;
    bool matchStatistics = false;           ///< the donor's mean and deviation are brought to the host's
    Edge edge = Edge::Hard;
    double featherSigma = 0.0;              ///< px
    int inpaintRadius = 3;
    bool telea = true;
    PostProcessing post;
    LastSave save;
};

/// What may be drawn. The defaults are those of the shared generator; tests narrow them.
struct ForgeryRange
{
    std::vector<Source> sources{Source::CopyMove, Source::OtherPicture, Source::Inpaint};
    double leastArea = 0.01, greatestArea = 0.25; ///< share of the host
    double identity = 0.4;                        ///< share without geometry
    double leastScale = 0.5, greatestScale = 2.0;
    double greatestRotation = 1.5707963;          ///< radians
    double greatestShear = 0.1;
    double untouched = 0.3;                       ///< share without post-processing
    double lossless = 0.2, resized = 0.1;         ///< shares of the last save
    int lowestQuality = 60, highestQuality = 98;
};

/// Draws one plan. @param host, donor  sizes, px. The same seed, range and sizes give the same plan.
ForgeryPlan drawPlan(std::uint64_t seed, const ForgeryRange &range, cv::Size host, cv::Size donor);

/// The plan as it is written beside the picture.
QJsonObject toJson(const ForgeryPlan &plan);

} // namespace fw
