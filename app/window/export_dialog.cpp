// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/export_dialog.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace fw {

ExportDialog::ExportDialog(const QString &suggestion, QWidget *parent)
    : QDialog(parent), m_path(new QLineEdit(suggestion, this)), m_pdf(new QCheckBox(tr("PDF, for reading and for court"), this)),
      m_html(new QCheckBox(tr("HTML, one page with descriptions of all figures"), this)),
      m_json(new QCheckBox(tr("JSON, all results"), this)), m_csv(new QCheckBox(tr("CSV, all traces"), this)),
      m_openFace(new QCheckBox(tr("CSV in OpenFace's columns, the faces"), this)),
      m_sign(new QCheckBox(tr("Si&gn, with a signature file beside each form"), this)), m_certificate(new QLineEdit(this)),
      m_passphrase(new QLineEdit(this)), m_note(new QLabel(this)), m_buttons(new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this))
{
    setWindowTitle(tr("Export report"));
    m_pdf->setChecked(true);
    m_path->setMinimumWidth(420);
    m_path->setAccessibleName(tr("Path of the report without a suffix"));
    m_note->setWordWrap(true);
    auto *browseButton = new QPushButton(tr("&Browse…"), this);
    m_certificate->setPlaceholderText(tr("PKCS #12 file (.p12, .pfx)"));
    m_certificate->setAccessibleName(tr("Certificate to sign with"));
    m_passphrase->setEchoMode(QLineEdit::Password);
    m_passphrase->setAccessibleName(tr("Passphrase of the certificate"));
    auto *certificateButton = new QPushButton(tr("B&rowse…"), this);
    for (QWidget *part : {static_cast<QWidget *>(m_certificate), static_cast<QWidget *>(m_passphrase),
                          static_cast<QWidget *>(certificateButton)}) {
        part->setEnabled(false);
        connect(m_sign, &QCheckBox::toggled, part, &QWidget::setEnabled);
    }
    connect(certificateButton, &QPushButton::clicked, this, &ExportDialog::browseCertificate);
    connect(m_certificate, &QLineEdit::textChanged, this, &ExportDialog::check);
    auto *row = new QHBoxLayout;
    row->addWidget(m_path, 1);
    row->addWidget(browseButton);
    auto *form = new QFormLayout(this);
    form->addRow(tr("Save &as"), row);
    form->addRow(tr("Forms"), m_pdf);
    for (QCheckBox *box : {m_html, m_json, m_csv, m_openFace})
        form->addRow(QString(), box);
    form->addRow(tr("Signature"), m_sign);
    auto *certificateRow = new QHBoxLayout;
    certificateRow->addWidget(m_certificate, 1);
    certificateRow->addWidget(certificateButton);
    form->addRow(tr("&Certificate"), certificateRow);
    form->addRow(tr("&Passphrase"), m_passphrase);
    form->addRow(m_note);
    form->addRow(m_buttons);
    connect(browseButton, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_path, &QLineEdit::textChanged, this, &ExportDialog::check);
    for (QCheckBox *box : {m_pdf, m_html, m_json, m_csv, m_openFace, m_sign})
        connect(box, &QCheckBox::toggled, this, &ExportDialog::check);
    check();
}

void ExportDialog::browse()
{
    QString path = QFileDialog::getSaveFileName(this, windowTitle(), m_path->text(), QString(), nullptr,
                                                QFileDialog::DontConfirmOverwrite);
    for (const QString &suffix : {u".pdf"_s, u".html"_s, u".json"_s, u".openface.csv"_s, u".csv"_s}) {
        if (path.endsWith(suffix, Qt::CaseInsensitive))
            path.chop(suffix.size());
    }
    if (!path.isEmpty())
        m_path->setText(path);
}

void ExportDialog::browseCertificate()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Certificate"), m_certificate->text(),
                                                      tr("Certificates (*.p12 *.pfx);;All files (*)"));
    if (!path.isEmpty())
        m_certificate->setText(path);
}

ReportTargets ExportDialog::targets() const
{
    const QString base = QFileInfo(m_path->text().trimmed()).absoluteFilePath();
    const auto target = [&](const QCheckBox *box, const QString &suffix) {
        return box->isChecked() ? base + suffix : QString();
    };
    return {target(m_pdf, u".pdf"_s), target(m_html, u".html"_s), target(m_json, u".json"_s), target(m_csv, u".csv"_s),
            m_sign->isChecked() ? m_certificate->text().trimmed() : QString(), m_passphrase->text(),
            target(m_openFace, u".openface.csv"_s)};
}

void ExportDialog::check()
{
    QStringList replaced;
    bool any = false;
    const ReportTargets wanted = targets();
    for (const QString &path : {wanted.pdf, wanted.html, wanted.json, wanted.csv, wanted.openFace}) {
        any = any || !path.isEmpty();
        if (!path.isEmpty() && QFileInfo::exists(path))
            replaced << QFileInfo(path).fileName();
    }
    const bool named = !m_path->text().trimmed().isEmpty();
    const bool signable = !m_sign->isChecked() || QFileInfo(wanted.certificate).isFile();
    m_buttons->button(QDialogButtonBox::Save)->setEnabled(any && named && signable);
    if (!signable)
        m_note->setText(tr("Choose the certificate to sign with."));
    else if (!any)
        m_note->setText(tr("Choose at least one form."));
    else if (!replaced.isEmpty())
        m_note->setText(tr("Will be replaced: %1").arg(replaced.join(u", "_s)));
    else
        m_note->setText(tr("The evidence files are read again and their hashes compared; this can take a while."));
}

} // namespace fw
