// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/help/welcome_page.h"

#include "findings/finding.h"
#include "panels/common/theme.h"
#include "panels/common/two_line_delegate.h"
#include "panels/findings/finding_delegate.h"

#include <QBoxLayout>
#include <QEvent>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr Verdict kVerdicts[] = {Verdict::Suspicious, Verdict::Consistent, Verdict::Inconclusive,
                                 Verdict::NotApplicable};
constexpr int kTextWidth = 640;

QLabel *makeText(const QString &text)
{
    auto *label = new QLabel(text);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

WelcomePage::WelcomePage(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Welcome"));
    m_title = makeText(tr("Drop a video or a picture here"));
    m_lead = makeText(tr("Files are only read, never changed, and nothing leaves this machine. The hash, "
                         "the faces and the first findings appear by themselves."));
    m_problem = makeText({});
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problem->setFrameShape(QFrame::StyledPanel);
    m_problem->setMargin(8);
    m_problem->hide();
    auto *open = new QPushButton(tr("Open file …"));
    open->setDefault(true);
    m_demo = new QPushButton(tr("Open the demo clip"));
    connect(open, &QPushButton::clicked, this, &WelcomePage::openRequested);
    connect(m_demo, &QPushButton::clicked, this, &WelcomePage::demoRequested);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(open);
    buttons->addWidget(m_demo);
    buttons->addStretch();

    m_recentTitle = makeText(tr("Recent files"));
    m_recent = new QListWidget;
    m_recent->setItemDelegate(new TwoLineDelegate(m_recent));
    m_recent->setAccessibleName(tr("Recent files"));
    m_recent->setFrameShape(QFrame::NoFrame);
    m_recent->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(m_recent, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) {
        Q_EMIT recentRequested(item->data(Qt::UserRole).toString());
    });

    auto *page = new QWidget;
    page->setMaximumWidth(kTextWidth);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(8);
    column->addStretch(1);
    column->addWidget(m_title);
    column->addWidget(m_lead);
    column->addSpacing(8);
    column->addLayout(buttons);
    column->addWidget(m_problem);
    column->addSpacing(16);
    column->addWidget(m_recentTitle);
    column->addWidget(m_recent);
    column->addSpacing(16);
    auto *heading = makeText(tr("What the four words mean"));
    column->addWidget(heading);
    m_headings = {m_recentTitle, heading};
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    for (int i = 0; i < 4; ++i) {
        auto *square = new QLabel;
        auto *meaning = makeText(verdictTitle(kVerdicts[i]) + u": "_s + verdictMeaning(kVerdicts[i]));
        square->setAccessibleName(verdictTitle(kVerdicts[i]));
        grid->addWidget(square, i, 0, Qt::AlignTop);
        grid->addWidget(meaning, i, 1);
        m_squares.push_back(square);
        m_meanings.push_back(meaning);
    }
    column->addLayout(grid);
    column->addStretch(2);

    auto *middle = new QWidget;
    auto *row = new QHBoxLayout(middle);
    row->setContentsMargins(0, 0, 0, 0);
    row->addStretch(1);
    row->addWidget(page, 100);
    row->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setWidget(middle);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    setRecent({});
    applyTheme();
}

void WelcomePage::setRecent(const std::vector<RecentFile> &files)
{
    m_recent->clear();
    for (const RecentFile &file : files) {
        const QFileInfo info(file.path);
        auto *item = new QListWidgetItem(info.fileName(), m_recent);
        item->setData(Qt::UserRole, file.path);
        item->setData(TwoLineDelegate::SecondLineRole,
                      file.remark.isEmpty() ? info.path() : file.remark + u" · "_s + info.path());
        item->setToolTip(file.path);
    }
    m_recentTitle->setVisible(!files.empty());
    m_recent->setVisible(!files.empty());
    const int rows = std::min<int>(4, int(files.size()));
    m_recent->setFixedHeight(rows * std::max(1, m_recent->sizeHintForRow(0)) + 4);
}

void WelcomePage::setDemoAvailable(bool available)
{
    m_demo->setVisible(available);
}

void WelcomePage::setProblem(const QString &problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void WelcomePage::applyTheme()
{
    m_title->setFont(textFont(font(), TextSize::Title));
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    for (QLabel *heading : m_headings)
        heading->setFont(strong);
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, quietText(palette()));
    m_lead->setPalette(quiet);
    const int side = fontMetrics().height() + 2;
    for (std::size_t i = 0; i < m_squares.size(); ++i)
        m_squares[i]->setPixmap(verdictIcon(kVerdicts[i], isDark(palette()), side, devicePixelRatioF())
                                    .pixmap(QSize(side, side), devicePixelRatioF()));
}

void WelcomePage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (!m_squares.empty() && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange))
        applyTheme();
}

} // namespace fw
