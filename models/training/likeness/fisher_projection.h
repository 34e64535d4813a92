// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace fw::lab {

/// Samples of several people, one a row.
struct LabelledRows
{
    std::size_t width = 0;
    std::vector<float> values;
    std::vector<int> labels;

    std::size_t rows() const { return labels.size(); }
    std::span<const float> row(std::size_t i) const { return {values.data() + i * width, width}; }
};

struct Projection
{
    std::vector<float> mean;    ///< width
    std::vector<float> weights; ///< one row of `width` a coordinate
};

/// Fisher's discriminant after principal components: `coordinates` directions, each scaled so that
/// samples of one label vary by one. @param components  principal components kept before.
/// @param ridge  share of the mean variance within a label that is added to each direction: what
/// varies little among the samples at hand may vary more among others.
Projection fisherProjection(const LabelledRows &samples, int components, int coordinates, double ridge);

} // namespace fw::lab
