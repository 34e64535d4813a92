// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/behaviour_window.h"

#include <algorithm>
#include <cmath>

namespace fw {

namespace {

constexpr double kMostBridgedSeconds = 0.1; ///< between rows that are interpolated
// Brings the values to the order of one.
constexpr double kPointScale = 40.0, kMotionScale = 60.0, kGazeScale = 0.1, kUnitScale = 0.4, kLipScale = 10.0;

double mix(double a, double b, double part)
{
    return a + part * (b - a);
}

BehaviourRow mixed(const BehaviourRow &a, const BehaviourRow &b, double part)
{
    BehaviourRow row = a;
    row.seconds = mix(a.seconds, b.seconds, part);
    row.eyeCorners = mix(a.eyeCorners, b.eyeCorners, part);
    row.turnVector = a.turnVector + part * (b.turnVector - a.turnVector);
    row.place = a.place + part * (b.place - a.place);
    for (std::size_t p = 0; p < row.onHead.size(); ++p)
        row.onHead[p] = a.onHead[p] + part * (b.onHead[p] - a.onHead[p]);
    for (std::size_t e = 0; e < 2; ++e) {
        row.openness[e] = mix(a.openness[e], b.openness[e], part);
        row.gaze[e] = a.gaze[e] + part * (b.gaze[e] - a.gaze[e]);
    }
    for (std::size_t u = 0; u < row.units.size(); ++u)
        row.units[u] = mix(a.units[u], b.units[u], part);
    row.lipGap = mix(a.lipGap, b.lipGap, part);
    row.lipWidth = mix(a.lipWidth, b.lipWidth, part);
    return row;
}

/// 133 values of a measured frame; the head's motion is that since `before`.
void writeFrame(const BehaviourRow &row, const BehaviourRow &before, float *to)
{
    const auto put = [&to](double value) { *to++ = std::isfinite(value) ? float(value) : 0.0f; };
    for (std::size_t p = 17; p < 68; ++p) {
        put(row.onHead[p].x * kPointScale);
        put(row.onHead[p].y * kPointScale);
    }
    for (int axis = 0; axis < 3; ++axis)
        put((row.turnVector[axis] - before.turnVector[axis]) * kMotionScale);
    const double distance = cv::norm(row.place);
    for (int axis = 0; axis < 3; ++axis)
        put((row.place[axis] - before.place[axis]) / distance * kMotionScale);
    for (const cv::Vec2d &gaze : row.gaze) {
        put(gaze[0] * kGazeScale);
        put(gaze[1] * kGazeScale);
    }
    for (const double openness : row.openness)
        put(openness);
    for (const double unit : row.units)
        put(unit * kUnitScale);
    put(row.lipGap * kLipScale);
    put(row.lipWidth * kLipScale);
}

} // namespace

std::vector<BehaviourRow> resampledRows(const std::vector<BehaviourRow> &rows, std::vector<std::size_t> *origin)
{
    std::vector<BehaviourRow> out;
    if (rows.empty())
        return out;
    std::size_t at = 0;
    const double first = rows.front().seconds, last = rows.back().seconds;
    for (int i = 0; first + i / kWindowRate <= last + 1e-6; ++i) {
        const double t = first + i / kWindowRate;
        while (at + 1 < rows.size() && rows[at + 1].seconds <= t + 1e-6)
            ++at;
        const std::size_t next = std::min(at + 1, rows.size() - 1);
        const double gap = rows[next].seconds - rows[at].seconds;
        const double part = gap > 0.0 ? std::clamp((t - rows[at].seconds) / gap, 0.0, 1.0) : 0.0;
        const bool whole = part < 0.02;
        if (rows[at].usable && (whole || (rows[next].usable && gap <= kMostBridgedSeconds)))
            out.push_back(whole ? rows[at] : mixed(rows[at], rows[next], part));
        else
            out.push_back(missingBehaviourRow(rows[at].frame, t));
        if (origin)
            origin->push_back(part < 0.5 ? at : next);
    }
    return out;
}

std::optional<std::vector<float>> windowValues(const std::vector<BehaviourRow> &resampled, std::size_t begin)
{
    constexpr std::size_t kMoved = 102, kGaze = 108, kGazeEnd = 112;
    if (begin + kWindowFrames > resampled.size())
        return std::nullopt;
    std::vector<float> values(std::size_t(kWindowFrames) * kFrameValues, 0.0f);
    int missing = 0;
    const BehaviourRow *before = begin > 0 && resampled[begin - 1].usable ? &resampled[begin - 1] : nullptr;
    for (int f = 0; f < kWindowFrames; ++f) {
        const BehaviourRow &row = resampled[begin + std::size_t(f)];
        float *to = values.data() + std::ptrdiff_t(f) * kFrameValues;
        if (row.usable) {
            writeFrame(row, before ? *before : row, to);
            to[kFrameValues - 1] = 1.0f;
            before = &row;
        } else if (++missing > kMostInterpolated) {
            return std::nullopt;
        } else if (f > 0) {
            std::copy(to - kFrameValues, to - 1, to);
        }
    }
    for (std::size_t c = 0; c < kGazeEnd; c = c + 1 == kMoved ? kGaze : c + 1) {
        double sum = 0.0, n = 0.0;
        for (int f = 0; f < kWindowFrames; ++f) {
            const float *frame = values.data() + std::ptrdiff_t(f) * kFrameValues;
            sum += double(frame[c]) * double(frame[kFrameValues - 1]);
            n += double(frame[kFrameValues - 1]);
        }
        for (int f = 0; f < kWindowFrames; ++f)
            values[std::size_t(f) * kFrameValues + c] -= float(sum / n);
    }
    return values;
}

std::vector<MotionWindow> motionWindows(const std::vector<BehaviourRow> &rows)
{
    std::vector<std::size_t> origin;
    const std::vector<BehaviourRow> resampled = resampledRows(rows, &origin);
    std::vector<MotionWindow> windows;
    for (std::size_t begin = 0; begin + kWindowFrames <= resampled.size(); begin += kWindowStride) {
        if (auto values = windowValues(resampled, begin))
            windows.push_back({origin[begin], origin[begin + kWindowFrames - 1], std::move(*values)});
    }
    return windows;
}

} // namespace fw
