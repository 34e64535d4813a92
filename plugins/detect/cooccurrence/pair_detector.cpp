// SPDX-License-Identifier: GPL-3.0-or-later
#include "pair_detector.h"

#include "detect/reference_scores.h"
#include "photo/pair_counts.h"

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr int kLeastPixels = 128 * 128;
const QStringList kNames{u"red"_s, u"green"_s, u"blue"_s, u"red with green"_s, u"red with blue"_s, u"green with blue"_s};

/// Share of pairs whose two values differ by at most one level.
double nearDiagonal(const cv::Mat &shares)
{
    double sum = 0.0;
    for (int y = 0; y < 256; ++y) {
        for (int x = std::max(y - 1, 0); x <= std::min(y + 1, 255); ++x)
            sum += shares.at<double>(y, x);
    }
    return sum;
}

} // namespace

Result<void> PairDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_stop = job.stop;
    if (!clip.media.still)
        return fail(Errc::NotApplicable, u"the matrices were studied on still pictures, not on video"_s);
    return {};
}

Result<void> PairDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const cv::Mat &bgr = bundle.frame->bgr;
    if (int(bgr.total()) < kLeastPixels)
        return fail(Errc::NotApplicable, u"the picture has fewer than 128 x 128 px"_s);
    const auto counts = pairCounts(bgr);
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    cv::Mat channels[3];
    cv::split(bgr, channels);
    Table table;
    table.id = u"channels"_s;
    table.title = u"Pairs of values"_s;
    table.about = u"Levels without any sample between the 2 and 98 % quantiles come from contrast stretching and palettes. Neighbours that "
                  "differ by at most one level are many in smooth and denoised pictures."_s;
    table.columns = {{u"Pair"_s, {}}, {u"Empty levels"_s, {}}, {u"Differ by at most 1"_s, u"%"_s}};
    int most = 0;
    const float side = float(std::min(bgr.cols, bgr.rows)) / 3.2f;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        HeatMap map;
        map.id = u"pairs-%1.frame-%2"_s.arg(i + 1).arg(bundle.index);
        map.title = i < 3 ? u"Neighbours: %1"_s.arg(kNames[qsizetype(i)]) : u"Channels: %1"_s.arg(kNames[qsizetype(i)]);
        map.unit = u"1"_s;
        map.about = i < 3 ? u"How often two values stand beside each other (0 at the upper left; root of the share, the greatest is 1). "
                            "Drawn over a corner of the picture; it is no map of places."_s
                          : u"How often two channels have these values at the same place (0 at the upper left; root of the share, the "
                            "greatest is 1). Drawn over a corner of the picture; it is no map of places."_s;
        map.frame = bundle.index;
        map.values = pairPicture(counts[i], 256);
        map.region = cv::Rect2f(float(i % 3) * side * 1.05f, float(i / 3) * side * 1.05f, side, side);
        m_result.measured.heatMaps.push_back(std::move(map));
        const int empty = i < 3 ? emptyLevels(channels[2 - i]) : 0;
        most = std::max(most, empty);
        table.rows.push_back({kNames[qsizetype(i)], i < 3 ? QJsonValue(empty) : QJsonValue(),
                              i < 3 ? QJsonValue(QString::number(100.0 * nearDiagonal(pairShares(counts[i])), 'f', 1)) : QJsonValue()});
    }
    m_result.measured.tables.push_back(std::move(table));
    Finding finding;
    finding.id = u"cooccurrence.picture"_s;
    finding.title = u"Pairs of values"_s;
    finding.verdict = Verdict::Inconclusive;
    finding.keyFrame = bundle.index;
    finding.summary = most > kMostEmptyLevels
        ? u"A channel has %1 empty levels: its contrast was stretched or its colours were reduced, and the matrices show that above all."_s.arg(most)
        : u"The matrices are shown for comparison with pictures of known origin. They are not judged: what tells photographs from "
          "auto-encoded ones does not hold on real generators."_s;
    finding.limits = {u"Exposure, tone curve and an earlier JPEG save shape these matrices more than the source of a picture does."_s};
    m_result.findings.push_back(std::move(finding));
    return {};
}

Result<AnalysisResult> PairDetector::finish(const Ledger &)
{
    return stillResult(std::move(m_result));
}

} // namespace fw
