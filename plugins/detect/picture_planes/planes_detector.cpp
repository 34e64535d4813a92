// SPDX-License-Identifier: GPL-3.0-or-later
#include "planes_detector.h"

using namespace Qt::StringLiterals;

namespace fw {

Result<void> PlanesDetector::begin(const ClipFacts &, const JobContext &job)
{
    m_stop = job.stop;
    m_bit = job.integer(u"bit"_s);
    const auto kind = planeKind(job.choice(u"show"_s));
    if (!kind || m_bit < 0 || m_bit > 7)
        return fail(Errc::BadData, u"there is no such view of a picture"_s);
    m_kind = *kind;
    return {};
}

void PlanesDetector::addHistogram(FrameIndex index, const cv::Mat &bgr)
{
    Table table;
    table.id = u"histogram.frame-%1"_s.arg(index);
    table.title = index == 0 ? u"Histogram"_s : u"Histogram, frame %1"_s.arg(index);
    table.about = u"Viewer only, no verdict. How many pixels have each level. Regular gaps or peaks show that levels were stretched or squeezed after the "
                  "picture was made; tone curves of cameras and programs both do that."_s;
    table.columns = {{u"Level"_s, {}}, {u"Red"_s, u"px"_s}, {u"Green"_s, u"px"_s}, {u"Blue"_s, u"px"_s}, {u"Luma"_s, u"px"_s}};
    const auto counts = levelCounts(bgr);
    for (int level = 0; level < 256; ++level) {
        const std::size_t i = std::size_t(level);
        table.rows.push_back(QJsonArray{level, counts[0][i], counts[1][i], counts[2][i], counts[3][i]});
    }
    m_result.measured.tables.push_back(std::move(table));
}

Result<void> PlanesDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const auto view = pictureView(bundle.frame->bgr, m_kind, m_bit);
    if (!view)
        return Failure{view.error()};
    for (const PicturePlane &plane : view->planes) {
        HeatMap map;
        map.id = u"%1.frame-%2"_s.arg(plane.id).arg(bundle.index);
        map.title = plane.title;
        map.unit = plane.unit;
        map.about = u"Viewer only, no score and no verdict. "_s + plane.about;
        map.frame = bundle.index;
        map.values = plane.values;
        map.region = view->covered;
        map.low = plane.low;
        map.high = plane.high;
        map.colorMap = plane.colorMap;
        m_result.measured.heatMaps.push_back(std::move(map));
    }
    if (m_kind == PlaneKind::Levels)
        addHistogram(bundle.index, bundle.frame->bgr);
    return {};
}

Result<AnalysisResult> PlanesDetector::finish(const Ledger &)
{
    if (m_result.measured.heatMaps.empty())
        return fail(Errc::NotApplicable, u"no picture could be decoded"_s);
    return std::move(m_result);
}

} // namespace fw
