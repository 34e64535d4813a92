// SPDX-License-Identifier: GPL-3.0-or-later
#include "double_jpeg_detector.h"

#include "media/orientation.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Below this gain an earlier save is seen, but single blocks say too little about it for a verdict.
constexpr double kClearGain = 0.5;

QString gridText(cv::Point shift)
{
    return u"(%1, %2)"_s.arg(shift.x).arg(shift.y);
}

QString percent(double share)
{
    return QString::number(100.0 * share, 'f', share < 0.1 ? 1 : 0) + u" %"_s;
}

QString frequencyText(int place)
{
    return place == 0 ? u"mean"_s : u"%1, %2"_s.arg(place % 8).arg(place / 8);
}

QString firstSaveText(const SameGridReading &same)
{
    if (!same.quality)
        return {};
    if (same.fitting * 2 >= same.heard)
        return u" Its steps are those of standard quality %1 in %2 of the %3 frequencies that show it."_s
            .arg(*same.quality).arg(same.fitting).arg(same.heard);
    return u" Its steps fit no standard table well; quality %1 is nearest."_s.arg(*same.quality);
}

const QString kEarlierSaveHidden =
    u"An earlier save that was finer than the last one, or at the same quality, leaves no trace that is seen here."_s;

} // namespace

Result<void> DoubleJpegDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_stop = job.stop;
    if (!clip.media.still)
        return fail(Errc::NotApplicable, u"frames of a video are not stored as JPEG"_s);
    if (!clip.jpeg)
        return fail(Errc::NotApplicable, u"the file is not a JPEG, so it holds no quantised coefficients of a last save"_s);
    m_jpeg = clip.jpeg;
    m_codedSize = {m_jpeg->width, m_jpeg->height};
    if (const StreamFacts *video = clip.media.video())
        m_rotation = video->rotationDegrees;
    return m_reference.begin(clip, job);
}

Result<void> DoubleJpegDetector::frame(const FrameBundle &)
{
    return {}; // sampling is "none"
}

cv::Rect2f DoubleJpegDetector::upright(const cv::Rect &cells, cv::Point shift) const
{
    const cv::Rect2f coded(float(shift.x + 8 * cells.x), float(shift.y + 8 * cells.y), 8.0F * float(cells.width), 8.0F * float(cells.height));
    return asUpright(coded, m_codedSize, m_rotation);
}

void DoubleJpegDetector::addMap(const QString &id, const QString &title, const QString &about, const EvidenceMap &evidence,
                                cv::Point shift)
{
    HeatMap map;
    map.id = id + u".frame-0"_s;
    map.title = title;
    map.unit = u"1"_s;
    map.about = about;
    map.values = asUpright(evidence.unlike, m_rotation);
    map.region = upright(cv::Rect({0, 0}, evidence.unlike.size()), shift);
    map.colorMap = u"magma"_s;
    m_measured.heatMaps.push_back(std::move(map));
}

void DoubleJpegDetector::addTables(const DoubleJpegReading &reading)
{
    Table bands;
    bands.id = u"first-save"_s;
    bands.title = u"Earlier save on the same grid"_s;
    bands.about = u"For each frequency (horizontal, vertical) the step of an earlier save that explains the stored coefficients "
                  "best. The gain says how much better than without one, per coefficient; below %1 a frequency is not heard."_s
                      .arg(m_limits.leastBandGain);
    bands.columns = {{u"Frequency"_s, {}}, {u"Step of the file"_s, {}}, {u"Step before"_s, {}}, {u"Share saved twice"_s, u"%"_s},
                     {u"Gain"_s, u"ln"_s}, {u"Coefficients"_s, {}}};
    for (const FirstSaveBand &band : reading.same.bands) {
        const bool heard = reading.same.seen && band.gain >= m_limits.leastBandGain;
        bands.rows.push_back(QJsonArray{frequencyText(band.place), band.secondStep, heard ? QJsonValue(band.firstStep) : QJsonValue(),
                                        heard ? QJsonValue(100.0 * band.share) : QJsonValue(), band.gain, band.nonZero});
    }
    m_measured.tables.push_back(std::move(bands));
    Table grids;
    grids.id = u"other-grids"_s;
    grids.title = u"Earlier save on other grids"_s;
    grids.about = u"The three clearest of 63 shifted block grids. Without such a save they stay below %1; grids that start at 0 in one "
                  "direction repeat the last save's steps and need %2 and a clear lead."_s.arg(m_limits.leastStrength).arg(m_limits.leastSharedStrength);
    grids.columns = {{u"Grid starts at"_s, u"px"_s}, {u"Strength"_s, {}}, {u"Steps before (mean, then lowest frequencies)"_s, {}}};
    for (const ShiftedSave &save : reading.other.saves) {
        QStringList steps;
        for (const ShiftedBand &band : save.bands)
            steps.append(band.strength > 6.0 ? QString::number(band.firstStep) : u"-"_s);
        grids.rows.push_back(QJsonArray{gridText(save.shift), save.strength, steps.join(u", "_s)});
    }
    m_measured.tables.push_back(std::move(grids));
}

void DoubleJpegDetector::namePlaces(const EvidenceMap &map, cv::Point shift, Finding *finding) const
{
    const EvidencePlace &clearest = map.places.front();
    finding->verdict = Verdict::Suspicious;
    finding->region = upright(clearest.cells, shift);
    finding->strength = std::clamp(clearest.evidence / 1000.0, 0.1, 1.0);
    for (const EvidencePlace &place : map.places) {
        const cv::Rect2f at = upright(place.cells, shift);
        finding->supports.append(u"A place of %1 blocks within %2 x %3 px at (%4, %5) has another history: log-likelihood ratio %6 over its blocks."_s
                                     .arg(place.count).arg(int(at.width)).arg(int(at.height)).arg(int(at.x)).arg(int(at.y))
                                     .arg(place.evidence, 0, 'f', 0));
        if (finding->supports.size() == 4)
            break;
    }
    finding->against.append(u"Inserted logos, date stamps, collages and pictures put together by a phone have places of another history "
                            "without intent to deceive; so can places that are nearly flat or clipped."_s);
}

Finding DoubleJpegDetector::claimSame(const DoubleJpegReading &reading) const
{
    const SameGridReading &same = reading.same;
    Finding finding;
    finding.id = u"double_jpeg.same-grid"_s;
    finding.title = u"Saved twice on one block grid"_s;
    finding.limits = {kEarlierSaveHidden, u"A pasted place that itself was saved at the first quality on this very grid is not told."_s};
    finding.score = Score{same.gain, ScoreScale::Raw, u"gain of assuming an earlier save, per coefficient"_s, u"ln"_s,
                          u"an earlier save counts as seen from %1 up"_s.arg(m_limits.leastGain), std::nullopt, std::nullopt};
    if (!same.seen) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"The stored coefficients show no earlier save on the file's own block grid, so there is no history to compare "
                          "places by."_s;
        return finding;
    }
    const QString most = same.map.mostSayYes ? u"Most of the picture was saved as JPEG before, on the same block grid."_s
                                             : u"Some of the picture was saved as JPEG before, on the same block grid; most of it was not."_s;
    finding.summary = most + firstSaveText(same);
    if (same.contradictory) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary += u" The map marks more than the coefficients as a whole allow, so no place is named."_s;
        return finding;
    }
    if (!same.map.places.empty()) {
        namePlaces(same.map, {0, 0}, &finding);
        finding.summary += (same.map.mostSayYes ? u" %1 place(s), %2 of the picture, do not show that save: they were changed or put there after it."_s
                                                : u" %1 place(s), %2 of the picture, show it."_s)
                               .arg(same.map.places.size())
                               .arg(percent(double(cv::countNonZero(same.map.mask)) / double(same.map.mask.total())));
        if (same.gain < kClearGain) {
            finding.verdict = Verdict::Inconclusive;
            finding.summary += u" The two saves are so much alike that untouched pictures have such places too; look, but conclude nothing."_s;
        }
        return finding;
    }
    finding.verdict = Verdict::Consistent;
    finding.summary += u" No place differs from that."_s;
    if (same.map.mostSayYes)
        finding.against.append(u"Opening and saving a picture without changing it leaves the same trace."_s);
    return finding;
}

Finding DoubleJpegDetector::claimOther(const DoubleJpegReading &reading) const
{
    const OtherGridReading &other = reading.other;
    const ShiftedSave &save = other.saves.front();
    Finding finding;
    finding.id = u"double_jpeg.other-grid"_s;
    finding.title = u"Saved before on another block grid"_s;
    finding.limits = {kEarlierSaveHidden, u"Only one other grid is followed in the map; a place that lies on the file's own grid (1 in 64) is not told."_s};
    finding.score = Score{save.strength, ScoreScale::Raw, u"strength of the clearest other grid"_s, {},
                          u"an earlier save counts as seen from %1 up, from %2 where the grid shares lines with the file's"_s
                              .arg(m_limits.leastStrength).arg(m_limits.leastSharedStrength), std::nullopt, std::nullopt};
    if (!other.seen) {
        finding.verdict = Verdict::Inconclusive;
        finding.summary = u"No earlier save on another block grid is seen."_s;
        return finding;
    }
    const QString grid = gridText(save.shift);
    const QString most = other.map.mostSayYes ? u"Most of the picture was saved as JPEG before on a grid that starts at %1: it was cropped or moved since."_s
                                              : u"Some of the picture was saved as JPEG before on a grid that starts at %1; most of it was not."_s;
    finding.summary = most.arg(grid);
    if (!other.map.places.empty()) {
        namePlaces(other.map, save.shift, &finding);
        finding.summary += (other.map.mostSayYes ? u" %1 place(s), %2 of the picture, do not show that save."_s
                                                 : u" %1 place(s), %2 of the picture, show it: they were moved here from another JPEG."_s)
                               .arg(other.map.places.size())
                               .arg(percent(double(cv::countNonZero(other.map.mask)) / double(other.map.mask.total())));
        return finding;
    }
    finding.verdict = Verdict::Inconclusive;
    finding.summary += other.map.mostSayYes ? u" No place differs from that."_s : u" The places that show it cannot be told apart from the rest."_s;
    return finding;
}

Result<AnalysisResult> DoubleJpegDetector::finish(const Ledger &)
{
    const auto reading = readDoubleJpeg(*m_jpeg, m_limits, m_stop);
    if (!reading)
        return Failure{reading.error()};
    if (reading->same.seen)
        addMap(u"same-grid"_s, u"Unlike the rest: same grid"_s,
               u"Chance that a block's history on the file's own grid is not that of most of the picture. 0.5: nothing is known, as in flat "
               "or clipped places."_s, reading->same.map, {0, 0});
    if (reading->other.seen)
        addMap(u"other-grid"_s, u"Unlike the rest: other grid"_s,
               u"Chance that a block's history on the grid that starts at %1 is not that of most of the picture. 0.5: nothing is known, as in "
               "flat or clipped places."_s.arg(gridText(reading->other.saves.front().shift)),
               reading->other.map, reading->other.saves.front().shift);
    addTables(*reading);
    AnalysisResult result;
    result.findings = {claimSame(*reading), claimOther(*reading)};
    for (Finding &finding : result.findings) {
        finding.keyFrame = 0;
        finding.range = FrameRange{0, 1};
    }
    result.measured = std::move(m_measured);
    m_reference.addTo(&result);
    return result;
}

} // namespace fw
