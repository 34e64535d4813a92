// SPDX-License-Identifier: GPL-3.0-or-later
#include "ela_detector.h"

#include "ela.h"
#include "media/orientation.h"

using namespace Qt::StringLiterals;

namespace fw {

Result<void> ElaDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    m_still = clip.media.still;
    m_stop = job.stop;
    m_quality = job.integer(u"quality"_s);
    m_gain = job.number(u"gain"_s);
    if (m_quality < 1 || m_quality > 100 || !(m_gain > 0.0))
        return fail(Errc::BadData, u"quality or gain out of range"_s);
    if (const StreamFacts *video = clip.media.video())
        m_rotation = video->rotationDegrees;
    m_table.id = u"levels"_s;
    m_table.title = u"Error levels at quality %1"_s.arg(m_quality);
    m_table.about = u"Mean absolute difference between the picture and itself saved at quality %1. A "
                    "picture whose last save was at this quality and that was not changed since is "
                    "near zero."_s.arg(m_quality);
    m_table.columns = {{u"Frame"_s, {}, true}, {u"Mean"_s, u"grey levels"_s},
                       {u"Highest cell"_s, u"grey levels"_s}};
    return {};
}

Result<void> ElaDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const cv::Mat coded = asCoded(bundle.frame->bgr, m_rotation);
    const auto levels = errorLevels(coded, m_quality);
    if (!levels)
        return Failure{levels.error()};
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    HeatMap map;
    map.id = u"ela.frame-%1"_s.arg(bundle.index);
    map.title = u"Error level at quality %1"_s.arg(m_quality);
    map.unit = u"grey levels"_s;
    map.about = u"Viewer only, no score and no verdict. Bright means: changes more when saved again at "
                "quality %1. Edges, fine texture, saturated red and blue and fresh edits all do; so does "
                "everything in a picture whose last save was at another quality."_s.arg(m_quality);
    map.frame = bundle.index;
    map.values = asUpright(levels->means, m_rotation);
    map.region = asUpright(levels->covered, coded.size(), m_rotation);
    map.low = 0.0;
    map.high = 255.0 / m_gain;
    map.colorMap = u"magma"_s;
    m_result.measured.heatMaps.push_back(std::move(map));
    m_table.rows.push_back(QJsonArray{double(bundle.index), levels->mean, levels->highest});
    return {};
}

Result<AnalysisResult> ElaDetector::finish(const Ledger &)
{
    if (m_table.rows.empty())
        return fail(Errc::NotApplicable, u"no picture could be decoded"_s);
    m_result.measured.tables.push_back(std::move(m_table));
    return std::move(m_result);
}

} // namespace fw
