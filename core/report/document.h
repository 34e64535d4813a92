// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/finding.h"

#include <QRectF>
#include <QString>
#include <QStringList>

#include <array>
#include <functional>
#include <optional>
#include <variant>
#include <vector>

class QPainter;

/// What a report says, free of how it looks: the content is built once, then laid out as pages or
/// written as HTML. Pictures are painted when their page is, so that few are in memory at a time.
namespace fw::report {

struct Heading
{
    int level = 1; ///< 1 starts a chapter
    QString text;
    QString anchor; ///< other places refer to it; may be empty
};

struct Paragraph
{
    enum class Look { Body, Small };
    QString text;
    Look look = Look::Body;
    bool keepWithNext = false; ///< no page ends between this and the next block
};

struct Bullets
{
    QString title;
    QStringList items;
};

struct Cell
{
    Cell(QString t = {})
        : text(std::move(t))
    {
    }
    QString text;
    QString refersTo; ///< an anchor: the text becomes a link, or its page number follows
    std::optional<Verdict> verdict; ///< drawn as square with letter before the text
    bool struck = false;
};

struct Column
{
    QString title;
    double weight = 1.0; ///< share of the width
    bool mono = false;
    bool right = false;
};

struct DataTable
{
    QString caption;
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
};

struct Fact
{
    QString label;
    QString value; ///< empty: "not stated"
    bool mono = false;
};

struct Facts
{
    std::vector<Fact> rows;
    bool keepWithNext = false;
};

/// The head of a finding: a square with letter, the title, and the verdict in words.
struct VerdictHead
{
    Verdict verdict = Verdict::Inconclusive;
    QString number; ///< "F3"
    QString title;
    QString line; ///< "Suspicious, strength 0.7 of 1, Blink rate 1.2.0"
    QString anchor;
};

/// How many findings of each verdict there are, as four squares.
struct Tally
{
    std::array<int, 4> counts{}; ///< in the order of Verdict
};

struct Picture
{
    QString label;
    double aspect = 1.0;     ///< width / height; ignored when fixedWidth is set
    double fixedWidth = 0.0; ///< points
    /// Units are points and the painter's font is set.
    std::function<void(QPainter &, const QRectF &)> paint;
    bool photo = false; ///< a frame, not a drawing
};

/// Pictures of equal height in one row.
struct Figure
{
    QString caption;
    QString alt; ///< says what the pictures show to those who do not see them
    std::vector<Picture> pictures;
    double maxHeight = 250.0; ///< points
};

struct NoteText
{
    QString head;
    QStringList earlier; ///< struck through
    QString text;
    bool removed = false;
};

struct SignatureLines
{
    QStringList labels;
};

struct PageBreak
{
};

using Block = std::variant<Heading, Paragraph, Bullets, DataTable, Facts, VerdictHead, Tally,
                           Figure, NoteText, SignatureLines, PageBreak>;

struct Document
{
    QString title;
    QString subject; ///< case title or number
    QString reportNumber;
    QString headHash; ///< of the case's log
    std::vector<Block> blocks;
};

} // namespace fw::report
