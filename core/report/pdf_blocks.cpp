// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/pdf_blocks.h"

#include "paint/color_map.h"
#include "report/table_slices.h"
#include "report/text_box.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw::report {

namespace {

const double kPictureGap = pt(10);
const double kFigureFont = 7.5;

class Slicer
{
public:
    Slicer(double width, std::vector<std::shared_ptr<const Slice>> *to)
        : m_width(width)
        , m_to(to)
    {
    }

    void operator()(const Heading &heading)
    {
        static constexpr double kPoints[] = {17, 12.5, 10.5};
        static constexpr double kBefore[] = {34, 20, 14};
        const int level = std::clamp(heading.level, 1, 3) - 1;
        const TextBox text(heading.text, reportFont(kPoints[level], Face::Bold), m_width);
        Slice slice;
        slice.height = text.height() + pt(level == 0 ? 8 : 2);
        slice.before = pt(kBefore[level]);
        slice.keepWithNext = true;
        slice.anchor = heading.anchor;
        slice.bookmark = heading.text;
        slice.bookmarkLevel = heading.level;
        slice.draw = [text](QPainter &painter, QPointF at, const PageNumbers &) {
            text.draw(painter, at, kInk);
        };
        add(std::move(slice));
    }

    void operator()(const Paragraph &paragraph)
    {
        const bool small = paragraph.look == Paragraph::Look::Small;
        const double points = small ? 8.5 : 10.0;
        addLines(TextBox(paragraph.text, reportFont(points), m_width), 0, pt(small ? 4 : 6),
                 small ? kQuiet : kInk, paragraph.keepWithNext);
    }

    void operator()(const Bullets &bullets)
    {
        if (!bullets.title.isEmpty()) {
            const TextBox title(bullets.title, reportFont(10, Face::Bold), m_width);
            addLines(title, 0, pt(9), kInk, true);
        }
        for (const QString &item : bullets.items) {
            const double indent = pt(13);
            const TextBox text(item, reportFont(10), m_width - indent);
            const TextBox dot(u"\u2022"_s, reportFont(10), indent);
            addLines(text, indent, pt(2.5), kInk, false, dot);
        }
    }

    void operator()(const DataTable &table)
    {
        breakPage();
        addTable(table, m_width, m_to);
    }
    void operator()(const Facts &facts)
    {
        breakPage();
        addFacts(facts, m_width, m_to);
    }

    void operator()(const VerdictHead &head)
    {
        const double side = pt(24), left = side + pt(10);
        const TextBox title(head.number + u"  "_s + head.title, reportFont(12.5, Face::Bold),
                            m_width - left);
        const TextBox line(head.line, reportFont(9), m_width - left);
        Slice slice;
        slice.height = std::max(side, title.height() + line.height()) + pt(8);
        slice.before = pt(26);
        slice.keepWithNext = true;
        slice.anchor = head.anchor;
        slice.bookmark = u"%1 %2 (%3)"_s.arg(head.number, head.title, verdictTitle(head.verdict));
        slice.bookmarkLevel = 2;
        slice.draw = [=, verdict = head.verdict, width = m_width](QPainter &painter, QPointF at,
                                                                  const PageNumbers &) {
            painter.setPen(QPen(verdictColor(verdict, false), pt(1)));
            painter.drawLine(at, at + QPointF(width, 0));
            at.ry() += pt(6);
            paintVerdict(painter, {at.x(), at.y(), side, side}, verdict);
            title.draw(painter, at + QPointF(left, -pt(1)), kInk);
            line.draw(painter, at + QPointF(left, title.height() - pt(1)), kQuiet);
        };
        add(std::move(slice));
    }

    void operator()(const Tally &tally)
    {
        Slice slice;
        slice.height = pt(34);
        slice.before = pt(6);
        slice.keepWithNext = true;
        slice.draw = [counts = tally.counts, width = m_width](QPainter &painter, QPointF at,
                                                              const PageNumbers &) {
            static constexpr Verdict kOrder[] = {Verdict::Suspicious, Verdict::Inconclusive,
                                                 Verdict::Consistent, Verdict::NotApplicable};
            double x = at.x();
            for (const Verdict verdict : kOrder) {
                paintVerdict(painter, {x, at.y(), pt(26), pt(26)}, verdict);
                const TextBox count(QString::number(counts[std::size_t(verdict)]),
                                    reportFont(13, Face::Bold), width / 4);
                const TextBox word(verdictTitle(verdict), reportFont(8.5), width / 4 - pt(34));
                count.draw(painter, {x + pt(33), at.y() - pt(2)}, kInk);
                word.draw(painter, {x + pt(33), at.y() + pt(14.5)}, kQuiet);
                x += width / 4;
            }
        };
        add(std::move(slice));
    }

    void operator()(const Figure &figure)
    {
        // Pictures share one height; those of fixed width take theirs off first.
        double fixed = kPictureGap * double(figure.pictures.size() - 1), aspects = 0.0;
        bool labelled = false;
        for (const Picture &p : figure.pictures) {
            fixed += pt(p.fixedWidth);
            aspects += p.fixedWidth > 0 ? 0.0 : p.aspect;
            labelled |= !p.label.isEmpty();
        }
        const double height =
            std::min(pt(figure.maxHeight), (m_width - fixed) / std::max(0.1, aspects));
        const double top = labelled ? pt(12) : 0;
        Slice slice;
        slice.height = top + height + pt(4);
        slice.before = pt(8);
        slice.keepWithNext = true;
        slice.draw = [pictures = figure.pictures, height, top](QPainter &painter, QPointF at,
                                                               const PageNumbers &) {
            for (const Picture &p : pictures) {
                const double width = p.fixedWidth > 0 ? pt(p.fixedWidth) : p.aspect * height;
                TextBox(p.label, reportFont(8), width).draw(painter, at, kQuiet);
                painter.save();
                painter.translate(at + QPointF(0, top));
                painter.scale(kUnit, kUnit);
                QFont font = reportFont(1);
                font.setPixelSize(int(kFigureFont));
                painter.setFont(font);
                p.paint(painter, QRectF(0, 0, width / kUnit, height / kUnit));
                painter.restore();
                at.rx() += width + kPictureGap;
            }
        };
        add(std::move(slice));
        addLines(TextBox(figure.caption, reportFont(8), m_width), 0, pt(1), kQuiet);
    }

    void operator()(const NoteText &note)
    {
        addLines(TextBox(note.head, reportFont(8.5), m_width), 0, pt(10), kQuiet, true);
        QFont struck = reportFont(10);
        struck.setStrikeOut(true);
        for (const QString &text : note.earlier)
            addLines(TextBox(text, struck, m_width - pt(13)), pt(13), pt(2), kQuiet);
        addLines(TextBox(note.text, note.removed ? struck : reportFont(10), m_width - pt(13)),
                 pt(13), pt(2), note.removed ? kQuiet : kInk);
    }

    void operator()(const SignatureLines &signature)
    {
        for (const QString &label : signature.labels) {
            const TextBox text(label, reportFont(9), m_width * 0.55);
            const TextBox date(u"Date"_s, reportFont(9), m_width * 0.3);
            Slice slice;
            slice.height = pt(40) + text.height();
            slice.before = pt(6);
            slice.keepWithNext = &label != &signature.labels.back();
            slice.draw = [text, date, width = m_width](QPainter &painter, QPointF at,
                                                       const PageNumbers &) {
                at.ry() += pt(36);
                painter.setPen(QPen(kInk, pt(0.6)));
                painter.drawLine(at, at + QPointF(width * 0.6, 0));
                painter.drawLine(at + QPointF(width * 0.66, 0), at + QPointF(width, 0));
                text.draw(painter, at + QPointF(0, pt(2)), kQuiet);
                date.draw(painter, at + QPointF(width * 0.66, pt(2)), kQuiet);
            };
            add(std::move(slice));
        }
    }

    void operator()(const PageBreak &) { m_newPage = true; }

private:
    /// Carries a page break to slices that others make.
    void breakPage()
    {
        if (m_newPage)
            add({.keepWithNext = true, .draw = [](QPainter &, QPointF, const PageNumbers &) {}});
    }

    void add(Slice slice)
    {
        slice.newPage = m_newPage;
        m_newPage = false;
        m_to->push_back(std::make_shared<const Slice>(std::move(slice)));
    }

    /// One slice per line, so that long texts run over pages; the first and the last two lines stay
    /// together. `mark` stands before the first line.
    void addLines(const TextBox &text, double indent, double before, const QColor &color,
                  bool keepWithNext = false, const TextBox &mark = {})
    {
        const int lines = text.lines();
        for (int i = 0; i < lines; ++i) {
            Slice slice;
            slice.height = text.lineHeight();
            slice.before = i == 0 ? before : 0;
            slice.keepWithNext = i + 1 < lines ? i == 0 || i + 2 == lines : keepWithNext;
            slice.draw = [text, mark, indent, color, i](QPainter &painter, QPointF at,
                                                        const PageNumbers &) {
                if (i == 0)
                    mark.draw(painter, at, color);
                text.draw(painter, at + QPointF(indent, 0), color, i, 1);
            };
            add(std::move(slice));
        }
    }

    double m_width;
    std::vector<std::shared_ptr<const Slice>> *m_to;
    bool m_newPage = false;
};

} // namespace

std::vector<std::shared_ptr<const Slice>> slicesOf(const Document &document, double width)
{
    std::vector<std::shared_ptr<const Slice>> slices;
    Slicer slicer(width, &slices);
    for (const Block &block : document.blocks)
        std::visit(slicer, block);
    return slices;
}

} // namespace fw::report
