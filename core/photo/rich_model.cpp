// SPDX-License-Identifier: GPL-3.0-or-later
#include "photo/rich_model.h"

#include "photo/residual_codes.h"

#include <opencv2/imgproc.hpp>

#include <map>

namespace fw {
namespace {

constexpr int kTruncation = 2;
constexpr int kBorder = 3;

/// Directions joined to one residual, and which way its tuples are read.
struct Set
{
    std::vector<std::string> directions;
    bool right = true, down = true;
};
struct Plan
{
    std::string name;
    std::vector<Set> sets;
};
struct Family
{
    std::string name;
    double factor = 1.0;
    std::vector<double> steps; ///< in units of the factor; the first is that of the short model
    std::map<std::string, cv::Mat> kernels;
    std::vector<Plan> minmax;
    std::vector<Set> spam;   ///< read as they say for the first half and the other way for the second
};

/// A kernel whose samples at i steps along (dx, dy) have these weights.
cv::Mat line(const std::vector<float> &weights, int first, int dx, int dy)
{
    cv::Mat kernel(7, 7, CV_32FC1, cv::Scalar(0));
    for (int i = 0; i < int(weights.size()); ++i)
        kernel.at<float>(3 + (first + i) * dy, 3 + (first + i) * dx) = weights[std::size_t(i)];
    return kernel;
}

Set both(std::vector<std::string> d) { return {std::move(d), true, true}; }
Set right(std::vector<std::string> d) { return {std::move(d), true, false}; }
Set down(std::vector<std::string> d) { return {std::move(d), false, true}; }

std::vector<Set> turned(std::vector<Set> sets)
{
    for (Set &set : sets)
        std::swap(set.right, set.down);
    return sets;
}

Family oddOrder(const std::string &name, double factor, std::vector<double> steps, const std::vector<float> &weights, int first)
{
    Family f{name, factor, std::move(steps), {}, {}, {}};
    const std::vector<std::pair<std::string, cv::Point>> ways{{"R", {1, 0}}, {"L", {-1, 0}}, {"U", {0, -1}}, {"D", {0, 1}},
                                                              {"RU", {1, -1}}, {"LU", {-1, -1}}, {"RD", {1, 1}}, {"LD", {-1, 1}}};
    for (const auto &[way, step] : ways)
        f.kernels[way] = line(weights, first, step.x, step.y);
    const std::vector<Set> two{right({"L", "R"}), down({"U", "D"})};
    const std::vector<Set> three{right({"L", "U", "R"}), right({"R", "D", "L"}), down({"U", "R", "D"}), down({"D", "L", "U"})};
    const std::vector<Set> four{right({"R", "U", "RU", "LU"}), right({"L", "D", "LD", "RD"}), right({"R", "D", "RD", "LD"}),
                                right({"L", "U", "LU", "RU"}), down({"R", "D", "RD", "RU"}), down({"L", "U", "LU", "LD"}),
                                down({"R", "U", "RU", "RD"}), down({"L", "D", "LD", "LU"})};
    f.minmax = {{"22h", two}, {"22v", turned(two)}, {"34h", three}, {"34v", turned(three)},
                {"24", {both({"R", "U"}), both({"R", "D"}), both({"L", "U"}), both({"L", "D"})}},
                {"41", {both({"R", "L", "U", "D"})}},
                {"34", {both({"R", "U", "RU"}), both({"R", "D", "RD"}), both({"L", "U", "LU"}), both({"L", "D", "LD"})}},
                {"48h", four}, {"48v", turned(four)},
                {"54", {both({"R", "U", "RU", "LU", "RD"}), both({"R", "D", "RD", "RU", "LD"}),
                        both({"L", "D", "LD", "RD", "LU"}), both({"L", "U", "LU", "LD", "RU"})}}};
    f.spam = {right({"R"}), down({"U"})};
    return f;
}

Family secondOrder()
{
    Family f{"s2", 2.0, {1.0, 1.5, 2.0}, {}, {}, {}};
    const std::vector<float> weights{1, -2, 1};
    f.kernels = {{"H", line(weights, -1, 1, 0)}, {"V", line(weights, -1, 0, 1)}, {"D", line(weights, -1, 1, 1)}, {"M", line(weights, -1, 1, -1)}};
    const std::vector<Set> pairs{right({"H", "D"}), right({"H", "M"}), down({"V", "D"}), down({"V", "M"})};
    f.minmax = {{"21", {both({"H", "V"})}}, {"41", {both({"H", "V", "D", "M"})}}, {"32", {both({"H", "V", "D"}), both({"H", "V", "M"})}},
                {"24h", pairs}, {"24v", turned(pairs)}};
    f.spam = {right({"H"}), down({"V"})};
    return f;
}

cv::Mat inMiddle(int side, const std::vector<float> &values)
{
    cv::Mat kernel(7, 7, CV_32FC1, cv::Scalar(0));
    const int at = 3 - side / 2;
    for (int i = 0; i < int(values.size()); ++i)
        kernel.at<float>(at + i / side, at + i % side) = values[std::size_t(i)];
    return kernel;
}

const std::vector<float> kSquare3{-1, 2, -1, 2, -4, 2, -1, 2, -1};
const std::vector<float> kSquare5{-1, 2, -2, 2, -1, 2, -6, 8, -6, 2, -2, 8, -12, 8, -2, 2, -6, 8, -6, 2, -1, 2, -2, 2, -1};

Family edges(const std::string &name, double factor, int side, const std::vector<float> &square)
{
    Family f{name, factor, {1.0, 1.5, 2.0}, {}, {}, {}};
    cv::Mat kernel = inMiddle(side, std::vector<float>(square.begin(), square.begin() + side * (side / 2 + 1)));
    for (const char *way : {"U", "R", "D", "L"}) {
        f.kernels[way] = kernel.clone();
        cv::rotate(f.kernels[way], kernel, cv::ROTATE_90_CLOCKWISE);
    }
    const std::vector<Set> two{right({"U", "D"}), down({"L", "R"})};
    f.minmax = {{"22h", two}, {"22v", turned(two)}, {"24", {both({"U", "R"}), both({"R", "D"}), both({"D", "L"}), both({"L", "U"})}},
                {"41", {both({"R", "L", "U", "D"})}}};
    f.spam = {right({"U"}), right({"D"}), down({"L"}), down({"R"})};
    return f;
}

std::vector<Family> families()
{
    Family squares{"s35", 1.0, {1.0, 1.5, 2.0}, {}, {}, {}};
    squares.kernels = {{"3", inMiddle(3, kSquare3) / 4.0}, {"5", inMiddle(5, kSquare5) / 12.0}};
    return {oddOrder("s1", 1.0, {1.0, 2.0}, {-1, 1}, 0), secondOrder(), oddOrder("s3", 3.0, {1.0, 1.5, 2.0}, {1, -3, 3, -1}, -1),
            edges("s3x3", 4.0, 3, kSquare3), edges("s5x5", 12.0, 5, kSquare5), squares};
}

void count(const cv::Mat &values, bool rightwards, bool downwards, bool negative, const std::vector<int> &fold, std::vector<double> *counts)
{
    for (const bool way : {false, true}) {
        if (!(way ? downwards : rightwards))
            continue;
        const cv::Mat codes = tupleCodes(values, kTruncation, way);
        constexpr int kLast = 624; // a tuple's negative is the last code minus its code
        for (int y = 0; y < codes.rows; ++y) {
            const std::uint16_t *row = codes.ptr<std::uint16_t>(y);
            for (int x = 0; x < codes.cols; ++x)
                (*counts)[std::size_t(fold[std::size_t(negative ? kLast - row[x] : row[x])])] += 1.0;
        }
    }
}

std::vector<float> shares(const std::vector<double> &counts)
{
    double sum = 0.0;
    for (const double value : counts)
        sum += value;
    std::vector<float> result;
    for (const double value : counts)
        result.push_back(float(value / std::max(sum, 1.0)));
    return result;
}

} // namespace

std::vector<RichSubmodel> richModel(const cv::Mat &plane, bool allSteps, std::stop_token stop)
{
    if (std::min(plane.cols, plane.rows) < 16)
        return {};
    int minmaxBins = 0, spamBins = 0;
    const std::vector<int> reverse = foldedBins(kTruncation, Folding::Reverse, &minmaxBins);
    const std::vector<int> fold = foldedBins(kTruncation, Folding::Both, &spamBins);
    const cv::Rect inside(kBorder, kBorder, plane.cols - 2 * kBorder, plane.rows - 2 * kBorder);
    std::vector<RichSubmodel> model;
    for (const Family &family : families()) {
        std::map<std::string, cv::Mat> residuals;
        for (const auto &[way, kernel] : family.kernels) {
            cv::Mat filtered;
            cv::filter2D(plane, filtered, CV_32F, kernel);
            residuals[way] = filtered(inside).clone();
        }
        for (std::size_t s = 0; s < (allSteps ? family.steps.size() : 1); ++s) {
            const double step = family.steps[s] * family.factor;
            const std::string suffix = "_q" + std::to_string(s + 1);
            std::map<std::string, cv::Mat> values;
            for (const auto &[way, residual] : residuals)
                values[way] = quantised(residual, step, kTruncation);
            for (const Plan &plan : family.minmax) {
                std::vector<double> counts(std::size_t(minmaxBins), 0.0);
                for (const Set &set : plan.sets) {
                    if (stop.stop_requested())
                        return {};
                    // Quantising keeps the order, so least and greatest may be taken after it.
                    cv::Mat least = values.at(set.directions.front()).clone(), most = least.clone();
                    for (const std::string &way : set.directions) {
                        least = cv::min(least, values.at(way));
                        most = cv::max(most, values.at(way));
                    }
                    count(least, set.right, set.down, false, reverse, &counts);
                    count(most, set.right, set.down, true, reverse, &counts);
                }
                model.push_back({family.name + "_minmax" + plan.name + suffix, shares(counts)});
            }
            std::vector<double> first(std::size_t(spamBins), 0.0), second = first;
            if (family.spam.empty()) {
                count(values.at("3"), true, true, false, fold, &first);
                count(values.at("5"), true, true, false, fold, &second);
            }
            for (const Set &set : family.spam) {
                count(values.at(set.directions.front()), set.right, set.down, false, fold, &first);
                count(values.at(set.directions.front()), set.down, set.right, false, fold, &second);
            }
            first.insert(first.end(), second.begin(), second.end());
            model.push_back({family.name + "_spam" + suffix, shares(first)});
        }
    }
    return model;
}

std::vector<float> joined(const std::vector<RichSubmodel> &model)
{
    std::vector<float> values;
    for (const RichSubmodel &part : model)
        values.insert(values.end(), part.values.begin(), part.values.end());
    return values;
}

} // namespace fw
