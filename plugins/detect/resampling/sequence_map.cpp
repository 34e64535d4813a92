// SPDX-License-Identifier: GPL-3.0-or-later
#include "sequence_map.h"

#include "photo/place_values.h"

#include <opencv2/imgproc.hpp>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kTilesAtOnce = 4;
constexpr int kStep = 128;         ///< px between tiles
constexpr int kLargeStep = 224;    ///< the same in pictures above kLarge
constexpr int kLarge = 4'000'000;  ///< px
constexpr int kGrid = 8;           ///< px
constexpr int kBorder = 12;        ///< answers from a tile's edge that count less
constexpr int kFewestTiles = 6;    ///< that tell what a place within a tile adds

/// Upper or left ends of tiles: evenly, on the grid of JPEG blocks, as in training.
std::vector<int> startsOf(int length, int step)
{
    const int last = (length - kSequenceSide) / kGrid;
    const int count = (last * kGrid + step - 1) / step + 1;
    std::vector<int> starts;
    for (int i = 0; i < count; ++i)
        starts.push_back(count == 1 ? 0 : int(std::int64_t(last) * i / (count - 1)) * kGrid);
    return starts;
}

/// What a tile's answers weigh where tiles overlap: blocks at its edge know only one side of their neighbourhood.
cv::Mat tileWeights()
{
    cv::Mat weights(kSequenceAnswers, kSequenceAnswers, CV_32FC1);
    for (int y = 0; y < kSequenceAnswers; ++y) {
        for (int x = 0; x < kSequenceAnswers; ++x) {
            const int edge = std::min({x, y, kSequenceAnswers - 1 - x, kSequenceAnswers - 1 - y});
            weights.at<float>(y, x) = float(std::min(edge + 1, kBorder)) / float(kBorder);
        }
    }
    return weights;
}

/// What a place within a tile adds whatever is there: the network has learned where pastes lie. The median over the tiles of a
/// picture, smoothed and without its mean; 0 for few tiles. @param answers  one row per tile, CV_32FC1.
cv::Mat habitOf(const cv::Mat &answers)
{
    if (answers.rows < kFewestTiles)
        return cv::Mat(kSequenceAnswers, kSequenceAnswers, CV_32FC1, cv::Scalar(0));
    cv::Mat habit;
    cv::blur(medianValues(answers).reshape(1, kSequenceAnswers), habit, cv::Size(5, 5), {-1, -1}, cv::BORDER_REPLICATE);
    return habit - cv::mean(habit)[0];
}

} // namespace

Result<cv::Mat> sequenceMap(Network &network, const SequenceInput &input, const cv::Mat &bgr, std::stop_token stop)
{
    if (std::min(bgr.cols, bgr.rows) < kSequenceSide)
        return cv::Mat();
    const int step = std::int64_t(bgr.cols) * bgr.rows > kLarge ? kLargeStep : kStep;
    std::vector<cv::Point> corners;
    for (const int y : startsOf(bgr.rows, step)) {
        for (const int x : startsOf(bgr.cols, step))
            corners.emplace_back(x, y);
    }
    cv::Mat answers(int(corners.size()), kSequenceAnswers * kSequenceAnswers, CV_32FC1);
    for (std::size_t first = 0; first < corners.size(); first += kTilesAtOnce) {
        const std::size_t count = std::min<std::size_t>(kTilesAtOnce, corners.size() - first);
        std::vector<cv::Mat> inputs;
        for (std::size_t i = 0; i < count; ++i) {
            if (stop.stop_requested())
                return fail(Errc::Cancelled, u"stopped"_s);
            inputs.push_back(input.of(bgr(cv::Rect(corners[first + i], cv::Size(kSequenceSide, kSequenceSide)))));
        }
        const auto output = network.forward(inputs);
        if (!output)
            return Failure{output.error()};
        for (std::size_t i = 0; i < count; ++i) {
            const std::span<const float> values = output->front().of(i);
            if (values.size() != std::size_t(answers.cols))
                return fail(Errc::BadData, u"a network of resampling gives other numbers than it should"_s);
            std::copy(values.begin(), values.end(), answers.ptr<float>(int(first + i)));
        }
    }
    const cv::Mat habit = habitOf(answers), weights = tileWeights();
    const cv::Size cells(bgr.cols / kSequenceCell, bgr.rows / kSequenceCell);
    cv::Mat sum(cells, CV_32FC1, cv::Scalar(0)), weight(cells, CV_32FC1, cv::Scalar(0));
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const cv::Mat tile = answers.row(int(i)).reshape(1, kSequenceAnswers);
        const cv::Rect place(corners[i] / kSequenceCell, tile.size());
        sum(place) += (tile - habit).mul(weights);
        weight(place) += weights;
    }
    // At the right and below less than a block of JPEG is left over.
    const cv::Rect seen(0, 0, (bgr.cols - kSequenceSide) / kGrid * kGrid / kSequenceCell + kSequenceAnswers,
                        (bgr.rows - kSequenceSide) / kGrid * kGrid / kSequenceCell + kSequenceAnswers);
    return cv::Mat(sum(seen) / weight(seen));
}

} // namespace fw
