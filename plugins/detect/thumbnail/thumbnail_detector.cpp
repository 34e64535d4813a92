// SPDX-License-Identifier: GPL-3.0-or-later
#include "thumbnail_detector.h"

#include "detect/reference_scores.h"
#include "media/orientation.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

QString qualityText(const std::optional<QualityEstimate> &quality)
{
    if (!quality)
        return u"none"_s;
    return quality->distance == 0.0 ? u"standard quality %1"_s.arg(quality->quality)
                                    : u"own table, nearest quality %1"_s.arg(quality->quality);
}

constexpr double kSameShape = 0.04; ///< thumbnails are rounded to whole pixels

/// The size of the picture when its EXIF was written or renewed.
std::optional<cv::Size> declaredSize(const Metadata &metadata)
{
    const auto number = [&](const QString &key) { return metadata.value(key).value_or(QString()).toInt(); };
    const cv::Size size(number(u"Exif.Photo.PixelXDimension"_s), number(u"Exif.Photo.PixelYDimension"_s));
    return size.width > 0 && size.height > 0 ? std::optional(size) : std::nullopt;
}

QString boxText(const cv::Rect &box)
{
    return u"%1 x %2 at (%3, %4)"_s.arg(box.width).arg(box.height).arg(box.x).arg(box.y);
}

} // namespace

Result<void> ThumbnailDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_stop = job.stop;
    if (!clip.media.still)
        return fail(Errc::NotApplicable, u"frames of a video carry no thumbnail of their own"_s);
    if (!clip.metadata || clip.metadata->thumbnail.isEmpty())
        return fail(Errc::NotApplicable, u"the file embeds no thumbnail, as is usual after platforms and many programs"_s);
    m_bytes = clip.metadata->thumbnail;
    if (const auto jpeg = readJpeg(m_bytes, u"thumbnail"_s, false))
        m_quality = jpeg->lumaQuality();
    m_declaredSize = declaredSize(*clip.metadata);
    if (clip.jpeg)
        m_pictureQuality = clip.jpeg->lumaQuality();
    if (const StreamFacts *video = clip.media.video())
        m_rotation = video->rotationDegrees;
    return {};
}

cv::Rect2f ThumbnailDetector::inPicture(const cv::Rect &place, cv::Size part) const
{
    const bool swapped = m_turned && m_rotation % 180 != 0;
    const cv::Size size = swapped ? cv::Size(m_codedSize.height, m_codedSize.width) : m_codedSize;
    const float sx = float(size.width) / float(part.width), sy = float(size.height) / float(part.height);
    const cv::Rect2f box(float(place.x) * sx, float(place.y) * sy, float(place.width) * sx, float(place.height) * sy);
    return m_turned ? box : asUpright(box, m_codedSize, m_rotation);
}

void ThumbnailDetector::addMap(FrameIndex index, const ThumbnailComparison &comparison)
{
    HeatMap map;
    map.id = u"difference.frame-%1"_s.arg(index);
    map.title = u"Difference from the thumbnail"_s;
    map.unit = u"grey levels"_s;
    map.about = u"How much the picture, reduced and brought to the thumbnail's tone, differs from the embedded thumbnail. Edges differ a "
                "little in any picture; connected bright places show something else."_s;
    map.frame = index;
    map.values = m_turned ? comparison.difference : asUpright(comparison.difference, m_rotation);
    map.region = inPicture(cv::Rect({0, 0}, comparison.difference.size()), comparison.difference.size());
    map.high = 60.0;
    map.colorMap = u"magma"_s;
    m_result.measured.heatMaps.push_back(std::move(map));
}

void ThumbnailDetector::addTable(const ThumbnailComparison &comparison)
{
    Table table;
    table.id = u"thumbnail"_s;
    table.title = u"Embedded thumbnail"_s;
    table.about = u"As stored in EXIF, beside the picture."_s;
    table.columns = {{u"Fact"_s, {}}, {u"Value"_s, {}}};
    const double shape = double(comparison.content.width) / comparison.content.height;
    const double own = double(m_codedSize.width) / m_codedSize.height;
    table.rows = {QJsonArray{u"Size (px)"_s, u"%1 x %2"_s.arg(comparison.size.width).arg(comparison.size.height)},
                  QJsonArray{u"Without black bars (px)"_s, boxText(comparison.content)},
                  QJsonArray{u"Shape (width / height)"_s, shape},
                  QJsonArray{u"Shape of the picture"_s, m_turned && m_rotation % 180 != 0 ? 1.0 / own : own},
                  QJsonArray{u"Part that shows the picture (px)"_s, boxText(comparison.match)},
                  QJsonArray{u"Structural similarity of that part"_s, comparison.similarity},
                  QJsonArray{u"Luma table of the thumbnail"_s, qualityText(m_quality)},
                  QJsonArray{u"Luma table of the picture"_s, qualityText(m_pictureQuality)}};
    m_result.measured.tables.push_back(std::move(table));
}

/// A picture that was cropped far looks like an exchanged one, and lossless croppers renew the size in EXIF. What
/// remains is a picture of the stated size with the thumbnail's very shape, which a free crop seldom has.
void ThumbnailDetector::sayNothingFits(Finding &finding, const ThumbnailComparison &comparison) const
{
    const QString fact = u"The embedded thumbnail does not show what the picture shows: no part of it is similar (highest %1)."_s
                             .arg(comparison.similarity, 0, 'f', 2);
    const cv::Size turned(m_codedSize.height, m_codedSize.width);
    const bool asStated = m_declaredSize && (*m_declaredSize == m_codedSize || *m_declaredSize == turned);
    const cv::Size &own = m_turned && m_rotation % 180 != 0 ? turned : m_codedSize;
    const double shapes = double(own.width) * comparison.content.height / (double(own.height) * comparison.content.width);
    if (asStated && std::abs(shapes - 1.0) < kSameShape) {
        finding.verdict = Verdict::Suspicious;
        finding.strength = 0.5;
        finding.summary = fact + u" The picture has the thumbnail's shape and the size that its EXIF states, so a crop is not likely."_s;
        finding.supports = {u"The picture was exchanged, and thumbnail and EXIF were left as they were."_s};
        finding.against = {u"A small crop of the thumbnail's shape by a program that renews the stated size, or a strong edit of tone or "
                           "colour, can have this effect without deceit."_s};
        return;
    }
    finding.verdict = Verdict::Inconclusive;
    finding.summary = fact + u" Shape or size differ from what was stored with it: the picture was cropped to a small part or exchanged, "
                             "which cannot be told apart."_s;
}

Finding ThumbnailDetector::claim(const ThumbnailComparison &comparison) const
{
    Finding finding;
    finding.id = u"thumbnail.picture"_s;
    finding.title = u"Embedded thumbnail"_s;
    finding.limits = {u"Many programs make the thumbnail anew when they save; then it shows the edited picture and agrees."_s,
                      u"Changes smaller than about 5 px of the thumbnail are not seen."_s};
    finding.score = Score{comparison.similarity, ScoreScale::Raw, u"structural similarity of thumbnail and picture"_s, u"1"_s,
                          u"from %1 up both show the same scene; below %2, or %3 for a part of it, the picture is not found in it"_s
                              .arg(kSameScene).arg(kLeastMatch).arg(kLeastInside),
                          std::nullopt, std::nullopt};
    const QString similar = QString::number(comparison.similarity, 'f', 2);
    if (comparison.fit == ThumbnailFit::None) {
        sayNothingFits(finding, comparison);
        return finding;
    }
    if (!comparison.places.empty() && comparison.fit == ThumbnailFit::Whole) {
        finding.verdict = Verdict::Suspicious;
        finding.region = inPicture(comparison.places.front(), comparison.match.size());
        finding.strength = 0.8;
        finding.summary = u"Thumbnail and picture show the same scene, but differ in %1 place(s)."_s.arg(comparison.places.size());
        finding.supports = {u"The thumbnail was left as it was when the picture was changed; it shows what stood there before."_s};
        finding.against = {u"Fine repeated texture and strong sharpening of thumbnails can differ without any change; look at both."_s};
        return finding;
    }
    if (comparison.fit == ThumbnailFit::PictureCrop) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"The thumbnail shows more than the picture: the picture is its part of %1 px (similarity %2), so it was cropped after "
                          "the thumbnail was made."_s.arg(boxText(comparison.match), similar);
        if (!comparison.places.empty())
            finding.summary += u" %1 place(s) of it differ; found in so small a part this is not decided, look at both."_s.arg(comparison.places.size());
        return finding;
    }
    if (comparison.similarity < kSameScene) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"Thumbnail and picture are alike, but less than usual (similarity %1), without a place that stands out."_s.arg(similar);
        return finding;
    }
    finding.verdict = Verdict::Consistent;
    finding.summary = u"The embedded thumbnail shows what the picture shows (similarity %1)."_s.arg(similar);
    return finding;
}

Result<void> ThumbnailDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const auto thumbnail = decodedThumbnail(m_bytes);
    if (!thumbnail)
        return fail(Errc::NotApplicable, thumbnail.error().what);
    const cv::Mat coded = asCoded(bundle.frame->bgr, m_rotation);
    m_codedSize = coded.size();
    auto comparison = compareThumbnail(*thumbnail, coded, m_stop);
    if (comparison && comparison->similarity < kSameScene && m_rotation != 0) {
        // Some programs turn the thumbnail and leave the picture to the orientation tag.
        auto upright = compareThumbnail(*thumbnail, bundle.frame->bgr, m_stop);
        if (upright && upright->similarity > comparison->similarity) {
            comparison = std::move(upright);
            m_turned = true;
        }
    }
    if (!comparison)
        return Failure{comparison.error()};
    if (comparison->fit != ThumbnailFit::None)
        addMap(bundle.index, *comparison);
    addTable(*comparison);
    Finding finding = claim(*comparison);
    finding.keyFrame = bundle.index;
    finding.range = FrameRange{bundle.index, bundle.index + 1};
    m_result.findings.push_back(std::move(finding));
    return {};
}

Result<AnalysisResult> ThumbnailDetector::finish(const Ledger &)
{
    return stillResult(std::move(m_result));
}

} // namespace fw
