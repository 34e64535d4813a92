// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/common/theme.h"

#include <QApplication>
#include <QCoreApplication>
#include <QFontDatabase>
#include <QStyle>
#include <QStyleFactory>
#include <QToolTip>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kBasePoints = 10.0;

/// What the palette of one theme is made from.
struct Shades
{
    QRgb window, base, alternate, button, text, disabled, mid, highlight, highlightedText, link;
};

Shades shadesOf(ThemeKind kind)
{
    switch (kind) {
    case ThemeKind::Light:
        return {0xf3f4f6, 0xffffff, 0xf0f2f5, 0xe6e8ec, 0x1b1e23,
                0x73777f, 0xb9bec7, 0x1f5fa8, 0xffffff, 0x0b57a4};
    case ThemeKind::HighContrast:
        return {0x000000, 0x000000, 0x141414, 0x1c1c1c, 0xffffff,
                0xb0b0b0, 0xffffff, 0xffe14d, 0x000000, 0x7ad7ff};
    case ThemeKind::Dark:
        break;
    }
    return {0x24272c, 0x1b1d21, 0x212429, 0x31353c, 0xe4e6ea,
            0x7f858f, 0x474c55, 0x2f6fb5, 0xffffff, 0x7db7f0};
}

double luminance(const QColor &color)
{
    const auto linear = [](double c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
        + 0.0722 * linear(color.blueF());
}

QColor mixed(const QColor &a, const QColor &b, double shareOfA)
{
    const auto mix = [shareOfA](float x, float y) {
        return float(shareOfA * x + (1.0 - shareOfA) * y);
    };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()),
                            mix(a.blueF(), b.blueF()));
}

} // namespace

QPalette themePalette(ThemeKind kind)
{
    const Shades s = shadesOf(kind);
    QPalette p;
    p.setColor(QPalette::Window, s.window);
    p.setColor(QPalette::WindowText, s.text);
    p.setColor(QPalette::Base, s.base);
    p.setColor(QPalette::AlternateBase, s.alternate);
    p.setColor(QPalette::Text, s.text);
    p.setColor(QPalette::Button, s.button);
    p.setColor(QPalette::ButtonText, s.text);
    p.setColor(QPalette::BrightText, s.text);
    p.setColor(QPalette::ToolTipBase, s.alternate);
    p.setColor(QPalette::ToolTipText, s.text);
    p.setColor(QPalette::Highlight, s.highlight);
    p.setColor(QPalette::HighlightedText, s.highlightedText);
    p.setColor(QPalette::Link, s.link);
    p.setColor(QPalette::LinkVisited, s.link);
    p.setColor(QPalette::Mid, s.mid);
    p.setColor(QPalette::Midlight, mixed(s.button, s.text, 0.9));
    p.setColor(QPalette::Light, mixed(s.button, s.text, 0.85));
    p.setColor(QPalette::Dark, mixed(s.mid, s.window, 0.7));
    p.setColor(QPalette::Shadow, kind == ThemeKind::Light ? QColor(0x8a, 0x8e, 0x96) : Qt::black);
    p.setColor(QPalette::PlaceholderText, mixed(s.text, s.base, 0.65));
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, s.disabled);
    p.setColor(QPalette::Disabled, QPalette::Highlight, s.mid);
    return p;
}

void applyTheme(QApplication &app, ThemeKind kind, int percent)
{
    // Setting a style again deletes the one in use, which costs a repolish of every widget.
    if (QApplication::style()->objectName() != u"fusion"_s)
        app.setStyle(QStyleFactory::create(u"Fusion"_s));
    app.setPalette(themePalette(kind));
    QToolTip::setPalette(themePalette(kind));
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    font.setPointSizeF(kBasePoints * std::clamp(percent, 100, 200) / 100.0);
    app.setFont(font);
}

bool isDark(const QPalette &palette)
{
    return luminance(palette.color(QPalette::Window)) < luminance(palette.color(QPalette::WindowText));
}

QFont textFont(const QFont &base, TextSize size)
{
    QFont font = base;
    const double points = base.pointSizeF() > 0 ? base.pointSizeF() : kBasePoints;
    if (size == TextSize::Small)
        font.setPointSizeF(points * 0.88);
    if (size == TextSize::Title) {
        font.setPointSizeF(points * 1.3);
        font.setWeight(QFont::DemiBold);
    }
    return font;
}

QColor quietText(const QPalette &palette)
{
    return mixed(palette.color(QPalette::WindowText), palette.color(QPalette::Window), 0.72);
}

double contrastRatio(const QColor &a, const QColor &b)
{
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

QColor inkOn(const QColor &ground)
{
    return contrastRatio(ground, Qt::white) >= contrastRatio(ground, Qt::black) ? QColor(Qt::white)
                                                                                 : QColor(Qt::black);
}

QString themeName(ThemeKind kind)
{
    switch (kind) {
    case ThemeKind::Light:
        return u"light"_s;
    case ThemeKind::HighContrast:
        return u"high-contrast"_s;
    case ThemeKind::Dark:
        break;
    }
    return u"dark"_s;
}

ThemeKind themeFromName(const QString &name)
{
    if (name == u"light")
        return ThemeKind::Light;
    return name == u"high-contrast" ? ThemeKind::HighContrast : ThemeKind::Dark;
}

QString themeTitle(ThemeKind kind)
{
    switch (kind) {
    case ThemeKind::Light:
        return QCoreApplication::translate("fw::Theme", "Light");
    case ThemeKind::HighContrast:
        return QCoreApplication::translate("fw::Theme", "High contrast");
    case ThemeKind::Dark:
        break;
    }
    return QCoreApplication::translate("fw::Theme", "Dark");
}

} // namespace fw
