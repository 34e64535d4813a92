// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

namespace fw {

/// Position of a frame in presentation order, counted from 0. It indexes the frame ledger.
/// A plain integer because ranges and steps are computed with it everywhere.
using FrameIndex = std::int64_t;

/// A face track inside one run; ids are never reused for another person after a loss.
enum class TrackId : int {};
constexpr int number(TrackId id) { return static_cast<int>(id); }

/// An exact fraction, as containers state time bases and rates.
struct Rational
{
    std::int64_t num = 0;
    std::int64_t den = 1;

    double toDouble() const { return den == 0 ? 0.0 : double(num) / double(den); }
    friend bool operator==(const Rational &, const Rational &) = default;
};

/// Ticks of a stream's clock. Seconds are for display and statistics only.
struct Timestamp
{
    std::int64_t ticks = 0;
    Rational timeBase{1, 1};

    double seconds() const { return double(ticks) * timeBase.toDouble(); }
    friend bool operator==(const Timestamp &, const Timestamp &) = default;
};

/// Frames [begin, end).
struct FrameRange
{
    FrameIndex begin = 0;
    FrameIndex end = 0;

    bool contains(FrameIndex i) const { return i >= begin && i < end; }
    std::int64_t length() const { return end - begin; }
    friend bool operator==(const FrameRange &, const FrameRange &) = default;
};

/// "00:01:12.480": hours, minutes, seconds and milliseconds; a minus sign in front when negative.
QString clockText(double seconds);

/// Reads "12.5", "1:12.48" or "00:01:12.480" as seconds; false when it is none of these.
bool parseClock(const QString &text, double *seconds);

} // namespace fw
