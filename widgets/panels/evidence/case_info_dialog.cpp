// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/evidence/case_info_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace fw {

CaseInfoDialog::CaseInfoDialog(const CaseInfo &info, QWidget *parent) : QDialog(parent), m_before(info)
{
    setWindowTitle(tr("Case data"));
    resize(560, 0);
    auto *form = new QFormLayout;
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    addLine(form, tr("&Title"), &CaseInfo::title);
    addLine(form, tr("Case &number"), &CaseInfo::number);
    addLine(form, tr("E&xhibit"), &CaseInfo::exhibit);
    addLine(form, tr("Requested &by"), &CaseInfo::requester);
    addBlock(form, tr("&Question"), &CaseInfo::question, tr("What is to be found out?"));
    addBlock(form, tr("&Claimed"), &CaseInfo::hypothesisClaimed,
             tr("What the recording is said to show, for example: recorded in one take, unedited"));
    addBlock(form, tr("&Alternative"), &CaseInfo::hypothesisAlternative,
             tr("What it is weighed against, for example: the face was replaced"));
    addLine(form, tr("&Examiner"), &CaseInfo::examiner);
    addLine(form, tr("&Role"), &CaseInfo::role);
    addLine(form, tr("&Organisation"), &CaseInfo::organisation);

    auto *hint = new QLabel(tr("Printed on the cover of the report. Every field may stay empty."));
    hint->setWordWrap(true);
    auto *box = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    connect(box, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(box, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(hint);
    layout->addLayout(form);
    layout->addWidget(box);
}

void CaseInfoDialog::addLine(QFormLayout *form, const QString &title, QString CaseInfo::*field,
                             const QString &hint)
{
    auto *edit = new QLineEdit(m_before.*field);
    edit->setPlaceholderText(hint);
    edit->setAccessibleName(QString(title).remove(u'&'));
    form->addRow(title, edit);
    m_lines.push_back({field, edit});
}

void CaseInfoDialog::addBlock(QFormLayout *form, const QString &title, QString CaseInfo::*field,
                              const QString &hint)
{
    auto *edit = new QPlainTextEdit(m_before.*field);
    edit->setPlaceholderText(hint);
    edit->setTabChangesFocus(true);
    edit->setFixedHeight(edit->fontMetrics().height() * 3 + 12);
    edit->setAccessibleName(QString(title).remove(u'&'));
    form->addRow(title, edit);
    m_blocks.push_back({field, edit});
}

CaseInfo CaseInfoDialog::info() const
{
    CaseInfo info = m_before;
    for (const Line &line : m_lines)
        info.*line.field = line.edit->text().trimmed();
    for (const Block &block : m_blocks)
        info.*block.field = block.edit->toPlainText().trimmed();
    return info;
}

} // namespace fw
