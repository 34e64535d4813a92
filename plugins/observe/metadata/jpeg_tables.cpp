// SPDX-License-Identifier: GPL-3.0-or-later
#include "metadata_tables.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw {

QString markerName(int code)
{
    if (code >= 0xE0 && code <= 0xEF)
        return u"APP%1"_s.arg(code - 0xE0);
    if (code >= 0xD0 && code <= 0xD7)
        return u"RST%1"_s.arg(code - 0xD0);
    switch (code) {
    case 0xC4: return u"DHT"_s;
    case 0xC8: return u"JPG"_s;
    case 0xCC: return u"DAC"_s;
    case 0xD8: return u"SOI"_s;
    case 0xD9: return u"EOI"_s;
    case 0xDA: return u"SOS"_s;
    case 0xDB: return u"DQT"_s;
    case 0xDC: return u"DNL"_s;
    case 0xDD: return u"DRI"_s;
    case 0xFE: return u"COM"_s;
    default: break;
    }
    if (code >= 0xC0 && code <= 0xCF)
        return u"SOF%1"_s.arg(code - 0xC0);
    return u"0x"_s + QString::number(code, 16).toUpper();
}

QString subsamplingName(const std::vector<JpegComponent> &components)
{
    if (components.size() < 3)
        return u"none (one component)"_s;
    const JpegComponent &luma = components[0];
    const bool plainChroma = std::all_of(components.begin() + 1, components.begin() + 3,
                                         [](const JpegComponent &c) {
                                             return c.horizontalSampling == 1 && c.verticalSampling == 1;
                                         });
    if (plainChroma) {
        const int h = luma.horizontalSampling, v = luma.verticalSampling;
        if (h == 1 && v == 1)
            return u"4:4:4"_s;
        if (h == 2 && v == 1)
            return u"4:2:2"_s;
        if (h == 2 && v == 2)
            return u"4:2:0"_s;
        if (h == 1 && v == 2)
            return u"4:4:0"_s;
        if (h == 4 && v == 1)
            return u"4:1:1"_s;
    }
    QStringList factors;
    for (const JpegComponent &component : components)
        factors << u"%1x%2"_s.arg(component.horizontalSampling).arg(component.verticalSampling);
    return factors.join(u", "_s);
}

QString qualityText(const QualityEstimate &estimate)
{
    if (estimate.distance == 0.0)
        return u"IJG quality %1"_s.arg(estimate.quality);
    return u"custom table, nearest to IJG quality %1 (distance %2)"_s
        .arg(estimate.quality).arg(estimate.distance, 0, 'f', 0);
}

Table jpegFactTable(const JpegFile &jpeg, const Metadata &metadata)
{
    Table table;
    table.id = u"jpeg.facts"_s;
    table.title = u"JPEG structure"_s;
    table.about = u"Read from the file's markers and tables. Cameras use tables and marker orders of "
                  "their own; standard (IJG) tables at a round quality are typical of software, and of "
                  "some cameras and phones."_s;
    table.columns = {{u"Fact"_s, {}}, {u"Value"_s, {}}};
    const auto row = [&](const QString &fact, const QJsonValue &value) {
        table.rows.push_back(QJsonArray{fact, value});
    };
    row(u"Size as coded"_s, u"%1 x %2 px"_s.arg(jpeg.width).arg(jpeg.height));
    row(u"Process"_s, jpeg.progressive ? u"progressive"_s : u"sequential"_s);
    row(u"Entropy coding"_s, jpeg.arithmetic       ? u"arithmetic"_s
                             : jpeg.optimizedHuffman ? u"Huffman, tables of the file's own"_s
                                                     : u"Huffman, standard tables"_s);
    row(u"Restart interval"_s, jpeg.restartInterval);
    row(u"Chroma subsampling"_s, subsamplingName(jpeg.components));
    if (const auto quality = jpeg.lumaQuality())
        row(u"Luma table"_s, qualityText(*quality));
    if (const auto quality = jpeg.chromaQuality())
        row(u"Chroma table"_s, qualityText(*quality));
    row(u"Bytes after the end marker"_s, double(jpeg.bytesAfterEnd));
    if (metadata.thumbnailWidth && metadata.thumbnailHeight)
        row(u"Embedded thumbnail"_s,
            u"%1 x %2 px"_s.arg(*metadata.thumbnailWidth).arg(*metadata.thumbnailHeight));
    else
        row(u"Embedded thumbnail"_s, u"none"_s);
    return table;
}

Table jpegMarkerTable(const JpegFile &jpeg)
{
    Table table;
    table.id = u"jpeg.markers"_s;
    table.title = u"JPEG markers"_s;
    table.about = u"In the order of the file, without restart markers' data."_s;
    table.columns = {{u"Marker"_s, {}}, {u"Offset"_s, u"bytes"_s}, {u"Length"_s, u"bytes"_s},
                     {u"Identifier"_s, {}}};
    for (const JpegMarker &marker : jpeg.markers)
        table.rows.push_back(QJsonArray{markerName(marker.code), double(marker.offset), marker.length,
                                        marker.identifier});
    return table;
}

Table jpegQuantTable(const JpegFile &jpeg)
{
    Table table;
    table.id = u"jpeg.tables"_s;
    table.title = u"Quantisation tables"_s;
    table.about = u"Steps by vertical (rows) and horizontal (columns) frequency."_s;
    table.columns = {{u"Table"_s, {}}, {u"Row"_s, {}}};
    for (int column = 0; column < 8; ++column)
        table.columns.push_back({QString::number(column), {}});
    for (std::size_t number = 0; number < jpeg.tables.size(); ++number) {
        if (!jpeg.tables[number])
            continue;
        for (int line = 0; line < 8; ++line) {
            QJsonArray row{int(number), line};
            for (int column = 0; column < 8; ++column)
                row.append(int((*jpeg.tables[number])[std::size_t(line * 8 + column)]));
            table.rows.push_back(std::move(row));
        }
    }
    return table;
}

} // namespace fw
