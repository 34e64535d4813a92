// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/chart_export.h"

#include "paint/chart_painter.h"

#include <QBuffer>
#include <QImage>
#include <QSaveFile>
#include <QSvgGenerator>

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

QByteArray field(const QString &text)
{
    QByteArray bytes = text.toUtf8();
    if (bytes.contains(',') || bytes.contains('"') || bytes.contains('\n') || bytes.contains('\r'))
        bytes = '"' + bytes.replace("\"", "\"\"") + '"';
    return bytes;
}

QByteArray numberField(double value)
{
    return std::isfinite(value) ? QByteArray::number(value, 'g', 9) : QByteArray();
}

void paint(QPainter &painter, const QSizeF &size, const ChartExport &chart)
{
    QFont font = painter.font();
    font.setPixelSize(14);
    painter.setFont(font);
    const double line = QFontMetricsF(font).height();
    painter.fillRect(QRectF(QPointF(), size), Qt::white);
    painter.setPen(QColor(0x20, 0x20, 0x20));
    QFont bold = font;
    bold.setBold(true);
    painter.setFont(bold);
    painter.drawText(QRectF(12, 8, size.width() - 24, line), Qt::AlignLeft | Qt::AlignVCenter,
                     chart.group.title + u" · "_s + chart.group.method);
    painter.setFont(font);
    paintChart(painter, QRectF(12, 12 + line, size.width() - 24, size.height() - line - 20),
               chart.group.traces, chart.group.events, chart.seconds, chart.playhead);
}

QByteArray picture(const ChartExport &chart, bool svg)
{
    const QSize size(1200, 420);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (svg) {
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setSize(size);
        generator.setViewBox(QRect(QPoint(), size));
        generator.setTitle(chart.group.title);
        generator.setDescription(chart.group.method);
        QPainter painter(&generator);
        paint(painter, size, chart);
    } else {
        QImage image(size * 2, QImage::Format_RGB32); // fine enough for print
        {
            QPainter painter(&image);
            painter.scale(2, 2);
            paint(painter, size, chart);
        }
        image.save(&buffer, "PNG");
    }
    return bytes;
}

} // namespace

QByteArray chartCsv(const ChartExport &chart)
{
    QByteArray csv = "frame,seconds,pts,method,trace,title,track,value,lower,upper,unit\r\n";
    const std::int64_t known = chart.ledger ? chart.ledger->count() : 0;
    for (const Trace *trace : chart.group.traces) {
        const QByteArray method = field(chart.group.pluginId), id = field(trace->id),
                         title = field(trace->title), unit = field(trace->unit);
        const QByteArray track = trace->track ? QByteArray::number(number(*trace->track)) : QByteArray();
        for (std::size_t i = 0; i < trace->frames.size() && i < trace->values.size(); ++i) {
            const FrameIndex frame = trace->frames[i];
            const bool timed = frame >= 0 && std::size_t(frame) < chart.seconds.size();
            csv += QByteArray::number(qint64(frame)) + ','
                + (timed ? QByteArray::number(chart.seconds[std::size_t(frame)], 'f', 6) : QByteArray()) + ',';
            if (frame >= 0 && frame < known)
                csv += QByteArray::number(qint64(chart.ledger->entries[std::size_t(frame)].pts));
            csv += ',' + method + ',' + id + ',' + title + ',' + track + ',' + numberField(trace->values[i]) + ','
                + (i < trace->lower.size() ? numberField(trace->lower[i]) : QByteArray()) + ','
                + (i < trace->upper.size() ? numberField(trace->upper[i]) : QByteArray()) + ',' + unit + "\r\n";
        }
    }
    return csv;
}

Result<void> exportChart(const ChartExport &chart, const QString &path)
{
    QByteArray bytes;
    if (path.endsWith(u".csv"_s, Qt::CaseInsensitive))
        bytes = chartCsv(chart);
    else if (path.endsWith(u".svg"_s, Qt::CaseInsensitive))
        bytes = picture(chart, true);
    else if (path.endsWith(u".png"_s, Qt::CaseInsensitive))
        bytes = picture(chart, false);
    else
        return fail(Errc::Unsupported, u"a chart is saved as .png, .svg or .csv"_s, path);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(Errc::Unwritable, file.errorString(), path);
    return {};
}

} // namespace fw
