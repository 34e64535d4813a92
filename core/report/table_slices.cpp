// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/table_slices.h"

#include "paint/color_map.h"
#include "report/text_box.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw::report {

namespace {

constexpr double kCellPoints = 8.5;
constexpr double kMonoPoints = 7.6; // the same height of small letters as the other text
const double kPad = pt(3.2);
const double kGap = pt(9);
const double kSquare = pt(9.5);
const double kPageNumber = pt(30);  // room for ", p. 123" behind a reference
constexpr int kMaxLines = 30;       // about half a page
const double kKeptHeight = pt(230); // facts up to this height stay on one page

struct CellBox
{
    TextBox text;
    double left = 0.0, width = 0.0;
    std::optional<Verdict> verdict;
    QString refersTo;
    bool right = false;
};

/// Lines [first, first + count) of a row of cells.
void drawRow(QPainter &painter, QPointF at, const std::vector<CellBox> &cells, int first, int count,
             const QColor &ink, const PageNumbers &numbers)
{
    for (const CellBox &cell : cells) {
        double x = at.x() + cell.left;
        if (cell.verdict) {
            if (first == 0)
                paintVerdict(painter, {x, at.y() + pt(0.4), kSquare, kSquare}, *cell.verdict);
            x += kSquare + pt(4);
        }
        cell.text.draw(painter, {x, at.y()}, ink, first, count);
        const auto page = numbers.anchors.find(cell.refersTo);
        if (first == 0 && !cell.refersTo.isEmpty() && page != numbers.anchors.end()) {
            const TextBox number(u"p. %1"_s.arg(page->second), reportFont(kMonoPoints), kPageNumber,
                                 true);
            number.draw(painter, {at.x() + cell.left + cell.width - kPageNumber, at.y() + pt(0.6)},
                        kQuiet);
        }
    }
}

QFont cellFont(bool mono, bool struck)
{
    QFont font = reportFont(mono ? kMonoPoints : kCellPoints, mono ? Face::Mono : Face::Sans);
    font.setStrikeOut(struck);
    return font;
}

void addRow(std::vector<CellBox> cells, double width, bool rule,
            const std::shared_ptr<const Slice> &head,
            std::vector<std::shared_ptr<const Slice>> *slices)
{
    int lines = 1;
    double lineHeight = 0.0;
    for (const CellBox &cell : cells) {
        lines = std::max(lines, cell.text.lines());
        lineHeight = std::max(lineHeight, cell.text.lineHeight());
    }
    const auto shared = std::make_shared<std::vector<CellBox>>(std::move(cells));
    for (int first = 0; first < lines; first += kMaxLines) {
        const int count = std::min(kMaxLines, lines - first);
        const bool last = first + count >= lines;
        auto slice = std::make_shared<Slice>();
        slice->height = count * lineHeight + (first == 0 ? kPad : 0) + (last ? kPad : 0);
        slice->repeated = head;
        slice->draw = [shared, first, count, width, rule, last, height = slice->height](
                          QPainter &painter, QPointF at, const PageNumbers &numbers) {
            drawRow(painter, at + QPointF(0, first == 0 ? kPad : 0), *shared, first, count, kInk,
                    numbers);
            if (rule && last) {
                painter.setPen(QPen(kRule, pt(0.4)));
                painter.drawLine(at + QPointF(0, height), at + QPointF(width, height));
            }
        };
        slices->push_back(std::move(slice));
    }
}

} // namespace

void paintVerdict(QPainter &painter, const QRectF &square, Verdict verdict)
{
    painter.fillRect(square, verdictColor(verdict, false));
    QFont font = reportFont(1, Face::Bold);
    font.setPixelSize(std::max(1, int(square.height() * 0.68)));
    painter.setFont(font);
    painter.setPen(Qt::white);
    painter.drawText(square, Qt::AlignCenter, QString(verdictLetter(verdict)));
}

void addTable(const DataTable &table, double width,
              std::vector<std::shared_ptr<const Slice>> *slices)
{
    double weights = 0.0;
    for (const Column &column : table.columns)
        weights += column.weight;
    const double usable = width - kGap * double(table.columns.size() - 1);
    std::vector<double> lefts, widths;
    double x = 0.0;
    for (const Column &column : table.columns) {
        lefts.push_back(x);
        widths.push_back(usable * column.weight / weights);
        x += widths.back() + kGap;
    }

    std::vector<CellBox> heads;
    int headLines = 1;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        heads.push_back({TextBox(table.columns[c].title, reportFont(kCellPoints, Face::Bold),
                                 widths[c], table.columns[c].right),
                         lefts[c],
                         widths[c],
                         {},
                         {},
                         table.columns[c].right});
        headLines = std::max(headLines, heads.back().text.lines());
    }
    auto head = std::make_shared<Slice>();
    head->height = headLines * heads.front().text.lineHeight() + 2 * kPad;
    head->keepWithNext = true;
    head->draw = [heads, width, headLines, height = head->height](QPainter &painter, QPointF at,
                                                                  const PageNumbers &numbers) {
        drawRow(painter, at + QPointF(0, kPad), heads, 0, headLines, kInk, numbers);
        painter.setPen(QPen(kQuiet, pt(0.8)));
        painter.drawLine(at + QPointF(0, height), at + QPointF(width, height));
    };

    if (!table.caption.isEmpty()) {
        const TextBox caption(table.caption, reportFont(9.5, Face::Bold), width);
        auto slice = std::make_shared<Slice>();
        slice->height = caption.height() + pt(2);
        slice->before = pt(12);
        slice->keepWithNext = true;
        slice->draw = [caption](QPainter &painter, QPointF at, const PageNumbers &) {
            caption.draw(painter, at, kInk);
        };
        slices->push_back(std::move(slice));
    }
    if (table.caption.isEmpty()) {
        auto spaced = std::make_shared<Slice>(*head);
        spaced->before = pt(8);
        slices->push_back(std::move(spaced));
    } else {
        slices->push_back(head);
    }
    for (const auto &row : table.rows) {
        std::vector<CellBox> cells;
        for (std::size_t c = 0; c < row.size() && c < table.columns.size(); ++c) {
            const Cell &cell = row[c];
            const double room = widths[c] - (cell.verdict ? kSquare + pt(4) : 0) -
                                (cell.refersTo.isEmpty() ? 0 : kPageNumber);
            cells.push_back({TextBox(cell.text, cellFont(table.columns[c].mono, cell.struck), room,
                                     table.columns[c].right),
                             lefts[c], widths[c], cell.verdict, cell.refersTo,
                             table.columns[c].right});
        }
        addRow(std::move(cells), width, true, head, slices);
    }
}

void addFacts(const Facts &facts, double width, std::vector<std::shared_ptr<const Slice>> *slices)
{
    const double labelWidth = pt(118);
    const double valueLeft = labelWidth + kGap;
    std::vector<std::shared_ptr<Slice>> made;
    double height = 0.0;
    for (const Fact &fact : facts.rows) {
        const bool stated = !fact.value.isEmpty();
        const TextBox label(fact.label, reportFont(kCellPoints), labelWidth);
        const TextBox value(stated ? fact.value : u"not stated"_s,
                            reportFont(fact.mono && stated ? kMonoPoints : 9.0,
                                       fact.mono && stated ? Face::Mono : Face::Sans),
                            width - valueLeft);
        const int lines = std::max(1, value.lines());
        for (int from = 0; from < lines; from += kMaxLines) {
            const int count = std::min(kMaxLines, lines - from);
            auto slice = std::make_shared<Slice>();
            slice->height =
                std::max(count * value.lineHeight(), from == 0 ? label.height() : 0.0) + pt(3.4);
            slice->before = made.empty() ? pt(5) : 0;
            slice->draw = [label, value, valueLeft, stated, from,
                           count](QPainter &painter, QPointF at, const PageNumbers &) {
                if (from == 0)
                    label.draw(painter, at + QPointF(0, pt(0.4)), kQuiet);
                value.draw(painter, at + QPointF(valueLeft, 0), stated ? kInk : kQuiet, from,
                           count);
            };
            height += slice->height;
            made.push_back(std::move(slice));
        }
    }
    // Long lists are broken, but never after their first or before their last line.
    for (std::size_t i = 0; i < made.size(); ++i) {
        const bool last = i + 1 == made.size();
        made[i]->keepWithNext =
            last ? facts.keepWithNext : height < kKeptHeight || i == 0 || i + 2 == made.size();
        slices->push_back(made[i]);
    }
}

} // namespace fw::report
