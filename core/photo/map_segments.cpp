// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/map_segments.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace fw {
namespace {

constexpr int kMostRounds = 400;
constexpr double kLeastExplained = 0.55, kMostPositive = 0.6;

} // namespace

OtsuSplit otsuSplit(const cv::Mat &map)
{
    std::array<double, 256> histogram{};
    double count = 0.0, sum = 0.0, square = 0.0;
    for (int y = 0; y < map.rows; ++y) {
        for (int x = 0; x < map.cols; ++x) {
            const int bin = std::clamp(int(map.at<float>(y, x) * 256.0f), 0, 255);
            histogram[std::size_t(bin)] += 1.0;
            count += 1.0;
            sum += bin;
            square += double(bin) * bin;
        }
    }
    OtsuSplit split;
    if (count == 0.0)
        return split;
    const double variance = square / count - (sum / count) * (sum / count);
    double below = 0.0, belowSum = 0.0, best = 0.0;
    for (int bin = 0; bin < 255; ++bin) {
        below += histogram[std::size_t(bin)];
        belowSum += bin * histogram[std::size_t(bin)];
        if (below == 0.0 || below == count)
            continue;
        const double gap = belowSum / below - (sum - belowSum) / (count - below);
        const double between = below / count * (1.0 - below / count) * gap * gap;
        if (between > best) {
            best = between;
            split.threshold = (bin + 1) / 256.0;
        }
    }
    split.explained = variance > 0.0 ? best / variance : 0.0;
    return split;
}

cv::Mat randomWalk(const cv::Mat &map, const cv::Mat &seeds, double beta, std::stop_token stop)
{
    const int w = map.cols, h = map.rows;
    const std::size_t n = std::size_t(w) * std::size_t(h);
    double largest = 1e-12;
    const auto squared = [&](int y, int x, int v, int u) {
        const double d = double(map.at<float>(y, x)) - double(map.at<float>(v, u));
        return d * d;
    };
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            if (x + 1 < w)
                largest = std::max(largest, squared(y, x, y, x + 1));
            if (y + 1 < h)
                largest = std::max(largest, squared(y, x, y + 1, x));
        }
    }
    std::vector<double> right(n, 0.0), down(n, 0.0), degree(n, 0.0), solution(n, 0.0), rest(n, 0.0), step(n, 0.0), image(n, 0.0);
    std::vector<char> open(n, 1);
    bool foreground = false, background = false;
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            const std::size_t i = std::size_t(y) * std::size_t(w) + std::size_t(x);
            if (x + 1 < w)
                right[i] = std::exp(-beta * squared(y, x, y, x + 1) / largest) + 1e-4;
            if (y + 1 < h)
                down[i] = std::exp(-beta * squared(y, x, y + 1, x) / largest) + 1e-4;
            const uchar seed = seeds.at<uchar>(y, x);
            open[i] = seed == 0;
            solution[i] = seed == 255 ? 1.0 : 0.0;
            foreground |= seed == 255;
            background |= seed == 1;
        }
    }
    const std::size_t wide = std::size_t(w);
    for (std::size_t i = 0; i < n; ++i) {
        degree[i] += right[i] + down[i];
        if (right[i] > 0.0)
            degree[i + 1] += right[i];
        if (down[i] > 0.0)
            degree[i + wide] += down[i];
    }
    const auto apply = [&](const std::vector<double> &from, std::vector<double> &to) {
        for (std::size_t i = 0; i < n; ++i)
            to[i] = degree[i] * from[i];
        for (std::size_t i = 0; i < n; ++i) {
            if (right[i] > 0.0) {
                to[i] -= right[i] * from[i + 1];
                to[i + 1] -= right[i] * from[i];
            }
            if (down[i] > 0.0) {
                to[i] -= down[i] * from[i + wide];
                to[i + wide] -= down[i] * from[i];
            }
        }
    };
    if (foreground && background) {
        apply(solution, image);
        double energy = 0.0;
        for (std::size_t i = 0; i < n; ++i) {
            rest[i] = open[i] ? -image[i] : 0.0;
            step[i] = rest[i] / degree[i];
            energy += rest[i] * step[i];
        }
        const double goal = 1e-8 * energy;
        for (int round = 0; round < kMostRounds && energy > goal && !stop.stop_requested(); ++round) {
            apply(step, image);
            double along = 0.0;
            for (std::size_t i = 0; i < n; ++i)
                along += open[i] ? step[i] * image[i] : 0.0;
            if (along <= 0.0)
                break;
            const double length = energy / along;
            double next = 0.0;
            for (std::size_t i = 0; i < n; ++i) {
                if (!open[i])
                    continue;
                solution[i] += length * step[i];
                rest[i] -= length * image[i];
                next += rest[i] * rest[i] / degree[i];
            }
            for (std::size_t i = 0; i < n; ++i)
                step[i] = open[i] ? rest[i] / degree[i] + next / energy * step[i] : 0.0;
            energy = next;
        }
    }
    cv::Mat result(h, w, CV_32FC1);
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x)
            result.at<float>(y, x) = float(std::clamp(solution[std::size_t(y) * wide + std::size_t(x)], 0.0, 1.0));
    }
    return result;
}

cv::Mat mapMask(const cv::Mat &map, std::stop_token stop)
{
    const cv::Mat nothing(map.size(), CV_8UC1, cv::Scalar(0));
    const OtsuSplit split = otsuSplit(map);
    const double above = double(cv::countNonZero(map > split.threshold)) / double(map.total());
    if (split.explained < kLeastExplained || above > kMostPositive)
        return nothing;
    cv::Mat seeds = nothing.clone();
    seeds.setTo(255, map > std::max(0.85, split.threshold + 0.15));
    seeds.setTo(1, map < std::min(0.35, split.threshold - 0.15));
    if (cv::countNonZero(seeds == 255) == 0)
        return nothing;
    return randomWalk(map, seeds, 130.0, stop) > 0.5;
}

} // namespace fw
