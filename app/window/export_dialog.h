// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "work/case_work.h"

#include <QDialog>

class QCheckBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;

namespace fw {

/// Asks where the report goes, in which forms, and whether it is signed. All files share one name.
class ExportDialog : public QDialog
{
    Q_OBJECT
public:
    /// @param suggestion  path without a suffix.
    explicit ExportDialog(const QString &suggestion, QWidget *parent = nullptr);
    ReportTargets targets() const;

private:
    void browse();
    void browseCertificate();
    void check();

    QLineEdit *m_path;
    QCheckBox *m_pdf, *m_html, *m_json, *m_csv, *m_openFace, *m_sign;
    QLineEdit *m_certificate, *m_passphrase;
    QLabel *m_note;
    QDialogButtonBox *m_buttons;
};

} // namespace fw
