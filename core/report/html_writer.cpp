// SPDX-License-Identifier: GPL-3.0-or-later
#include "paint/color_map.h"
#include "report/content.h"
#include "report/report.h"
#include "report/target_file.h"
#include "report/text_box.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

using namespace report;

constexpr double kWidth = 720.0; // CSS pixels of the text column
constexpr double kScale = 2.0;   // picture pixels per CSS pixel

const QString kStyle = uR"(
:root { color-scheme: light; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 720px; color: #1a1a1a; background: #fff;
  font: 16px/1.5 "Noto Sans", "Liberation Sans", "DejaVu Sans", Arial, sans-serif; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 1.5rem; }
h2 { font-size: 1.5rem; margin: 3.5rem 0 1rem; padding-top: 1rem; border-top: 2px solid #1a1a1a; }
h3 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
h4 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
p, dd, li, figcaption, td.mono { overflow-wrap: anywhere; } td, th { overflow-wrap: break-word; }
a { color: #1a4f8b; }
p.small, .quiet, figcaption { color: #5c5c5c; font-size: .875rem; }
dl { display: grid; grid-template-columns: minmax(8rem, 11rem) 1fr; gap: .3rem 1rem; font-size: .9375rem; }
dt { color: #5c5c5c; } dd { margin: 0; white-space: pre-line; }
.mono { font-family: "Noto Sans Mono", "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: .8125rem; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; margin: 1rem 0; }
caption { text-align: left; font-weight: bold; padding: .4rem 0; }
th { text-align: left; border-bottom: 1.5px solid #5c5c5c; } td { border-bottom: 1px solid #c8c8c8; white-space: pre-line; }
th, td { padding: .35rem .6rem .35rem 0; vertical-align: top; } .right { text-align: right; }
td.word { white-space: nowrap; }
.verdict { display: inline-block; width: 1.35em; line-height: 1.35em; text-align: center; color: #fff;
  font-weight: bold; margin-right: .45em; }
.finding { margin-top: 3rem; padding-top: .8rem; border-top: 2px solid; }
.finding h3 { margin: 0; } .tally { display: flex; flex-wrap: wrap; gap: .6rem 2rem; padding: 0; list-style: none; }
figure { margin: 1.2rem 0; } .row { display: flex; gap: 10px; align-items: flex-end; }
.row > div { min-width: 0; } img { display: block; max-width: 100%; height: auto; }
s { color: #5c5c5c; } .note { margin: 1.2rem 0; } .note p { margin: .2rem 0; white-space: pre-line; }
.sign { margin-top: 3.5rem; border-top: 1px solid #1a1a1a; padding-top: .3rem; max-width: 28rem; }
nav { margin: 1.5rem 0; } nav ul { columns: 2; margin: .3rem 0; padding-left: 1.2rem; }
footer { margin-top: 4rem; border-top: 1px solid #c8c8c8; padding-top: .8rem; }
@media screen and (max-width: 520px) {
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .6rem; } nav ul { columns: 1; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; } h2 { break-before: page; }
  h2, h3, h4, .finding { break-after: avoid; } figure, tr, .note, dl > * { break-inside: avoid; }
  thead { display: table-header-group; } a { color: inherit; text-decoration: none; }
}
)"_s;

QString esc(const QString &text)
{
    return text.toHtmlEscaped().replace(u'\'', u"&#39;"_s);
}

QString square(Verdict verdict)
{
    return u"<span class=\"verdict\" style=\"background:%1\" aria-hidden=\"true\">%2</span>"_s.arg(
        verdictColor(verdict, false).name(), QString(verdictLetter(verdict)));
}

QString list(const QStringList &items)
{
    QString html = u"<ul>\n"_s;
    for (const QString &item : items)
        html += u"<li>"_s + esc(item) + u"</li>\n"_s;
    return html + u"</ul>\n"_s;
}

/// A picture as a data URI. Frames are JPEG, because the PNGs of a large case fill a mailbox; the
/// exact pixels are named by the hash in the caption.
QString dataUri(const Picture &picture, double width, double height)
{
    QImage image(int(std::ceil(width * kScale)), int(std::ceil(height * kScale)),
                 QImage::Format_RGB32);
    image.fill(Qt::white);
    {
        QPainter painter(&image);
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.scale(kScale, kScale);
        QFont font = reportFont(1);
        font.setPixelSize(11);
        painter.setFont(font);
        picture.paint(painter, QRectF(0, 0, width, height));
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, picture.photo ? "JPEG" : "PNG", picture.photo ? 90 : -1);
    return (picture.photo ? u"data:image/jpeg;base64,"_s : u"data:image/png;base64,"_s) +
           QString::fromLatin1(bytes.toBase64());
}

/// Links to the chapters.
QString contents(const Document &document)
{
    QString html = u"<nav aria-label=\"Contents\"><strong>Contents</strong>\n<ul>\n"_s;
    for (const Block &block : document.blocks) {
        const auto *heading = std::get_if<Heading>(&block);
        if (heading && heading->level == 1 && !heading->anchor.isEmpty())
            html += u"<li><a href=\"#%1\">%2</a></li>\n"_s.arg(esc(heading->anchor), esc(heading->text));
    }
    return html + u"</ul></nav>\n"_s;
}

class HtmlBlocks
{
public:
    QString take() { return std::exchange(m_html, QString()); }

    void operator()(const Heading &h)
    {
        const int level = std::clamp(h.level, 1, 3) + 1; // h1 is the title
        const QString id = h.anchor.isEmpty() ? QString() : u" id=\"%1\""_s.arg(esc(h.anchor));
        m_html += u"<h%1%2>"_s.arg(level).arg(id) + esc(h.text) + u"</h%1>\n"_s.arg(level);
    }
    void operator()(const Paragraph &p)
    {
        m_html += (p.look == Paragraph::Look::Small ? u"<p class=\"small\">"_s : u"<p>"_s) +
                  esc(p.text) + u"</p>\n"_s;
    }
    void operator()(const Bullets &b)
    {
        if (!b.title.isEmpty())
            m_html += u"<h4>"_s + esc(b.title) + u"</h4>\n"_s;
        m_html += list(b.items);
    }
    void operator()(const DataTable &t)
    {
        m_html += u"<div class=\"table\"><table>\n"_s;
        if (!t.caption.isEmpty())
            m_html += u"<caption>"_s + esc(t.caption) + u"</caption>\n"_s;
        m_html += u"<thead><tr>"_s;
        for (const Column &c : t.columns)
            m_html += u"<th scope=\"col\"%1>"_s.arg(c.right ? u" class=\"right\""_s : QString()) +
                      esc(c.title) + u"</th>"_s;
        m_html += u"</tr></thead>\n<tbody>\n"_s;
        for (const auto &row : t.rows) {
            m_html += u"<tr>"_s;
            for (std::size_t c = 0; c < row.size() && c < t.columns.size(); ++c)
                cell(row[c], t.columns[c]);
            m_html += u"</tr>\n"_s;
        }
        m_html += u"</tbody></table></div>\n"_s;
    }
    void operator()(const Facts &facts)
    {
        m_html += u"<dl>\n"_s;
        for (const Fact &f : facts.rows) {
            const QString style = f.value.isEmpty() ? u" class=\"quiet\""_s
                                  : f.mono          ? u" class=\"mono\""_s
                                                    : QString();
            m_html += u"<dt>"_s + esc(f.label) + u"</dt><dd"_s + style + u'>' +
                      (f.value.isEmpty() ? u"not stated"_s : esc(f.value)) + u"</dd>\n"_s;
        }
        m_html += u"</dl>\n"_s;
    }
    void operator()(const VerdictHead &v)
    {
        m_html += u"<div class=\"finding\" id=\"%1\" style=\"border-color:%2\">"_s.arg(
                      esc(v.anchor), verdictColor(v.verdict, false).name()) +
                  u"<h3>"_s + square(v.verdict) + esc(v.number + u"  "_s + v.title) +
                  u"</h3><p class=\"small\">"_s + esc(v.line) + u"</p></div>\n"_s;
    }
    void operator()(const Tally &t)
    {
        m_html += u"<ul class=\"tally\">\n"_s;
        for (const Verdict v : {Verdict::Suspicious, Verdict::Inconclusive, Verdict::Consistent,
                                Verdict::NotApplicable}) {
            m_html += u"<li>"_s + square(v) +
                      u"<strong>%1</strong> "_s.arg(t.counts[std::size_t(v)]) +
                      esc(verdictTitle(v)) + u"</li>\n"_s;
        }
        m_html += u"</ul>\n"_s;
    }
    void operator()(const Figure &f)
    {
        double fixed = 10.0 * double(f.pictures.size() - 1), aspects = 0.0;
        for (const Picture &p : f.pictures) {
            fixed += p.fixedWidth * 1.2;
            aspects += p.fixedWidth > 0 ? 0.0 : p.aspect;
        }
        const double height =
            std::min(f.maxHeight * 1.5, (kWidth - fixed) / std::max(0.1, aspects));
        m_html += u"<figure>\n<div class=\"row\">\n"_s;
        bool first = true;
        for (const Picture &p : f.pictures) {
            const double width = p.fixedWidth > 0 ? p.fixedWidth * 1.2 : p.aspect * height;
            // The first picture carries the description of the row; the others add to it.
            const QString alt = first               ? f.alt
                                : p.label.isEmpty() ? u"Colour bar of the heat map"_s
                                                    : p.label;
            m_html +=
                u"<div>%1<img alt=\"%2\" width=\"%3\" height=\"%4\" src=\"%5\"></div>\n"_s.arg(
                    p.label.isEmpty() ? QString()
                                      : u"<span class=\"quiet\">"_s + esc(p.label) + u"</span>"_s,
                    esc(alt), QString::number(std::lround(width)),
                    QString::number(std::lround(height)), dataUri(p, width, height));
            first = false;
        }
        m_html += u"</div>\n<figcaption>"_s + esc(f.caption) + u"</figcaption>\n</figure>\n"_s;
    }
    void operator()(const NoteText &n)
    {
        m_html += u"<div class=\"note\"><p class=\"small\">"_s + esc(n.head) + u"</p>"_s;
        for (const QString &text : n.earlier)
            m_html += u"<p><s>"_s + esc(text) + u"</s></p>"_s;
        m_html += n.removed ? u"<p><s>"_s + esc(n.text) + u"</s></p>"_s
                            : u"<p>"_s + esc(n.text) + u"</p>"_s;
        m_html += u"</div>\n"_s;
    }
    void operator()(const SignatureLines &s)
    {
        for (const QString &label : s.labels)
            m_html += u"<p class=\"sign\">"_s + esc(label) + u", date</p>\n"_s;
    }
    void operator()(const PageBreak &) {} // chapters break pages by style

private:
    void cell(const Cell &cell, const Column &column)
    {
        QStringList classes;
        if (column.mono)
            classes << u"mono"_s;
        if (column.right)
            classes << u"right"_s;
        if (cell.verdict)
            classes << u"word"_s;
        QString text = esc(cell.text);
        if (!cell.refersTo.isEmpty())
            text = u"<a href=\"#"_s + esc(cell.refersTo) + u"\">"_s + text + u"</a>"_s;
        if (cell.struck)
            text = u"<s>"_s + text + u"</s>"_s;
        m_html += u"<td%1>"_s.arg(classes.isEmpty() ? QString()
                                                    : u" class=\"%1\""_s.arg(classes.join(u' '))) +
                  (cell.verdict ? square(*cell.verdict) : QString()) + text + u"</td>"_s;
    }

    QString m_html;
};

} // namespace

Result<void> writeHtml(const ReportData &data, const QString &path, const ReportProgress &progress)
{
    if (const auto fonts = checkFonts(); !fonts)
        return fonts;
    const Document document = buildDocument(data);
    return writeTarget(path, [&](QIODevice &device) -> Result<void> {
        const auto put = [&](const QString &html) {
            const QByteArray bytes = html.toUtf8();
            return device.write(bytes) == bytes.size();
        };
        bool good = put(
            u"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"_s +
            esc(document.subject + u" \u2013 "_s + document.reportNumber) + u"</title>\n<style>"_s +
            kStyle + u"</style>\n</head>\n<body>\n<main>\n<p class=\"quiet\">"_s +
            esc(document.title) + u"</p>\n<h1>"_s + esc(document.subject) + u"</h1>\n"_s + contents(document));
        HtmlBlocks blocks;
        for (std::size_t i = 0; good && i < document.blocks.size(); ++i) {
            if (progress.stop.stop_requested())
                return fail(Errc::Cancelled, u"making the report was cancelled"_s, path);
            std::visit(blocks, document.blocks[i]);
            good = put(blocks.take());
            if (progress.share)
                progress.share(double(i + 1) / double(document.blocks.size()));
        }
        good = good && put(u"</main>\n<footer class=\"small\"><p>"_s + esc(document.reportNumber) +
                           u" \u00b7 case log head <span class=\"mono\">"_s +
                           esc(document.headHash) + u"</span></p></footer>\n</body>\n</html>\n"_s);
        if (!good)
            return fail(Errc::Unwritable, device.errorString(), path);
        return {};
    });
}

} // namespace fw
