// SPDX-License-Identifier: GPL-3.0-or-later
#include "noise_detector.h"

#include "noise_map.h"
#include "stats/quantile.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

Result<void> NoiseDetector::begin(const ClipFacts &, const JobContext &job)
{
    m_stop = job.stop;
    m_table.id = u"noise"_s;
    m_table.title = u"Noise of the picture"_s;
    m_table.about = u"Standard deviation of the finest diagonal detail in cells of 16 px. Texture counts as noise here."_s;
    m_table.columns = {{u"Frame"_s, {}, true}, {u"Lower quartile"_s, u"grey levels"_s}, {u"Median"_s, u"grey levels"_s},
                       {u"Upper quartile"_s, u"grey levels"_s}};
    return {};
}

Result<void> NoiseDetector::frame(const FrameBundle &bundle)
{
    if (m_stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!bundle.frame)
        return fail(Errc::Internal, u"the frame came without pixels"_s);
    const auto noise = noiseMap(bundle.frame->bgr, m_stop);
    if (!noise)
        return Failure{noise.error()};
    const std::vector<double> values(noise->sigma.begin<float>(), noise->sigma.end<float>());
    const auto add = [&](const QString &id, const QString &title, const QString &unit, const QString &about,
                         const cv::Mat &cells, double low, double high) {
        HeatMap map;
        map.id = u"%1.frame-%2"_s.arg(id).arg(bundle.index);
        map.title = title;
        map.unit = unit;
        map.about = u"Viewer only, no score and no verdict. "_s + about;
        map.frame = bundle.index;
        map.values = cells;
        map.region = noise->covered;
        map.low = low;
        map.high = high;
        map.colorMap = u"magma"_s;
        m_result.measured.heatMaps.push_back(std::move(map));
    };
    add(u"noise.relative"_s, u"Noise against the picture's own"_s, u"ln"_s,
        u"0: as noisy as the quieter cells of the same brightness. High: noisier, or textured. Low: smoothed."_s,
        noise->relative, -1.5, 1.5);
    add(u"noise.sigma"_s, u"Noise level"_s, u"grey levels"_s, u"Brighter places of a camera's picture are noisier."_s,
        noise->sigma, 0.0, std::max(1.0, *quantile(values, 0.95)));
    m_table.rows.push_back(QJsonArray{double(bundle.index), *quantile(values, 0.25), *quantile(values, 0.5), *quantile(values, 0.75)});
    return {};
}

Result<AnalysisResult> NoiseDetector::finish(const Ledger &)
{
    if (m_table.rows.empty())
        return fail(Errc::NotApplicable, u"no picture could be decoded"_s);
    m_result.measured.tables.push_back(std::move(m_table));
    return std::move(m_result);
}

} // namespace fw
