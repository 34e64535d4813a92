// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QPointF>
#include <QString>

#include <memory>

class QPainter;
class QTextLayout;

namespace fw::report {

/// Lengths on paper are tenths of a point: fonts get whole pixel sizes and lose no fineness.
constexpr double kUnit = 10.0;
constexpr double pt(double points)
{
    return points * kUnit;
}

enum class Face { Sans, Bold, Mono };
QFont reportFont(double points, Face face = Face::Sans);

/// A text broken into lines of one width. Words that are too long (hashes, paths) break anywhere,
/// so nothing is ever cut off. Cheap to copy.
class TextBox
{
public:
    TextBox() = default;
    TextBox(const QString &text, const QFont &font, double width, bool right = false);

    int lines() const;
    double lineHeight() const { return m_lineHeight; }
    double height() const { return lines() * m_lineHeight; }
    /// Draws lines [first, first + count) with the first of them at `at`.
    void draw(QPainter &painter, QPointF at, const QColor &color, int first = 0,
              int count = -1) const;

private:
    std::shared_ptr<QTextLayout> m_layout;
    double m_lineHeight = 0.0;
    double m_ascent = 0.0;
};

} // namespace fw::report
