// SPDX-License-Identifier: GPL-3.0-or-later
#include "forge/blend.h"
#include "methods.h"
#include "sets.h"
#include "stats/quantile.h"
#include "thumbnail_comparison.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

/// A thumbnail as a camera or program may make it: size, reduction, sharpening, tone, quality and bars vary.
QByteArray thumbnailOf(const cv::Mat &picture, std::size_t i)
{
    const int width = i % 3 == 0 ? 256 : 160;
    cv::Mat small;
    static constexpr std::array<int, 4> kWays{cv::INTER_AREA, cv::INTER_AREA, cv::INTER_LINEAR, cv::INTER_CUBIC};
    cv::Mat source = picture;
    if (kWays[i % 4] != cv::INTER_AREA) // makers that interpolate reduce by a whole number before
        cv::resize(picture, source, {2 * width, 2 * width * picture.rows / picture.cols}, 0, 0, cv::INTER_AREA);
    cv::resize(source, small, {width, width * picture.rows / picture.cols}, 0, 0, kWays[i % 4]);
    if (i % 2 == 0) {
        cv::Mat blurred;
        cv::GaussianBlur(small, blurred, {}, 1.0);
        cv::addWeighted(small, 1.5, blurred, -0.5, 0.0, small);
    }
    if (i % 5 == 0)
        small.convertTo(small, -1, 1.08, 4.0);
    if (i % 7 == 0)
        cv::copyMakeBorder(small, small, 8, 8, 0, 0, cv::BORDER_CONSTANT);
    std::vector<uchar> bytes;
    cv::imencode(".jpg", small, bytes, {cv::IMWRITE_JPEG_QUALITY, 60 + int(i * 7 % 36)});
    return {reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size())};
}

} // namespace

void measureThumbnail()
{
    const std::vector<Photo> photos = photosBy(u"camera-natural"_s, false);
    std::vector<double> own, strange;
    int ownPlaces = 0, ownBelow = 0, strangeFound = 0, edits = 0, editsFound = 0, crops = 0, cropsFound = 0, cropsRight = 0;
    ForgeryRange range;
    range.sources = {Source::OtherPicture};
    range.leastArea = 0.03;
    range.greatestArea = 0.1;
    range.untouched = 1.0;
    for (std::size_t i = 0; i < photos.size(); i += 2) {
        const cv::Mat picture = photos[i].bgr(), other = photos[(i + photos.size() / 2) % photos.size()].bgr();
        const auto thumbnail = decodedThumbnail(thumbnailOf(picture, i)), wrong = decodedThumbnail(thumbnailOf(other, i));
        if (!thumbnail || !wrong)
            continue;
        if (const auto result = compareThumbnail(*thumbnail, picture, {})) {
            own.push_back(result->similarity);
            ownPlaces += !result->places.empty();
            ownBelow += result->fit != ThumbnailFit::Whole || result->similarity < kSameScene;
        }
        if (const auto result = compareThumbnail(*wrong, picture, {})) {
            strange.push_back(result->similarity);
            strangeFound += result->fit == ThumbnailFit::None;
        }
        ForgeryPlan plan = drawPlan(300 + i, range, picture.size(), other.size());
        const cv::Mat mask = outlineMask(plan, picture.size());
        if (const auto result = compareThumbnail(*thumbnail, pasted(picture, other, plan, mask), {})) {
            ++edits;
            editsFound += !result->places.empty() || result->fit == ThumbnailFit::None;
        }
        const double share = 0.4 + 0.1 * double(i % 5);
        const cv::Size size(int(picture.cols * share), int(picture.rows * share));
        const cv::Rect crop({int(i * 37 % std::size_t(picture.cols - size.width)), int(i * 53 % std::size_t(picture.rows - size.height))}, size);
        if (const auto result = compareThumbnail(*thumbnail, picture(crop).clone(), {})) {
            ++crops;
            cropsFound += result->fit == ThumbnailFit::PictureCrop;
            const double scale = double(result->content.width) / picture.cols;
            const cv::Rect2d truth(crop.x * scale + result->content.x, crop.y * scale + result->content.y, crop.width * scale, crop.height * scale);
            const cv::Rect2d found(result->match);
            cropsRight += (truth & found).area() > 0.9 * (truth | found).area();
        }
    }
    line(u"thumbnails made of pictures of unseen cameras (size, reduction, sharpening, tone, quality and bars vary)"_s);
    line(u"  own thumbnail: %1, similarity 5 % %2, 50 % %3; place named %4, not called the same %5"_s.arg(own.size()).arg(*quantile(own, 0.05), 0, 'f', 3)
             .arg(*quantile(own, 0.5), 0, 'f', 3).arg(ownPlaces).arg(ownBelow));
    line(u"  another picture's: %1, similarity 50 % %2, highest %3; told %4"_s.arg(strange.size()).arg(*quantile(strange, 0.5), 0, 'f', 3)
             .arg(*quantile(strange, 1.0), 0, 'f', 3).arg(strangeFound));
    line(u"  a place of 3 to 10 % pasted after the thumbnail: %1, told %2"_s.arg(edits).arg(editsFound));
    line(u"  cropped to 40 to 80 % of each side: %1, called a crop %2, box right %3"_s.arg(crops).arg(cropsFound).arg(cropsRight));
}

} // namespace fw::accuracy
