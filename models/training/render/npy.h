// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fw::render {

/// One array of a NumPy .npy file: element type, shape and the raw bytes, row-major.
struct NpyArray
{
    std::string type; ///< "<f2", "<f4", "<i4" or "|u1"
    std::vector<std::size_t> shape;
    std::vector<std::uint8_t> bytes;

    std::size_t count() const;
    /// The elements as floats. Only for "<f2" and "<f4", otherwise Errc::Mismatch.
    Result<std::vector<float>> floats() const;
    /// The elements as integers. Only for "<i4" and "|u1", otherwise Errc::Mismatch.
    Result<std::vector<int>> integers() const;
};

/// Reads a .npy file of format version 1 or 2, C order, one of the four types above.
/// @return Errc::Unreadable when there is no such file, Errc::BadData when it is not an array, cut
///         short or longer than its shape says, Errc::Unsupported for another type or order.
/// Any thread.
Result<NpyArray> readNpy(const std::filesystem::path &path);

/// An IEEE half float, given as its bits, as a float.
float floatFromHalf(std::uint16_t bits);

} // namespace fw::render
