// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/timestamp.h"

#include <opencv2/core.hpp>

#include <QJsonArray>
#include <QString>

#include <optional>
#include <vector>

namespace fw {

/// A horizontal line in a trace, with the reason for its height.
struct Threshold
{
    double value = 0.0;
    QString label;
    friend bool operator==(const Threshold &, const Threshold &) = default;
};

/// One number per frame. `values`, and the band when present, are as long as `frames`; not-a-number
/// stands for "not measured" inside the vectors and is written as null outside.
struct Trace
{
    QString id;    ///< unique within its result, "ear.left"
    QString title;
    QString unit;  ///< "1" for plain ratios
    QString about; ///< one sentence: what it is, for the tool tip and the report
    std::optional<TrackId> track;
    std::vector<FrameIndex> frames; ///< ascending
    std::vector<double> values;
    std::vector<double> lower, upper; ///< uncertainty or null band; both empty or both full length
    std::vector<Threshold> thresholds;
    QString group; ///< traces of one group share a chart; empty: a chart of its own
};

/// Something that happens over a span of frames.
struct Event
{
    QString id;
    QString kind;  ///< stable word, "blink", "timestamp-gap"
    QString label; ///< for people
    FrameRange range;
    std::optional<FrameIndex> apex;
    std::optional<TrackId> track;
    std::optional<cv::Rect2f> region; ///< px
    double strength = 0.0;            ///< 0..1, how clear it is; for sorting only
};

/// A number per place of one frame, drawn over it.
struct HeatMap
{
    QString id;
    QString title;
    QString unit;
    QString about;
    FrameIndex frame = 0;
    cv::Mat values;        ///< CV_32FC1, coarse grid allowed; stretched over `region`
    cv::Rect2f region;     ///< px of the frame that the grid covers
    double low = 0.0;      ///< value of the colour bar's ends
    double high = 1.0;
    QString colorMap = QStringLiteral("viridis"); ///< name from core/paint
};

/// Arrows or lines to draw on frames: one per frame and face.
struct VectorSeries
{
    struct Item
    {
        FrameIndex frame = 0;
        std::optional<TrackId> track;
        cv::Point2f from; ///< px
        cv::Point2f to;   ///< px
        QString label;    ///< may be empty
    };
    QString id;
    QString title;
    QString about;
    QString color; ///< "#rrggbb"
    std::vector<Item> items; ///< ascending by frame
};

struct TableColumn
{
    QString title;
    QString unit;
    bool isFrame = false; ///< values are frame indices: a double click goes there
    friend bool operator==(const TableColumn &, const TableColumn &) = default;
};

/// Rows of plain values (string, number, bool or null).
struct Table
{
    QString id;
    QString title;
    QString about;
    std::vector<TableColumn> columns;
    std::vector<QJsonArray> rows;
};

/// A point in a feature space, for scatter plots and comparisons.
struct Embedding
{
    QString id;
    QString title;
    std::optional<TrackId> track;
    FrameRange range;
    std::vector<float> values;
};

/// Everything that one method measured, without any claim.
struct Measurements
{
    std::vector<Trace> traces;
    std::vector<Event> events;
    std::vector<HeatMap> heatMaps;
    std::vector<VectorSeries> vectors;
    std::vector<Table> tables;
    std::vector<Embedding> embeddings;

    bool empty() const
    {
        return traces.empty() && events.empty() && heatMaps.empty() && vectors.empty()
            && tables.empty() && embeddings.empty();
    }
};

} // namespace fw
