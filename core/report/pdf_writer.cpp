// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/content.h"
#include "report/pdf_blocks.h"
#include "report/pdf_outline.h"
#include "report/report.h"
#include "report/table_slices.h"
#include "report/target_file.h"
#include "report/text_box.h"

#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

using namespace report;

const double kLeft = pt(56), kTop = pt(72), kBottom = pt(66);
const double kPageWidth = pt(595), kPageHeight = pt(842); // A4
const double kTextWidth = kPageWidth - 2 * kLeft;

void drawHeader(QPainter &painter, const Document &document)
{
    const QFont font = reportFont(8);
    const double half = kTextWidth * 0.62;
    const QString left = QFontMetricsF(font).elidedText(
        u"Framewitness \u00b7 "_s + document.subject, Qt::ElideRight, half);
    TextBox(left, font, half).draw(painter, {kLeft, pt(36)}, kQuiet);
    TextBox(document.reportNumber, font, kTextWidth - half, true)
        .draw(painter, {kLeft + half, pt(36)}, kQuiet);
    painter.setPen(QPen(kRule, pt(0.5)));
    painter.drawLine(QPointF(kLeft, pt(50)), QPointF(kPageWidth - kLeft, pt(50)));
}

void drawFooter(QPainter &painter, const Document &document, int page, int pages)
{
    const double y = kPageHeight - pt(46);
    painter.setPen(QPen(kRule, pt(0.5)));
    painter.drawLine(QPointF(kLeft, y), QPointF(kPageWidth - kLeft, y));
    const double left = kTextWidth * 0.84;
    const QString head = document.headHash.isEmpty() ? u"none"_s : document.headHash;
    TextBox(u"Case log head "_s + head, reportFont(6.2, Face::Mono), left)
        .draw(painter, {kLeft, y + pt(6)}, kQuiet);
    TextBox(u"Page %1 of %2"_s.arg(page).arg(pages), reportFont(8), kTextWidth - left, true)
        .draw(painter, {kLeft + left, y + pt(5)}, kQuiet);
}

/// The first slice of the first page.
std::shared_ptr<const Slice> titleSlice(const Document &document)
{
    const TextBox kind(document.title, reportFont(11), kTextWidth);
    const TextBox subject(document.subject, reportFont(22, Face::Bold), kTextWidth);
    auto slice = std::make_shared<Slice>();
    slice->height = kind.height() + subject.height() + pt(28);
    slice->bookmark = document.title;
    slice->draw = [kind, subject](QPainter &painter, QPointF at, const PageNumbers &) {
        at.ry() += pt(8);
        kind.draw(painter, at, kQuiet);
        subject.draw(painter, at + QPointF(0, kind.height() + pt(2)), kInk);
    };
    return slice;
}

/// What viewers show beside the pages: chapters, sections and findings, in reading order.
std::vector<OutlineEntry> outlineOf(const Pages &pages)
{
    std::vector<OutlineEntry> entries;
    for (std::size_t p = 0; p < pages.pages.size(); ++p) {
        for (const Placed &placed : pages.pages[p]) {
            if (!placed.slice->bookmark.isEmpty())
                entries.push_back({placed.slice->bookmark, placed.slice->bookmarkLevel, int(p) + 1,
                                   (kTop + placed.top) / kUnit});
        }
    }
    return entries;
}

Result<void> drawPages(const Document &document, const Pages &pages, QPdfWriter *writer,
                       const ReportProgress &progress)
{
    QPainter painter;
    if (!painter.begin(writer))
        return fail(Errc::Unwritable, u"the PDF could not be started"_s);
    const int count = pages.numbers.count;
    for (int p = 0; p < count; ++p) {
        if (progress.stop.stop_requested())
            return fail(Errc::Cancelled, u"making the report was cancelled"_s);
        if (p > 0 && !writer->newPage())
            return fail(Errc::Unwritable, u"the PDF could not take another page"_s);
        drawHeader(painter, document);
        for (const Placed &placed : pages.pages[std::size_t(p)]) {
            painter.save();
            placed.slice->draw(painter, {kLeft, kTop + placed.top}, pages.numbers);
            painter.restore();
        }
        drawFooter(painter, document, p + 1, count);
        if (progress.share)
            progress.share(double(p + 1) / double(count));
    }
    painter.end();
    return {};
}

} // namespace

Result<void> writePdf(const ReportData &data, const QString &path, const ReportProgress &progress)
{
    if (const auto fonts = checkFonts(); !fonts)
        return fonts;
    const Document document = buildDocument(data);
    auto slices = slicesOf(document, kTextWidth);
    slices.insert(slices.begin(), titleSlice(document));
    const Pages pages = paginate(slices, kPageHeight - kTop - kBottom);
    return writeTarget(path, [&](QIODevice &device) -> Result<void> {
        QBuffer plain;
        plain.open(QIODevice::WriteOnly);
        QPdfWriter writer(&plain);
        writer.setResolution(int(72 * kUnit));
        writer.setPageLayout(QPageLayout(QPageSize(QPageSize::A4), QPageLayout::Portrait,
                                         QMarginsF(), QPageLayout::Point));
        writer.setTitle(document.subject + u" \u2013 "_s + document.reportNumber);
        writer.setCreator(u"Framewitness "_s + data.programVersion);
        if (const auto drawn = drawPages(document, pages, &writer, progress); !drawn)
            return drawn;
        const auto pdf = withOutline(plain.data(), outlineOf(pages));
        if (!pdf)
            return Failure{pdf.error()};
        if (device.write(*pdf) != pdf->size())
            return fail(Errc::Unwritable, device.errorString(), path);
        return {};
    });
}

} // namespace fw
