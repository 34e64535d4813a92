// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "casefile/case_file.h"

#include <QDialog>

class QFormLayout;
class QLineEdit;
class QPlainTextEdit;

namespace fw {

/// Edits what the report's cover prints. All fields may stay empty.
class CaseInfoDialog : public QDialog
{
    Q_OBJECT
public:
    explicit CaseInfoDialog(const CaseInfo &info, QWidget *parent = nullptr);

    CaseInfo info() const; ///< trimmed

private:
    struct Line
    {
        QString CaseInfo::*field;
        QLineEdit *edit;
    };
    struct Block
    {
        QString CaseInfo::*field;
        QPlainTextEdit *edit;
    };
    void addLine(QFormLayout *form, const QString &title, QString CaseInfo::*field, const QString &hint = {});
    void addBlock(QFormLayout *form, const QString &title, QString CaseInfo::*field, const QString &hint);

    CaseInfo m_before;
    std::vector<Line> m_lines;
    std::vector<Block> m_blocks;
};

} // namespace fw
