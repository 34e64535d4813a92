// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "detect/manifest.h"

#include <QJsonObject>
#include <QWidget>

#include <functional>
#include <vector>

class QFormLayout;
class QPushButton;

namespace fw {

/// The options of one method as a form: numbers with unit and range, check boxes, choices, files. A method
/// without options says so.
class OptionForm : public QWidget
{
    Q_OBJECT
public:
    /// @param given  values that differ from the defaults; unknown names are ignored.
    OptionForm(const Manifest &manifest, const QJsonObject &given, QWidget *parent = nullptr);

    /// Only what differs from the defaults: what a MethodChoice wants.
    QJsonObject values() const;
    void reset();

Q_SIGNALS:
    void changed();

private:
    struct Field
    {
        QString name;
        std::function<QJsonValue()> get; ///< undefined while the field shows its default
        std::function<void()> reset;
    };
    void addField(QFormLayout *form, const OptionSpec &spec, const QJsonValue &given);
    QWidget *makeNumber(const OptionSpec &spec, const QJsonValue &given, Field &field);
    QWidget *makeInteger(const OptionSpec &spec, const QJsonValue &given, Field &field);
    QWidget *makeCheck(const OptionSpec &spec, const QJsonValue &given, Field &field);
    QWidget *makeChoice(const OptionSpec &spec, const QJsonValue &given, Field &field);
    QWidget *makeFile(const OptionSpec &spec, const QJsonValue &given, Field &field);
    void noteChange();

    std::vector<Field> m_fields;
    QPushButton *m_reset = nullptr;
};

} // namespace fw
