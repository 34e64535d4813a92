// SPDX-License-Identifier: GPL-3.0-or-later
#include "metadata_observer.h"

#include "metadata_tables.h"

using namespace Qt::StringLiterals;

namespace fw {

Result<void> MetadataObserver::begin(const ClipFacts &clip, const JobContext &job)
{
    if (job.stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    const Metadata none;
    const Metadata &metadata = clip.metadata ? *clip.metadata : none;
    const auto keep = [this](Table table) {
        if (!table.rows.empty())
            m_measured.tables.push_back(std::move(table));
    };
    keep(tagTable(clip.media, metadata));
    keep(streamTable(clip.media));
    keep(comparisonTable(clip.media, metadata));
    if (clip.jpeg) {
        keep(jpegFactTable(*clip.jpeg, metadata));
        keep(jpegMarkerTable(*clip.jpeg));
        keep(jpegQuantTable(*clip.jpeg));
    }
    if (!metadata.warnings.isEmpty()) {
        Table table;
        table.id = u"metadata.warnings"_s;
        table.title = u"Unreadable metadata"_s;
        table.about = u"Blocks that are damaged or that the reader does not know."_s;
        table.columns = {{u"Warning"_s, {}}};
        for (const QString &warning : metadata.warnings)
            table.rows.push_back(QJsonArray{warning});
        keep(std::move(table));
    }
    return {};
}

Result<void> MetadataObserver::frame(const FrameBundle &, Observations &)
{
    return {}; // sampling is "none"; the host calls this for no frame
}

Result<Measurements> MetadataObserver::finish(const Ledger &)
{
    return std::move(m_measured);
}

} // namespace fw
