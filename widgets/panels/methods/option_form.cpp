// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/methods/option_form.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// Enough decimals to show the default and both ends of the range without loss.
int decimalsFor(const OptionSpec &spec)
{
    int most = 2;
    for (const double value : {spec.fallback.toDouble(), spec.min.value_or(0), spec.max.value_or(0)}) {
        double scaled = std::abs(value);
        int needed = 0;
        while (needed < 8 && std::abs(scaled - std::round(scaled)) > 1e-9 * std::max(1.0, scaled)) {
            scaled *= 10;
            ++needed;
        }
        most = std::max(most, needed);
    }
    return most;
}

QString suffixOf(const OptionSpec &spec)
{
    return spec.unit.isEmpty() || spec.unit == u"1" ? QString() : u' ' + spec.unit;
}

QString aboutOf(const OptionSpec &spec)
{
    QStringList parts;
    if (!spec.about.isEmpty())
        parts << spec.about;
    if (spec.min && spec.max)
        parts << OptionForm::tr("From %1 to %2%3.").arg(*spec.min).arg(*spec.max).arg(suffixOf(spec));
    return parts.join(u'\n');
}

} // namespace

OptionForm::OptionForm(const Manifest &manifest, const QJsonObject &given, QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(8, 8, 8, 8);
    if (manifest.options.empty()) {
        auto *none = new QLabel(tr("This method has no options."));
        none->setWordWrap(true);
        column->addWidget(none);
        column->addStretch();
        return;
    }
    auto *form = new QFormLayout;
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const OptionSpec &spec : manifest.options)
        addField(form, spec, given.value(spec.name));
    column->addLayout(form);
    m_reset = new QPushButton(tr("Reset to defaults"));
    connect(m_reset, &QPushButton::clicked, this, &OptionForm::reset);
    column->addWidget(m_reset, 0, Qt::AlignLeft);
    column->addStretch();
    m_reset->setEnabled(!values().isEmpty());
}

void OptionForm::addField(QFormLayout *form, const OptionSpec &spec, const QJsonValue &given)
{
    Field field;
    field.name = spec.name;
    QWidget *editor = nullptr;
    switch (spec.type) {
    case OptionSpec::Type::Number:
        editor = makeNumber(spec, given, field);
        break;
    case OptionSpec::Type::Integer:
        editor = makeInteger(spec, given, field);
        break;
    case OptionSpec::Type::Boolean:
        editor = makeCheck(spec, given, field);
        break;
    case OptionSpec::Type::Choice:
        editor = makeChoice(spec, given, field);
        break;
    case OptionSpec::Type::File:
        editor = makeFile(spec, given, field);
        break;
    }
    const QString title = spec.title.isEmpty() ? spec.name : spec.title;
    editor->setObjectName(spec.name);
    editor->setAccessibleName(title);
    editor->setAccessibleDescription(aboutOf(spec));
    editor->setToolTip(aboutOf(spec));
    auto *label = new QLabel(title);
    label->setWordWrap(true);
    label->setBuddy(editor);
    label->setToolTip(aboutOf(spec));
    form->addRow(label, editor);
    m_fields.push_back(std::move(field));
}

QWidget *OptionForm::makeNumber(const OptionSpec &spec, const QJsonValue &given, Field &field)
{
    auto *box = new QDoubleSpinBox;
    box->setDecimals(decimalsFor(spec));
    box->setRange(spec.min.value_or(-1e9), spec.max.value_or(1e9));
    box->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    box->setSuffix(suffixOf(spec));
    box->setValue(spec.fallback.toDouble());
    const double shownDefault = box->value(); // as the box rounds it
    if (given.isDouble())
        box->setValue(given.toDouble());
    field.get = [box, shownDefault] {
        return box->value() == shownDefault ? QJsonValue(QJsonValue::Undefined) : QJsonValue(box->value());
    };
    field.reset = [box, shownDefault] { box->setValue(shownDefault); };
    connect(box, &QDoubleSpinBox::valueChanged, this, &OptionForm::noteChange);
    return box;
}

QWidget *OptionForm::makeInteger(const OptionSpec &spec, const QJsonValue &given, Field &field)
{
    constexpr double kLeast = std::numeric_limits<int>::min(), kMost = std::numeric_limits<int>::max();
    auto *box = new QSpinBox;
    box->setRange(int(std::clamp(spec.min.value_or(kLeast), kLeast, kMost)),
                  int(std::clamp(spec.max.value_or(kMost), kLeast, kMost)));
    box->setSuffix(suffixOf(spec));
    const int fallback = spec.fallback.toInt();
    box->setValue(given.isDouble() ? given.toInt(fallback) : fallback);
    field.get = [box, fallback] {
        return box->value() == fallback ? QJsonValue(QJsonValue::Undefined) : QJsonValue(box->value());
    };
    field.reset = [box, fallback] { box->setValue(fallback); };
    connect(box, &QSpinBox::valueChanged, this, &OptionForm::noteChange);
    return box;
}

QWidget *OptionForm::makeCheck(const OptionSpec &spec, const QJsonValue &given, Field &field)
{
    auto *box = new QCheckBox;
    const bool fallback = spec.fallback.toBool();
    box->setChecked(given.toBool(fallback));
    field.get = [box, fallback] {
        return box->isChecked() == fallback ? QJsonValue(QJsonValue::Undefined)
                                            : QJsonValue(box->isChecked());
    };
    field.reset = [box, fallback] { box->setChecked(fallback); };
    connect(box, &QCheckBox::toggled, this, &OptionForm::noteChange);
    return box;
}

QWidget *OptionForm::makeChoice(const OptionSpec &spec, const QJsonValue &given, Field &field)
{
    auto *box = new QComboBox;
    box->addItems(spec.choices);
    const QString fallback = spec.fallback.toString();
    box->setCurrentText(fallback);
    if (given.isString() && spec.choices.contains(given.toString()))
        box->setCurrentText(given.toString());
    field.get = [box, fallback] {
        return box->currentText() == fallback ? QJsonValue(QJsonValue::Undefined)
                                              : QJsonValue(box->currentText());
    };
    field.reset = [box, fallback] { box->setCurrentText(fallback); };
    connect(box, &QComboBox::currentIndexChanged, this, &OptionForm::noteChange);
    return box;
}

QWidget *OptionForm::makeFile(const OptionSpec &spec, const QJsonValue &given, Field &field)
{
    auto *line = new QLineEdit(given.toString());
    line->setPlaceholderText(tr("no file"));
    line->setClearButtonEnabled(true);
    const QString title = spec.title.isEmpty() ? spec.name : spec.title;
    auto *open = line->addAction(style()->standardIcon(QStyle::SP_DirOpenIcon), QLineEdit::TrailingPosition);
    open->setText(tr("Choose a file"));
    open->setToolTip(tr("Choose a file"));
    connect(open, &QAction::triggered, line, [this, line, title] {
        auto *dialog = new QFileDialog(this, title, QFileInfo(line->text()).path());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, line, &QLineEdit::setText);
        dialog->open();
    });
    field.get = [line] {
        return line->text().isEmpty() ? QJsonValue(QJsonValue::Undefined) : QJsonValue(line->text());
    };
    field.reset = [line] { line->clear(); };
    connect(line, &QLineEdit::textChanged, this, &OptionForm::noteChange);
    return line;
}

QJsonObject OptionForm::values() const
{
    QJsonObject values;
    for (const Field &field : m_fields) {
        const QJsonValue value = field.get();
        if (!value.isUndefined())
            values.insert(field.name, value);
    }
    return values;
}

void OptionForm::reset()
{
    for (const Field &field : m_fields)
        field.reset();
}

void OptionForm::noteChange()
{
    if (m_reset)
        m_reset->setEnabled(!values().isEmpty());
    Q_EMIT changed();
}

} // namespace fw
