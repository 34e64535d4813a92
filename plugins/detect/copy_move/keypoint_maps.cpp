// SPDX-License-Identifier: GPL-3.0-or-later
#include "keypoint_maps.h"

#include <opencv2/features2d.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kMostPoints = 5000;
constexpr double kWholePixels = 600'000; ///< larger pictures are searched band by band
constexpr int kBandRows = 300, kBandMargin = 64; ///< px; a band sees the margin but keeps no point of it
constexpr double kContrast = 0.02;
constexpr float kRatio = 0.6F;         ///< of a distance to the next one
constexpr int kNearest = 6;
constexpr float kLeastApart = 24.0F;   ///< px
constexpr double kTolerance = 3.0;     ///< px
constexpr std::size_t kLeastPairs = 6, kMostPointMaps = 8, kMostGuesses = 1500;
constexpr int kTile = 256;             ///< rows of the table of distances at a time

struct Pair
{
    int a = 0, b = 0;
};

cv::Point2f mapped(const cv::Matx23d &m, cv::Point2f p)
{
    return {float(m(0, 0) * p.x + m(0, 1) * p.y + m(0, 2)), float(m(1, 0) * p.x + m(1, 1) * p.y + m(1, 2))};
}

float apart(cv::Point2f a, cv::Point2f b)
{
    return std::hypot(a.x - b.x, a.y - b.y);
}

struct DescribedPoints
{
    std::vector<cv::KeyPoint> points;
    cv::Mat descriptors; ///< a row for each
};

/// The clearest key points and their descriptors. The search cannot be stopped from outside, so a large
/// picture is cut into bands that overlap.
Result<DescribedPoints> likenessPoints(const cv::Mat &grey, const std::stop_token &stop)
{
    DescribedPoints all;
    const bool whole = double(grey.total()) <= kWholePixels;
    const int rows = whole ? grey.rows : kBandRows;
    const auto sift = cv::SIFT::create(whole ? kMostPoints : kMostPoints / 2, 3, kContrast);
    for (int top = 0; top < grey.rows; top += rows) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const int bottom = std::min(top + rows, grey.rows);
        const int from = std::max(0, top - (whole ? 0 : kBandMargin)), to = std::min(grey.rows, bottom + (whole ? 0 : kBandMargin));
        std::vector<cv::KeyPoint> points;
        cv::Mat descriptors;
        sift->detectAndCompute(grey.rowRange(from, to), cv::noArray(), points, descriptors);
        for (std::size_t i = 0; i < points.size(); ++i) {
            points[i].pt.y += float(from);
            if (points[i].pt.y < float(top) || points[i].pt.y >= float(bottom))
                continue;
            all.points.push_back(points[i]);
            all.descriptors.push_back(descriptors.row(int(i)));
        }
    }
    if (all.points.size() <= std::size_t(kMostPoints) || whole)
        return all;
    std::vector<std::size_t> order(all.points.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return all.points[a].response > all.points[b].response; });
    order.resize(std::size_t(kMostPoints));
    std::sort(order.begin(), order.end());
    DescribedPoints best;
    for (const std::size_t i : order) {
        best.points.push_back(all.points[i]);
        best.descriptors.push_back(all.descriptors.row(int(i)));
    }
    return best;
}

/// Pairs whose descriptors are much nearer to each other than to the next one (generalised: a place
/// may stand more than twice).
Result<std::vector<Pair>> likePairs(const std::vector<cv::KeyPoint> &points, const cv::Mat &descriptors,
                                    const std::stop_token &stop)
{
    const int count = descriptors.rows;
    std::vector<float> power(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        power[std::size_t(i)] = float(descriptors.row(i).dot(descriptors.row(i)));
    std::vector<Pair> pairs;
    for (int begin = 0; begin < count; begin += kTile) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        const cv::Mat some = descriptors.rowRange(begin, std::min(count, begin + kTile));
        cv::Mat products;
        cv::gemm(some, descriptors, 1.0, cv::noArray(), 0.0, products, cv::GEMM_2_T);
        for (int i = begin; i < begin + some.rows; ++i) {
            std::array<std::pair<float, int>, kNearest> nearest;
            nearest.fill({1e30F, -1});
            const float *product = products.ptr<float>(i - begin);
            for (int k = 0; k < count; ++k) {
                const float squared = power[std::size_t(i)] + power[std::size_t(k)] - 2.0F * product[k];
                if (squared >= nearest.back().first || apart(points[std::size_t(i)].pt, points[std::size_t(k)].pt) < kLeastApart)
                    continue;
                nearest.back() = {squared, k};
                for (std::size_t n = kNearest - 1; n > 0 && nearest[n].first < nearest[n - 1].first; --n)
                    std::swap(nearest[n], nearest[n - 1]);
            }
            for (std::size_t n = 0; n + 1 < kNearest && nearest[n + 1].second >= 0; ++n) {
                if (std::sqrt(std::max(0.0F, nearest[n].first)) >= kRatio * std::sqrt(nearest[n + 1].first))
                    break;
                pairs.push_back({i, nearest[n].second});
            }
        }
    }
    return pairs;
}

/// The turn, scale and shift that one pair of key points names by itself.
cv::Matx23d mapOfPair(const cv::KeyPoint &a, const cv::KeyPoint &b)
{
    const double turn = (b.angle - a.angle) * std::numbers::pi / 180.0, scale = b.size / a.size;
    const double c = scale * std::cos(turn), s = scale * std::sin(turn);
    return {c, -s, b.pt.x - c * a.pt.x + s * a.pt.y, s, c, b.pt.y - s * a.pt.x - c * a.pt.y};
}

/// Pairs that a map explains, in the direction in which it does.
struct Followers
{
    std::vector<cv::Point2f> from, to;
    std::vector<std::size_t> pairs;
};

Followers followers(const cv::Matx23d &map, const std::vector<Pair> &pairs, const std::vector<cv::KeyPoint> &points,
                    double tolerance)
{
    Followers found;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const cv::Point2f a = points[std::size_t(pairs[i].a)].pt, b = points[std::size_t(pairs[i].b)].pt;
        const bool forth = apart(mapped(map, a), b) < tolerance;
        if (!forth && apart(mapped(map, b), a) >= tolerance)
            continue;
        const cv::Point2f from = forth ? a : b, to = forth ? b : a;
        found.pairs.push_back(i);
        // Points at one place with several orientations count once.
        if (std::none_of(found.from.begin(), found.from.end(), [&](cv::Point2f p) { return apart(p, from) < 1.5F; })) {
            found.from.push_back(from);
            found.to.push_back(to);
        }
    }
    return found;
}

} // namespace

std::optional<cv::Matx23d> affineBetween(const std::vector<cv::Point2f> &from, const std::vector<cv::Point2f> &to)
{
    cv::Matx33d normal = cv::Matx33d::zeros();
    cv::Matx<double, 3, 2> right = cv::Matx<double, 3, 2>::zeros();
    for (std::size_t i = 0; i < from.size(); ++i) {
        const cv::Vec3d p(from[i].x, from[i].y, 1.0);
        normal += p * p.t();
        right += p * cv::Matx<double, 1, 2>(to[i].x, to[i].y);
    }
    // The smaller spread of the points tells whether they lie on a line.
    const double n = double(from.size());
    const double xx = normal(0, 0) / n - std::pow(normal(0, 2) / n, 2), yy = normal(1, 1) / n - std::pow(normal(1, 2) / n, 2);
    const double xy = normal(0, 1) / n - normal(0, 2) * normal(1, 2) / (n * n);
    const double least = 0.5 * (xx + yy) - std::sqrt(0.25 * (xx - yy) * (xx - yy) + xy * xy);
    if (from.size() < 3 || least < 4.0)
        return std::nullopt;
    bool solved = false;
    const cv::Matx33d inverse = normal.inv(cv::DECOMP_LU, &solved);
    if (!solved)
        return std::nullopt;
    const cv::Matx<double, 3, 2> solution = inverse * right;
    return cv::Matx23d(solution(0, 0), solution(1, 0), solution(2, 0), solution(0, 1), solution(1, 1), solution(2, 1));
}

Result<std::vector<CopyMap>> keypointMaps(const cv::Mat &grey, std::stop_token stop)
{
    auto seen = likenessPoints(grey, stop);
    if (!seen)
        return Failure{seen.error()};
    const auto &[points, descriptors] = seen.value();
    std::vector<CopyMap> maps;
    if (points.size() < 2 * kLeastPairs)
        return maps;
    auto found = likePairs(points, descriptors, stop);
    if (!found)
        return Failure{found.error()};
    std::vector<Pair> pairs = std::move(found).value();
    while (pairs.size() >= kLeastPairs && maps.size() < kMostPointMaps) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"stopped"_s);
        Followers best;
        const std::size_t step = std::max<std::size_t>(1, pairs.size() / kMostGuesses);
        for (std::size_t i = 0; i < pairs.size() && !stop.stop_requested(); i += step) {
            const cv::Matx23d guess = mapOfPair(points[std::size_t(pairs[i].a)], points[std::size_t(pairs[i].b)]);
            // One pair's own orientation is rough: far points may miss by more.
            Followers some = followers(guess, pairs, points, 4.0 * kTolerance);
            if (some.from.size() > best.from.size())
                best = std::move(some);
        }
        std::optional<cv::Matx23d> map;
        for (int round = 0; round < 4 && best.from.size() >= kLeastPairs; ++round) {
            map = affineBetween(best.from, best.to);
            if (!map)
                break;
            best = followers(*map, pairs, points, round == 0 ? 2.0 * kTolerance : kTolerance);
        }
        if (best.pairs.empty() || (best.from.size() < kLeastPairs && maps.size() + 1 >= kMostPointMaps))
            break;
        if (map && best.from.size() >= kLeastPairs)
            maps.push_back({*map, best.from});
        else if (best.from.size() < kLeastPairs)
            break;
        for (std::size_t i = best.pairs.size(); i-- > 0;)
            pairs.erase(pairs.begin() + std::ptrdiff_t(best.pairs[i]));
    }
    return maps;
}

} // namespace fw
