// SPDX-License-Identifier: GPL-3.0-or-later
#include "grid_detector.h"

#include "media/orientation.h"

#include <opencv2/imgproc.hpp>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

QString originText(int origin)
{
    return u"(%1, %2)"_s.arg(origin % 8).arg(origin / 8);
}

} // namespace

Result<GridReading> readGrid(const cv::Mat &bgr, std::stop_token stop)
{
    cv::Mat luma;
    cv::cvtColor(bgr, luma, cv::COLOR_BGR2GRAY);
    GridReading reading;
    auto votes = gridVotes(luma, stop);
    if (!votes)
        return Failure{votes.error()};
    reading.votes = std::move(votes).value();
    reading.main = mainGrid(reading.votes);
    auto foreign = gridRegions(reading.votes, reading.main.origin.value_or(-1), 63, &reading.foreignMask, stop);
    if (!foreign)
        return Failure{foreign.error()};
    reading.foreign = std::move(foreign).value();
    return reading;
}

Result<void> GridDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_stop = job.stop;
    if (!clip.media.still)
        return fail(Errc::NotApplicable, u"video frames have block grids of other sizes and kinds"_s);
    m_isJpeg = clip.jpeg != nullptr;
    if (const StreamFacts *video = clip.media.video())
        m_rotation = video->rotationDegrees;
    return m_reference.begin(clip, job);
}

void GridDetector::addMap(FrameIndex index, const GridReading &reading)
{
    HeatMap map;
    map.id = u"grids.frame-%1"_s.arg(index);
    map.title = u"Foreign grids"_s;
    map.unit = u"1"_s;
    map.about = u"0: on the picture's main grid or without a vote. 1: on another grid."_s;
    map.frame = index;
    cv::Mat values(reading.votes.size(), CV_32FC1, cv::Scalar(0));
    values.setTo(1.0, reading.foreignMask);
    cv::resize(values, values, cv::Size((values.cols + 3) / 4, (values.rows + 3) / 4), 0, 0, cv::INTER_NEAREST);
    map.values = asUpright(values, m_rotation);
    map.region = asUpright(cv::Rect2f({0, 0}, cv::Size2f(m_codedSize)), m_codedSize, m_rotation);
    map.colorMap = u"magma"_s;
    m_result.measured.heatMaps.push_back(std::move(map));
}

void GridDetector::addTable(const GridReading &reading)
{
    Table table;
    table.id = u"grids"_s;
    table.title = u"Block grids"_s;
    table.about = u"Expected false alarms: how many places as clear as this one a picture without it would show by chance."_s;
    table.columns = {{u"Place"_s, {}}, {u"Grid origin"_s, u"px"_s}, {u"Left"_s, u"px"_s}, {u"Top"_s, u"px"_s},
                     {u"Width"_s, u"px"_s}, {u"Height"_s, u"px"_s}, {u"log10 of expected false alarms"_s, {}}};
    const auto add = [&](const QString &what, int origin, const cv::Rect &box, double alarms) {
        const cv::Rect2f upright = asUpright(cv::Rect2f(box), m_codedSize, m_rotation);
        table.rows.push_back(QJsonArray{what, originText(origin), double(upright.x), double(upright.y), double(upright.width),
                                        double(upright.height), alarms});
    };
    add(reading.main.origin ? u"whole picture"_s : u"whole picture, not meaningful"_s, reading.main.leader,
        cv::Rect({0, 0}, m_codedSize), reading.main.log10FalseAlarms);
    for (const GridRegion &region : reading.foreign)
        add(u"foreign grid"_s, region.origin, region.box, region.log10FalseAlarms);
    m_result.measured.tables.push_back(std::move(table));
}

Finding GridDetector::claim(const GridReading &reading) const
{
    Finding finding;
    finding.id = u"jpeg_grid.picture"_s;
    finding.title = u"JPEG block grid"_s;
    finding.limits = {u"A last save at a high quality after a stronger one, scaling or messenger copies hide grids."_s,
                      u"A region that happens to lie on the main grid (1 in 64) is not told."_s};
    const MainGrid &main = reading.main;
    const GridRegion *clearest = nullptr;
    for (const GridRegion &region : reading.foreign) {
        if (!clearest || region.log10FalseAlarms < clearest->log10FalseAlarms)
            clearest = &region;
    }
    finding.score = Score{clearest ? clearest->log10FalseAlarms : main.log10FalseAlarms, ScoreScale::Raw,
                          clearest ? u"log10 of the false alarms expected for the clearest place"_s
                                   : u"log10 of the false alarms expected for the main grid"_s,
                          {}, u"below 0: less than one such place in pictures without it"_s, std::nullopt, std::nullopt};
    const QString mainText = main.origin ? u"The picture's main block grid starts at %1."_s.arg(originText(*main.origin))
                                         : u"The picture as a whole shows no JPEG block grid."_s;
    if (main.origin && clearest) {
        finding.verdict = Verdict::Suspicious;
        finding.region = asUpright(cv::Rect2f(clearest->box), m_codedSize, m_rotation);
        finding.strength = std::clamp(-clearest->log10FalseAlarms / 50.0, 0.0, 1.0);
        finding.summary = mainText + u" %1 place(s) lie on another grid."_s.arg(reading.foreign.size());
        for (const GridRegion &region : reading.foreign)
            finding.supports.append(u"A place of %1 x %2 px lies on grid %3; expected false alarms 10^%4."_s
                                        .arg(region.box.width).arg(region.box.height).arg(originText(region.origin))
                                        .arg(region.log10FalseAlarms, 0, 'f', 1));
        finding.against = {u"Periodic textures (blinds, fabrics, screens), drawn areas, date stamps and collages can vote for "
                           "another grid without intent to deceive."_s};
        return finding;
    }
    finding.verdict = Verdict::Inconclusive;
    if (!main.origin) {
        finding.summary = mainText + (m_isJpeg ? u" The file is a JPEG: its last save was too fine to show, or the votes are too few."_s
                                               : u" It was never saved as JPEG, too finely, or was scaled since."_s);
        if (clearest)
            finding.against.append(u"%1 place(s) vote for a grid; without a grid of the whole picture nothing is concluded from them."_s
                                       .arg(reading.foreign.size()));
        return finding;
    }
    if (*main.origin != 0) {
        finding.summary = mainText + u" No place differs from it, but a grid that does not start at the corner shows that the picture "
                                     "was cropped or moved after a JPEG save."_s;
        return finding;
    }
    finding.verdict = Verdict::Consistent;
    finding.summary = mainText + u" No place lies on another grid or has lost it."_s;
    return finding;
}

Result<void> GridDetector::frame(const FrameBundle &bundle)
{
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const cv::Mat coded = asCoded(bundle.frame->bgr, m_rotation);
    m_codedSize = coded.size();
    const auto reading = readGrid(coded, m_stop);
    if (!reading)
        return Failure{reading.error()};
    addMap(bundle.index, *reading);
    addTable(*reading);
    Finding finding = claim(*reading);
    finding.keyFrame = bundle.index;
    finding.range = FrameRange{bundle.index, bundle.index + 1};
    m_result.findings.push_back(std::move(finding));
    return {};
}

Result<AnalysisResult> GridDetector::finish(const Ledger &)
{
    return stillResult(std::move(m_result), m_reference);
}

} // namespace fw
