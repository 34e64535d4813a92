// SPDX-License-Identifier: GPL-3.0-or-later
#include "temporal_scores.h"

#include "base/numbers.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr std::size_t kBatch = 32;
constexpr int kHidden = 4; // frames replaced at a time

cv::Mat pictureOf(const std::vector<float> &values)
{
    cv::Mat picture(kWindowFrames, kFrameValues, CV_32FC1);
    std::copy(values.begin(), values.end(), picture.ptr<float>());
    return picture;
}

/// The window with frames [from, from + kHidden) as its mean; whether they were measured stays.
cv::Mat hidden(const std::vector<float> &values, int from)
{
    cv::Mat picture = pictureOf(values);
    for (int c = 0; c + 1 < kFrameValues; ++c) {
        float sum = 0.0f;
        for (int f = 0; f < kWindowFrames; ++f)
            sum += picture.at<float>(f, c);
        for (int f = from; f < from + kHidden; ++f)
            picture.at<float>(f, c) = sum / float(kWindowFrames);
    }
    return picture;
}

Result<std::vector<NetworkOutput>> run(Network &network, const std::vector<cv::Mat> &pictures)
{
    auto outputs = network.forward(pictures);
    if (!outputs)
        return outputs;
    const std::size_t n = pictures.size();
    const bool fits = outputs->size() == 4 && (*outputs)[0].values.size() == n && (*outputs)[1].values.size() == n
        && (*outputs)[2].values.size() == n * kWindowFrames && (*outputs)[3].values.size() == n;
    if (!fits)
        return fail(Errc::BadData, u"the network of the temporal method gives another shape"_s);
    return outputs;
}

} // namespace

Result<std::vector<TemporalScore>> temporalScores(Network &network, const std::vector<MotionWindow> &windows, const std::stop_token &stop)
{
    std::vector<TemporalScore> scores;
    for (std::size_t begin = 0; begin < windows.size(); begin += kBatch) {
        const std::size_t end = std::min(windows.size(), begin + kBatch);
        std::vector<cv::Mat> pictures;
        for (std::size_t i = begin; i < end; ++i)
            pictures.push_back(pictureOf(windows[i].values));
        const auto whole = run(network, pictures);
        if (!whole)
            return Failure{whole.error()};
        for (std::size_t i = begin; i < end; ++i) {
            if (stop.stop_requested())
                return fail(Errc::Cancelled, u"stopped"_s);
            TemporalScore score{windows[i].firstRow, windows[i].lastRow};
            score.logit = double((*whole)[0].of(i - begin)[0]);
            score.spread = double((*whole)[1].of(i - begin)[0]);
            const auto attention = (*whole)[2].of(i - begin);
            std::copy(attention.begin(), attention.end(), score.attention.begin());
            score.distance = double((*whole)[3].of(i - begin)[0]);
            pictures.clear();
            for (int f = 0; f < kWindowFrames; f += kHidden)
                pictures.push_back(hidden(windows[i].values, f));
            const auto parts = run(network, pictures);
            if (!parts)
                return Failure{parts.error()};
            for (std::size_t p = 0; p < score.contribution.size(); ++p)
                score.contribution[p] = float(score.logit) - (*parts)[0].of(p)[0];
            scores.push_back(score);
        }
    }
    return scores;
}

TemporalTraces temporalTraces(const std::vector<TemporalScore> &scores, std::size_t rows)
{
    TemporalTraces traces;
    std::vector<double> count(rows, 0.0), trusted(rows, 0.0), spread(rows, 0.0);
    traces.logit.assign(rows, 0.0);
    traces.attention = traces.contribution = traces.logit;
    for (const TemporalScore &s : scores) {
        const double length = double(s.lastRow - s.firstRow + 1);
        for (std::size_t row = s.firstRow; row <= s.lastRow && row < rows; ++row) {
            const std::size_t frame = std::min<std::size_t>(kWindowFrames - 1, std::size_t(double(row - s.firstRow) * kWindowFrames / length));
            count[row] += 1.0;
            traces.attention[row] += double(s.attention[frame]) * kWindowFrames;
            traces.contribution[row] += double(s.contribution[frame / kHidden]);
            if (s.distance > 1.0)
                continue;
            trusted[row] += 1.0;
            traces.logit[row] += s.logit;
            spread[row] += s.spread;
        }
    }
    for (std::size_t row = 0; row < rows; ++row) {
        traces.attention[row] = count[row] > 0.0 ? traces.attention[row] / count[row] : kMissing;
        traces.contribution[row] = count[row] > 0.0 ? traces.contribution[row] / count[row] : kMissing;
        traces.logit[row] = trusted[row] > 0.0 ? traces.logit[row] / trusted[row] : kMissing;
        traces.low.push_back(traces.logit[row] - spread[row] / trusted[row]);
        traces.high.push_back(traces.logit[row] + spread[row] / trusted[row]);
    }
    return traces;
}

std::vector<const TemporalScore *> separateScores(const std::vector<TemporalScore> &scores)
{
    std::vector<const TemporalScore *> separate;
    for (const TemporalScore &s : scores) {
        if (separate.empty() || s.firstRow > separate.back()->lastRow)
            separate.push_back(&s);
    }
    return separate;
}

} // namespace fw
