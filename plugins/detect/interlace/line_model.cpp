// SPDX-License-Identifier: GPL-3.0-or-later
#include "line_model.h"

#include "stats/quantile.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr double kElsewhere = 1.0 / 256.0; ///< density of pixels that follow no model
constexpr double kFirstSigma = 3.0, kLeastSigma = 0.3; ///< grey levels
constexpr int kMostIterations = 60;
constexpr double kSettled = 1e-4;
constexpr int kMarginRows = 4, kMarginColumns = 2;
constexpr double kLeastContrast = 1.10;
constexpr double kPartContrast = 1.05;
constexpr int kAgreeingStrips = 7, kAgreeingBands = 7; ///< of eight
constexpr double kSameSign = 0.8;
constexpr std::size_t kLeastFrames = 20;
constexpr double kNear = 0.1; ///< of each weight of a known filter
constexpr double kIndependent = 0.25; ///< share of pixels whose residuals are independent of their neighbours'

struct Known
{
    const char16_t *name;
    std::array<double, 4> weights;
};
/// Spatial weights of common filters.
constexpr std::array<Known, 3> kKnown{{
    {u"line averaging (as in yadif and most players)", {0.0, 0.5, 0.5, 0.0}},
    {u"edge-sharpening average (as in bwdif)", {-0.12, 0.62, 0.62, -0.12}},
    {u"four-line filter (as in w3fdif)", {-0.03, 0.53, 0.53, -0.03}},
}};

using Vector = cv::Vec4d;

/// Pixels of one parity, regularly thinned.
struct Samples
{
    std::vector<std::array<float, 4>> around;
    std::vector<float> value;
    std::vector<std::int8_t> strip; ///< 0..7 on the two middle lines of a block of eight, -1 elsewhere
    std::vector<std::int8_t> band;  ///< 0..7 from top to bottom
};

Samples samplesOf(const cv::Mat &luma, int parity, int most)
{
    Samples samples;
    const std::int64_t pixels = std::int64_t(luma.rows / 2) * luma.cols;
    const int step = int(std::max<std::int64_t>(1, pixels / std::max(most, 1)));
    int skip = 0;
    for (int y = kMarginRows + parity; y + kMarginRows < luma.rows; y += 2) {
        const uchar *a = luma.ptr(y - 3), *b = luma.ptr(y - 1), *c = luma.ptr(y + 1), *d = luma.ptr(y + 3);
        const uchar *here = luma.ptr(y);
        int x = kMarginColumns + skip;
        for (; x < luma.cols - kMarginColumns; x += step) {
            samples.around.push_back({float(a[x]), float(b[x]), float(c[x]), float(d[x])});
            samples.value.push_back(here[x]);
            samples.strip.push_back(std::int8_t(y % 8 == 3 || y % 8 == 4 ? 8 * x / luma.cols : -1));
            samples.band.push_back(std::int8_t(8 * y / luma.rows));
        }
        skip = x - (luma.cols - kMarginColumns);
    }
    return samples;
}

double predicted(const std::array<double, 4> &w, double a, double b, double c, double d)
{
    return w[0] * a + w[1] * b + w[2] * c + w[3] * d;
}

double belongs(double residual, double sigma)
{
    if (std::abs(residual) > 8.0 * sigma)
        return 0.0;
    const double p = std::exp(-0.5 * residual * residual / (sigma * sigma))
        / (sigma * std::sqrt(2.0 * std::numbers::pi));
    return p / (p + kElsewhere);
}

/// Weighted squares of residuals in eight parts of the picture.
struct EightParts
{
    std::array<double, 8> squares{}, weight{};
    void add(int part, double w, double residual)
    {
        squares[std::size_t(part)] += w * residual * residual;
        weight[std::size_t(part)] += w;
    }
    std::array<double, 8> sigmas() const
    {
        std::array<double, 8> sigmas;
        for (std::size_t i = 0; i < 8; ++i)
            sigmas[i] = weight[i] > 0.0 ? std::max(kLeastSigma, std::sqrt(squares[i] / weight[i])) : kLeastSigma;
        return sigmas;
    }
};

/// One step of the maximisation. @return false when the lines do not determine the weights.
bool refit(const Samples &samples, LineModel *model)
{
    cv::Matx44d normal = cv::Matx44d::zeros();
    Vector right(0, 0, 0, 0);
    double belonging = 0.0;
    std::vector<float> weights(samples.value.size());
    for (std::size_t i = 0; i < samples.value.size(); ++i) {
        const auto &x = samples.around[i];
        const double f = samples.value[i];
        const double w = belongs(f - predicted(model->weights, x[0], x[1], x[2], x[3]), model->sigma);
        belonging += w;
        weights[i] = float(w);
        for (int r = 0; r < 4; ++r) {
            for (int c = r; c < 4; ++c)
                normal(r, c) += w * x[std::size_t(r)] * x[std::size_t(c)];
            right[r] += w * x[std::size_t(r)] * f;
        }
    }
    for (int r = 0; r < 4; ++r) {
        normal(r, r) += 1e-6 * belonging; // flat pictures leave the weights open
        for (int c = 0; c < r; ++c)
            normal(r, c) = normal(c, r);
    }
    bool solved = false;
    const cv::Matx44d inverse = normal.inv(cv::DECOMP_CHOLESKY, &solved);
    if (!solved || belonging <= 0.0)
        return false;
    const Vector fresh = inverse * right;
    double squares = 0.0, weight = 0.0;
    EightParts strips, bands;
    for (std::size_t i = 0; i < samples.value.size(); ++i) {
        const auto &x = samples.around[i];
        const double f = samples.value[i];
        const double w = weights[i];
        const double r = f - (fresh[0] * x[0] + fresh[1] * x[1] + fresh[2] * x[2] + fresh[3] * x[3]);
        squares += w * r * r;
        weight += w;
        if (const int strip = samples.strip[i]; strip >= 0) {
            strips.add(strip, w, r);
            bands.add(samples.band[i], w, r);
        }
    }
    const double centralWeight = std::accumulate(strips.weight.begin(), strips.weight.end(), 0.0);
    const double centralSquares = std::accumulate(strips.squares.begin(), strips.squares.end(), 0.0);
    if (weight <= 0.0 || centralWeight <= 0.0)
        return false;
    model->stripSigma = strips.sigmas();
    model->bandSigma = bands.sigmas();
    for (int k = 0; k < 4; ++k)
        model->weights[std::size_t(k)] = fresh[k];
    model->sigma = std::max(kLeastSigma, std::sqrt(squares / weight));
    model->centralSigma = std::max(kLeastSigma, std::sqrt(centralSquares / centralWeight));
    model->followers = belonging / double(samples.value.size());
    return true;
}

const Known *nearest(const std::array<double, 4> &weights)
{
    const Known *best = nullptr;
    double least = kNear;
    for (const Known &known : kKnown) {
        double most = 0.0;
        for (std::size_t k = 0; k < 4; ++k)
            most = std::max(most, std::abs(weights[k] - known.weights[k]));
        if (most < least) {
            least = most;
            best = &known;
        }
    }
    return best;
}

} // namespace

std::optional<LineModel> fitLines(const cv::Mat &luma, int parity, int most)
{
    if (luma.rows < 4 * kMarginRows || luma.cols < 16)
        return std::nullopt;
    const Samples samples = samplesOf(luma, parity, most);
    LineModel model;
    model.weights.fill(0.25);
    model.sigma = kFirstSigma;
    for (model.iterations = 1; model.iterations <= kMostIterations; ++model.iterations) {
        const auto before = model.weights;
        if (!refit(samples, &model))
            return std::nullopt;
        double change = 0.0;
        for (std::size_t k = 0; k < 4; ++k)
            change = std::max(change, std::abs(model.weights[k] - before[k]));
        if (change < kSettled)
            break;
    }
    return model;
}

double ParityFit::contrast() const
{
    return std::log(odd.centralSigma / even.centralSigma);
}

double ParityFit::stripContrast(std::size_t strip) const
{
    return std::log(odd.stripSigma[strip] / even.stripSigma[strip]);
}

double ParityFit::bandContrast(std::size_t band) const
{
    return std::log(odd.bandSigma[band] / even.bandSigma[band]);
}

std::optional<ParityFit> fitParities(const cv::Mat &luma)
{
    const auto even = fitLines(luma, 0), odd = fitLines(luma, 1);
    if (!even || !odd)
        return std::nullopt;
    return ParityFit{*even, *odd};
}

DeinterlaceTrace judgeFits(const std::vector<int> &frames, const std::vector<ParityFit> &fits)
{
    DeinterlaceTrace trace;
    if (fits.size() < kLeastFrames) {
        trace.why = u"only %1 frames could be measured, at least %2 are needed"_s.arg(fits.size()).arg(kLeastFrames);
        return trace;
    }
    std::vector<double> contrasts, sizes;
    int neighbours = 0, flips = 0, even = 0;
    for (std::size_t i = 0; i < fits.size(); ++i) {
        const double c = fits[i].contrast();
        contrasts.push_back(c);
        sizes.push_back(std::abs(c));
        even += c > 0.0;
        if (i > 0 && frames[i] == frames[i - 1] + 1) {
            ++neighbours;
            flips += (c > 0.0) != (fits[i - 1].contrast() > 0.0);
        }
    }
    const double fixed = *median(contrasts), size = *median(sizes);
    const double count = double(fits.size());
    trace.alternating = neighbours >= 10 && flips >= kSameSign * neighbours && size > std::abs(fixed);
    trace.contrast = std::exp(trace.alternating ? size : std::abs(fixed));
    trace.parity = (trace.alternating ? contrasts.front() : fixed) > 0.0 ? 0 : 1;
    // What comes from the content differs from place to place; interpolation does not. A level edge
    // lies on one line in all strips, so bands are compared as well.
    const auto agreeing = [&](auto contrastOf) {
        int parts = 0;
        for (std::size_t part = 0; part < 8; ++part) {
            std::vector<double> values;
            for (std::size_t i = 0; i < fits.size(); ++i) {
                const double sign = (trace.alternating ? contrasts[i] : fixed) > 0.0 ? 1.0 : -1.0;
                values.push_back(sign * contrastOf(fits[i], part));
            }
            parts += *median(values) > std::log(kPartContrast);
        }
        return parts;
    };
    const int strips = agreeing([](const ParityFit &fit, std::size_t part) { return fit.stripContrast(part); });
    const int bands = agreeing([](const ParityFit &fit, std::size_t part) { return fit.bandContrast(part); });
    const bool steady = std::max<double>(even, count - even) >= kSameSign * count;
    for (std::size_t k = 0; k < 4; ++k) {
        std::vector<double> column;
        for (std::size_t i = 0; i < fits.size(); ++i) {
            const bool isEven = trace.alternating ? contrasts[i] > 0.0 : trace.parity == 0;
            column.push_back((isEven ? fits[i].even : fits[i].odd).weights[k]);
        }
        trace.weights[k] = *median(column);
    }
    const Known *known = nearest(trace.weights);
    if (known)
        trace.model = QString::fromUtf16(known->name);
    if (trace.contrast < kLeastContrast)
        trace.why = u"even and odd lines are alike (contrast %1, 1.10 is needed)"_s.arg(trace.contrast, 0, 'f', 3);
    else if (!trace.alternating && !steady)
        trace.why = u"now the even, now the odd lines are smoother, without order"_s;
    else if (strips < kAgreeingStrips)
        trace.why = u"even and odd lines differ in only %1 of 8 strips of the picture"_s.arg(strips);
    else if (bands < kAgreeingBands)
        trace.why = u"even and odd lines differ in only %1 of 8 bands of the picture"_s.arg(bands);
    else if (!known)
        trace.why = u"the smoother lines are not the mix of their neighbours that a known filter makes"_s;
    trace.usable = trace.why.isEmpty();
    return trace;
}

cv::Mat contrastMap(const cv::Mat &luma, const ParityFit &fit, int parity, int block, cv::Mat *texture)
{
    const cv::Size size((luma.cols + block - 1) / block, (luma.rows + block - 1) / block);
    std::array<cv::Mat, 2> sums{cv::Mat::zeros(size, CV_32F), cv::Mat::zeros(size, CV_32F)};
    std::array<cv::Mat, 2> counts{cv::Mat::zeros(size, CV_32F), cv::Mat::zeros(size, CV_32F)};
    cv::Mat steps = cv::Mat::zeros(size, CV_32F);
    // Both parities are measured with the weights of the interpolated one: only then is a picture
    // without interpolation alike on both.
    const auto &w = (parity == 0 ? fit.even : fit.odd).weights;
    for (int y = kMarginRows; y + kMarginRows < luma.rows; ++y) {
        const uchar *a = luma.ptr(y - 3), *b = luma.ptr(y - 1), *c = luma.ptr(y + 1), *d = luma.ptr(y + 3);
        const uchar *here = luma.ptr(y);
        const std::size_t side = (y & 1) == parity ? 0 : 1;
        auto *sum = sums[side].ptr<float>(y / block);
        auto *count = counts[side].ptr<float>(y / block);
        auto *step = steps.ptr<float>(y / block);
        for (int x = 0; x < luma.cols; ++x) {
            sum[x / block] += float(std::abs(here[x] - predicted(w, a[x], b[x], c[x], d[x])));
            count[x / block] += 1.0F;
            step[x / block] += float(std::abs(b[x] - c[x]));
        }
    }
    cv::Mat known, made, map;
    cv::divide(sums[0], cv::max(counts[0], 1.0), made);
    cv::divide(sums[1], cv::max(counts[1], 1.0), known);
    cv::divide(known + 0.1, made + 0.1, map);
    cv::log(map, map);
    if (texture)
        cv::divide(steps, cv::max(counts[0] + counts[1], 1.0), *texture);
    return map;
}

cv::Mat followMap(const cv::Mat &contrast, double rho, int block)
{
    const double count = kIndependent * block * block / 2.0;
    cv::Mat map(contrast.size(), CV_32F);
    for (int y = 0; y < map.rows; ++y) {
        for (int x = 0; x < map.cols; ++x) {
            // Mean square of the interpolated lines' residuals over that of the recorded lines.
            const double share = std::exp(-2.0 * contrast.at<float>(y, x));
            const double ratio = std::log(rho) - 0.5 * (rho * rho - 1.0) * share;
            map.at<float>(y, x) = float(1.0 / (1.0 + std::exp(std::clamp(-count * ratio, -50.0, 50.0))));
        }
    }
    return map;
}

} // namespace fw
