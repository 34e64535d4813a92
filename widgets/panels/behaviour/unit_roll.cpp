// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/behaviour/unit_roll.h"

#include "paint/color_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

std::array<float, kUnitRows> rowsOf(const ActionUnits &units, UnitScale scale)
{
    const auto &from = intensities(units, scale);
    std::array<float, kUnitRows> rows;
    for (int row = 0; row < kUnitRows; ++row) {
        const auto index = intensityIndex(row);
        rows[std::size_t(row)] = index ? from[*index]
            : units.present[std::size_t(row)] ? float(kMostIntensity)
                                              : 0.0f;
    }
    return rows;
}

} // namespace

UnitRoll UnitRoll::of(const ObservationLog &log, TrackId track, UnitScale scale)
{
    UnitRoll roll;
    std::array<float, kUnitRows> unknown;
    unknown.fill(kUnknown);
    roll.m_values.assign(log.faces.size(), unknown);
    roll.m_present.assign(log.faces.size(), 0u);
    roll.m_known.assign(log.faces.size(), false);
    for (std::size_t i = 0; i < log.faces.size(); ++i) {
        if (!log.faces[i])
            continue;
        const auto face = std::ranges::find(*log.faces[i], track, &FaceObservation::track);
        if (face == log.faces[i]->end() || !face->actionUnits)
            continue;
        roll.m_values[i] = rowsOf(*face->actionUnits, scale);
        for (std::size_t row = 0; row < kUnitRows; ++row)
            roll.m_present[i] |= std::uint32_t(face->actionUnits->present[row]) << row;
        roll.m_known[i] = true;
        ++roll.m_measured;
    }
    return roll;
}

UnitRoll::Cell UnitRoll::cell(const FrameRange &frames) const
{
    Cell cell;
    cell.strongest.fill(kUnknown);
    const auto last = std::min<std::size_t>(std::size_t(std::max<FrameIndex>(0, frames.end)), m_values.size());
    for (auto i = std::size_t(std::max<FrameIndex>(0, frames.begin)); i < last; ++i) {
        if (!m_known[i])
            continue;
        cell.measured = true;
        cell.present |= m_present[i];
        for (std::size_t row = 0; row < kUnitRows; ++row) // fmax prefers a number to none
            cell.strongest[row] = std::fmax(cell.strongest[row], m_values[i][row]);
    }
    return cell;
}

std::vector<UnitRoll::Cell> UnitRoll::cells(const std::vector<FrameIndex> &columns) const
{
    std::vector<Cell> cells;
    if (columns.empty())
        return cells;
    cells.reserve(columns.size() - 1);
    for (std::size_t x = 0; x + 1 < columns.size(); ++x) {
        if (x > 0 && columns[x] == columns[x - 1] && columns[x + 1] <= columns[x] + 1)
            cells.push_back(cells.back()); // the same single frame
        else
            cells.push_back(cell({columns[x], std::max(columns[x] + 1, columns[x + 1])}));
    }
    return cells;
}

std::optional<FrameIndex> UnitRoll::strongestFrame(int row) const
{
    std::optional<FrameIndex> best;
    float most = 0.0f;
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const float value = m_values[i][std::size_t(row)];
        if (value > most) { // never for not-a-number
            most = value;
            best = FrameIndex(i);
        }
    }
    return best;
}

QImage rollImage(const std::vector<UnitRoll::Cell> &cells)
{
    QImage image(std::max<int>(1, int(cells.size())), kUnitRows, QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    std::array<QRgb, 256> colors;
    for (std::size_t i = 0; i < colors.size(); ++i)
        colors[i] = colorAt(u"viridis"_s, double(i) / 255.0).rgb();
    for (int row = 0; row < kUnitRows; ++row) {
        auto *pixels = reinterpret_cast<QRgb *>(image.scanLine(row));
        for (std::size_t x = 0; x < cells.size(); ++x) {
            const double value = double(cells[x].strongest[std::size_t(row)]);
            if (std::isfinite(value))
                pixels[x] = colors[std::size_t(std::clamp(value / kMostIntensity, 0.0, 1.0) * 255.0 + 0.5)];
        }
    }
    return image;
}

} // namespace fw
