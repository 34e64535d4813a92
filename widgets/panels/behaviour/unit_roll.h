// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "panels/behaviour/unit_text.h"

#include <QImage>

#include <array>
#include <vector>

namespace fw {

/// The action units of one face over the clip, packed so that an hour can be drawn at once.
class UnitRoll
{
public:
    /// One frame, or the frames of one pixel column: the strongest of each row, so that a blink
    /// that is shorter than a pixel is still seen. Not-a-number: not measured.
    struct Cell
    {
        std::array<float, kUnitRows> strongest;
        std::uint32_t present = 0; ///< bit = row; in any of the frames
        bool measured = false;
        bool isPresent(int row) const { return (present >> row) & 1u; }
    };

    static UnitRoll of(const ObservationLog &log, TrackId track, UnitScale scale);

    Cell cell(const FrameRange &frames) const;
    /// @param columns  as from framesOfColumns: one entry more than there are columns.
    std::vector<Cell> cells(const std::vector<FrameIndex> &columns) const;
    /// The first frame in which a row is strongest (AU28: present); nullopt when it never is.
    std::optional<FrameIndex> strongestFrame(int row) const;
    std::int64_t measuredFrames() const { return m_measured; }

private:
    std::vector<std::array<float, kUnitRows>> m_values; ///< by frame
    std::vector<std::uint32_t> m_present;
    std::vector<bool> m_known;
    std::int64_t m_measured = 0;
};

/// Columns times kUnitRows pixels, viridis from 0 to 5; transparent where nothing was measured.
/// A row that knows presence only is drawn in the colours of 0 and 5.
QImage rollImage(const std::vector<UnitRoll::Cell> &cells);

} // namespace fw
