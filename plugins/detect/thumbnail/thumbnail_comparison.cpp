// SPDX-License-Identifier: GPL-3.0-or-later
#include "thumbnail_comparison.h"

#include "photo/regions.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kMostSide = 1024, kLeastSide = 48;
constexpr double kSmallestScale = 0.35; ///< of the picture in the thumbnail
/// A place shows something else where local similarity is below this and grey levels differ by more.
constexpr double kOtherSimilarity = 0.5, kOtherLevels = 14.0;
constexpr double kLeastArea = 0.004; ///< of the compared part
/// Of width over height of a part and the picture, beside the rounding to whole pixels: nothing is squeezed.
constexpr double kMostSqueezed = 0.05, kRoundedPixels = 1.5;

cv::Mat grey(const cv::Mat &bgr)
{
    cv::Mat plane, wide;
    cv::cvtColor(bgr, plane, cv::COLOR_BGR2GRAY);
    plane.convertTo(wide, CV_32F);
    return wide;
}

/// Cameras fill a 4:3 thumbnail of a wider picture with black bars.
cv::Rect withoutBars(const cv::Mat &luma)
{
    const auto dark = [](const cv::Mat &line) {
        cv::Scalar mean, sigma;
        cv::meanStdDev(line, mean, sigma);
        return mean[0] < 16.0 && sigma[0] < 6.0;
    };
    cv::Rect content({0, 0}, luma.size());
    const int mostRows = luma.rows / 4, mostColumns = luma.cols / 4;
    int top = 0, bottom = 0, left = 0, right = 0;
    while (top < mostRows && dark(luma.row(top)))
        ++top;
    while (bottom < mostRows && dark(luma.row(luma.rows - 1 - bottom)))
        ++bottom;
    while (left < mostColumns && dark(luma.col(left)))
        ++left;
    while (right < mostColumns && dark(luma.col(luma.cols - 1 - right)))
        ++right;
    // Bars come in pairs; one dark edge is content.
    if (std::abs(top - bottom) <= 2) {
        content.y += top;
        content.height -= top + bottom;
    }
    if (std::abs(left - right) <= 2) {
        content.x += left;
        content.width -= left + right;
    }
    return content;
}

/// Structural similarity around each sample.
cv::Mat similarityMap(const cv::Mat &a, const cv::Mat &b)
{
    constexpr double kC1 = 6.5025, kC2 = 58.5225, kSigma = 1.5;
    const auto smooth = [](const cv::Mat &plane) {
        cv::Mat result;
        cv::GaussianBlur(plane, result, {11, 11}, kSigma, 0, cv::BORDER_REFLECT);
        return result;
    };
    const cv::Mat ma = smooth(a), mb = smooth(b);
    const cv::Mat va = smooth(a.mul(a)) - ma.mul(ma), vb = smooth(b.mul(b)) - mb.mul(mb), vab = smooth(a.mul(b)) - ma.mul(mb);
    const cv::Mat above = (2.0 * ma.mul(mb) + kC1).mul(2.0 * vab + kC2);
    const cv::Mat under = (ma.mul(ma) + mb.mul(mb) + kC1).mul(va + vb + kC2);
    return above / under;
}

/// The picture's tone brought to the thumbnail's by least squares: makers sharpen and brighten thumbnails.
cv::Mat fitted(const cv::Mat &from, const cv::Mat &to)
{
    cv::Scalar meanFrom, sigmaFrom, meanTo, sigmaTo;
    cv::meanStdDev(from, meanFrom, sigmaFrom);
    cv::meanStdDev(to, meanTo, sigmaTo);
    const double covariance = from.dot(to) / double(from.total()) - meanFrom[0] * meanTo[0];
    const double gain = std::clamp(covariance / std::max(1.0, sigmaFrom[0] * sigmaFrom[0]), 0.5, 2.0);
    return from * gain + (meanTo[0] - gain * meanFrom[0]);
}

struct Candidate
{
    cv::Rect part; ///< of the thumbnail
    double similarity = -1.0;
};

Candidate compared(const cv::Mat &thumb, const cv::Mat &picture, const cv::Rect &part)
{
    cv::Mat reduced;
    cv::resize(picture, reduced, part.size(), 0, 0, cv::INTER_AREA);
    const cv::Mat seen = thumb(part).clone(); // filters would look beyond a part's edge
    return {part, cv::mean(similarityMap(fitted(reduced, seen), seen))[0]};
}

bool sameShape(const cv::Rect &part, const cv::Mat &picture)
{
    const double squeezed = std::abs(std::log(double(part.width) * picture.rows / (double(part.height) * picture.cols)));
    return squeezed <= kMostSqueezed + kRoundedPixels / std::min(part.width, part.height);
}

/// Thumbnails are cut and rounded to whole pixels in many ways: the best of a few px around. No side moves
/// further, or the part would shrink to any plain surface.
Candidate refined(const cv::Mat &thumb, const cv::Mat &picture, const cv::Rect &around, std::stop_token stop)
{
    const cv::Rect all({0, 0}, thumb.size());
    const int reach = std::max(2, std::min(around.width, around.height) / 16);
    const auto strays = [&](const cv::Rect &part) {
        return std::abs(part.x - around.x) > reach || std::abs(part.y - around.y) > reach || std::abs(part.br().x - around.br().x) > reach
            || std::abs(part.br().y - around.br().y) > reach || !sameShape(part, picture);
    };
    Candidate best = compared(thumb, picture, around & all);
    for (int step = std::max(1, reach / 2); step >= 1 && !stop.stop_requested(); step = step > 1 ? step / 2 : 0) {
        for (bool better = true; better && !stop.stop_requested();) {
            better = false;
            for (int side = 0; side < 4; ++side) {
                for (const int by : {-step, step}) {
                    cv::Rect part = best.part;
                    if (side == 0) {
                        part.x += by;
                        part.width -= by;
                    } else if (side == 1) {
                        part.y += by;
                        part.height -= by;
                    } else if (side == 2) {
                        part.width += by;
                    } else {
                        part.height += by;
                    }
                    if ((part & all) != part || strays(part))
                        continue;
                    if (const Candidate now = compared(thumb, picture, part); now.similarity > best.similarity + 1e-4) {
                        best = now;
                        better = true;
                    }
                }
            }
        }
    }
    return best;
}

/// Where the picture lies inside the thumbnail, by correlation over scales.
std::optional<cv::Rect> foundInside(const cv::Mat &thumb, const cv::Mat &picture, std::stop_token stop)
{
    std::optional<cv::Rect> best;
    double highest = -1.0;
    const double fill = std::min(double(thumb.cols) / picture.cols, double(thumb.rows) / picture.rows);
    for (double scale = 1.0; scale >= kSmallestScale && !stop.stop_requested(); scale *= 0.97) {
        const cv::Size size(int(picture.cols * fill * scale), int(picture.rows * fill * scale));
        if (std::min(size.width, size.height) < 16)
            break;
        cv::Mat reduced, scores;
        cv::resize(picture, reduced, size, 0, 0, cv::INTER_AREA);
        cv::matchTemplate(thumb, reduced, scores, cv::TM_CCOEFF_NORMED);
        double score = 0.0;
        cv::Point at;
        cv::minMaxLoc(scores, nullptr, &score, nullptr, &at);
        if (score > highest) {
            highest = score;
            best = cv::Rect(at, size);
        }
    }
    return best;
}

} // namespace

Result<cv::Mat> decodedThumbnail(const QByteArray &bytes)
{
    const auto at = [&](qsizetype i) { return uchar(bytes[i]); };
    if (bytes.size() < 4 || bytes.size() > (1 << 20) || at(0) != 0xFF || at(1) != 0xD8)
        return fail(Errc::BadData, u"the embedded thumbnail is not a JPEG of usual size"_s);
    try {
        const cv::Mat raw(1, int(bytes.size()), CV_8UC1, const_cast<char *>(bytes.constData()));
        cv::Mat picture = cv::imdecode(raw, cv::IMREAD_COLOR | cv::IMREAD_IGNORE_ORIENTATION);
        if (picture.empty() || std::max(picture.cols, picture.rows) > kMostSide)
            return fail(Errc::BadData, u"the embedded thumbnail cannot be decoded"_s);
        return picture;
    } catch (const cv::Exception &error) {
        return fail(Errc::BadData, u"the embedded thumbnail cannot be decoded: %1"_s.arg(QString::fromStdString(error.err)));
    }
}

Result<ThumbnailComparison> compareThumbnail(const cv::Mat &thumbnail, const cv::Mat &picture, std::stop_token stop)
{
    if (std::min(thumbnail.cols, thumbnail.rows) < kLeastSide)
        return fail(Errc::NotApplicable, u"the embedded thumbnail is smaller than %1 px"_s.arg(kLeastSide));
    ThumbnailComparison result;
    result.size = thumbnail.size();
    const cv::Mat all = grey(thumbnail);
    result.content = withoutBars(all);
    const cv::Mat thumb = all(result.content);
    // Twice the thumbnail is fine enough to be reduced to any part of it.
    cv::Mat small = picture;
    if (const double scale = 2.0 * std::max(thumb.cols, thumb.rows) / std::max(picture.cols, picture.rows); scale < 1.0)
        cv::resize(picture, small, {}, scale, scale, cv::INTER_AREA);
    const cv::Mat luma = grey(small);
    const cv::Rect whole({0, 0}, thumb.size());
    Candidate best = sameShape(whole, luma) ? refined(thumb, luma, whole, stop) : Candidate{whole, -1.0};
    if (best.similarity >= kLeastMatch) {
        result.fit = ThumbnailFit::Whole;
    } else if (const auto inside = foundInside(thumb, luma, stop)) {
        const Candidate part = refined(thumb, luma, *inside, stop);
        if (part.similarity > best.similarity) {
            best = part;
            result.fit = part.similarity >= kLeastInside ? ThumbnailFit::PictureCrop : ThumbnailFit::None;
        }
    }
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (result.fit == ThumbnailFit::Whole && best.part.area() < 0.9 * double(thumb.total()))
        result.fit = ThumbnailFit::PictureCrop;
    result.similarity = best.similarity;
    result.match = best.part + result.content.tl();
    cv::Mat reduced;
    cv::resize(luma, reduced, best.part.size(), 0, 0, cv::INTER_AREA);
    const cv::Mat seen = thumb(best.part).clone(), tone = fitted(reduced, seen);
    cv::Mat similarity;
    cv::boxFilter(cv::abs(seen - tone), result.difference, CV_32F, {5, 5}, {-1, -1}, true, cv::BORDER_REFLECT);
    cv::boxFilter(similarityMap(tone, seen), similarity, CV_32F, {5, 5}, {-1, -1}, true, cv::BORDER_REFLECT);
    cv::Mat mask = (similarity < kOtherSimilarity) & (result.difference > kOtherLevels);
    const int least = std::max(20, int(kLeastArea * double(mask.total())));
    result.mask = withoutSmallRegions(mask, least);
    for (const MaskRegion &region : connectedRegions(result.mask, least))
        result.places.push_back(region.cells);
    return result;
}

} // namespace fw
