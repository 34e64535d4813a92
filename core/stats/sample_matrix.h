// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace fw {

/// Samples of equal width, one a row.
struct SampleMatrix
{
    std::size_t width = 0;
    std::vector<double> values; ///< row after row

    std::size_t rows() const { return width == 0 ? 0 : values.size() / width; }
    std::span<const double> row(std::size_t i) const { return {values.data() + i * width, width}; }
    std::span<double> row(std::size_t i) { return {values.data() + i * width, width}; }
    /// Adds a sample; the first one sets the width.
    void add(std::span<const double> sample)
    {
        if (values.empty())
            width = sample.size();
        values.insert(values.end(), sample.begin(), sample.end());
    }
};

} // namespace fw
