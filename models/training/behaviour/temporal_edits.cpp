// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/temporal_edits.h"

#include "faces/behaviour_window.h"

#include <algorithm>
#include <cmath>

namespace fw::lab {

namespace {

double uniform(double a, double b, std::mt19937_64 &random)
{
    return std::uniform_real_distribution<double>(a, b)(random);
}

void measureLips(BehaviourRow &row)
{
    row.lipGap = cv::norm(row.onHead[62] - row.onHead[66]);
    row.lipWidth = cv::norm(row.onHead[48] - row.onHead[54]);
}

/// First-order noise on points [from, to), each its own; `tau` in frames (0: independent).
void tremble(std::vector<BehaviourRow> &rows, std::size_t from, std::size_t to, double px, double tau, std::mt19937_64 &random)
{
    std::normal_distribution<double> normal;
    const double keep = tau > 0.0 ? std::exp(-1.0 / tau) : 0.0, fresh = std::sqrt(1.0 - keep * keep);
    std::vector<cv::Point2d> noise(to - from);
    std::array<double, 17> units{};
    for (cv::Point2d &n : noise)
        n = {normal(random), normal(random)};
    for (BehaviourRow &row : rows) {
        if (!row.usable)
            continue;
        for (std::size_t p = from; p < to; ++p) {
            cv::Point2d &n = noise[p - from];
            n = keep * n + fresh * cv::Point2d(normal(random), normal(random));
            row.onHead[p] += n * (px / row.eyeCorners);
        }
        // Units follow from the points: about a tenth of a step for each px of a face of 100 px.
        for (std::size_t u = 0; u < units.size(); ++u) {
            units[u] = keep * units[u] + fresh * normal(random);
            row.units[u] = std::max(0.0, row.units[u] + units[u] * 10.0 * px / row.eyeCorners);
        }
        measureLips(row);
    }
}

void takeInner(BehaviourRow &to, const BehaviourRow &from, bool mouthOnly)
{
    for (std::size_t p = mouthOnly ? 48 : 17; p < 68; ++p)
        to.onHead[p] = from.onHead[p];
    for (std::size_t u = mouthOnly ? 7 : 0; u < to.units.size() - (mouthOnly ? 1 : 0); ++u)
        to.units[u] = from.units[u];
    to.lipGap = from.lipGap;
    to.lipWidth = from.lipWidth;
    if (!mouthOnly) {
        to.openness = from.openness;
        to.gaze = from.gaze;
    }
}

} // namespace

const char *nameOf(TemporalEdit edit)
{
    switch (edit) {
    case TemporalEdit::Tremble: return "tremble";
    case TemporalEdit::Slip: return "slip";
    case TemporalEdit::Lips: return "lips";
    case TemporalEdit::Damped: return "damped";
    case TemporalEdit::Eyes: return "eyes";
    }
    return "";
}

std::vector<BehaviourRow> edited(const std::vector<BehaviourRow> &rows, std::size_t begin, std::size_t count, TemporalEdit edit,
                                 std::mt19937_64 &random)
{
    std::vector<BehaviourRow> out(rows.begin() + std::ptrdiff_t(begin), rows.begin() + std::ptrdiff_t(begin + count));
    const auto other = [&](std::size_t i, std::ptrdiff_t by) {
        return rows[std::size_t(std::clamp<std::ptrdiff_t>(std::ptrdiff_t(begin + i) + by, 0, std::ptrdiff_t(rows.size()) - 1))];
    };
    const std::ptrdiff_t sign = random() % 2 ? 1 : -1;
    switch (edit) {
    case TemporalEdit::Tremble: {
        const double taus[] = {0.0, 2.5, 12.5};
        tremble(out, 17, 68, uniform(0.3, 2.0, random), taus[random() % 3], random);
        break;
    }
    case TemporalEdit::Slip:
    case TemporalEdit::Lips: {
        const bool mouth = edit == TemporalEdit::Lips;
        const std::ptrdiff_t by = sign * std::ptrdiff_t(mouth ? 8 + random() % 60 : 3 + random() % 10);
        for (std::size_t i = 0; i < count; ++i) {
            const BehaviourRow from = other(i, by);
            if (from.usable && out[i].usable)
                takeInner(out[i], from, mouth);
        }
        tremble(out, mouth ? 48 : 17, 68, uniform(0.0, 0.6, random), 0.0, random);
        break;
    }
    case TemporalEdit::Damped: {
        const double keep = uniform(0.4, 0.8, random), share = uniform(0.5, 0.9, random);
        BehaviourRow mean = out.front();
        for (BehaviourRow &row : out) {
            if (!row.usable)
                continue;
            if (!mean.usable)
                mean = row;
            BehaviourRow slow = row;
            for (std::size_t p = 17; p < 68; ++p) {
                slow.onHead[p] = keep * mean.onHead[p] + (1.0 - keep) * row.onHead[p];
                row.onHead[p] = out.front().usable ? out.front().onHead[p] + share * (slow.onHead[p] - out.front().onHead[p]) : slow.onHead[p];
            }
            for (std::size_t u = 0; u < row.units.size(); ++u) {
                slow.units[u] = keep * mean.units[u] + (1.0 - keep) * row.units[u];
                row.units[u] = share * slow.units[u];
            }
            mean = slow;
            measureLips(row);
        }
        tremble(out, 17, 68, uniform(0.1, 0.8, random), 0.0, random);
        break;
    }
    case TemporalEdit::Eyes: {
        const std::size_t eye = random() % 2, first = eye == 0 ? 36 : 42;
        const std::ptrdiff_t by = sign * std::ptrdiff_t(2 + random() % 8);
        for (std::size_t i = 0; i < count; ++i) {
            const BehaviourRow from = other(i, by);
            if (!from.usable || !out[i].usable)
                continue;
            out[i].openness[eye] = from.openness[eye];
            out[i].gaze[eye] = from.gaze[eye];
            for (std::size_t p = first; p < first + 6; ++p)
                out[i].onHead[p] = from.onHead[p];
        }
        tremble(out, first, first + 6, uniform(0.0, 0.6, random), 0.0, random);
        break;
    }
    }
    return out;
}

void roughen(std::vector<BehaviourRow> &rows, double px, std::mt19937_64 &random)
{
    tremble(rows, 17, 68, px, 0.0, random);
}

} // namespace fw::lab
