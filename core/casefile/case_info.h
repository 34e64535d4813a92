// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

namespace fw {

/// Control data of a case, as the report's cover prints it. All optional text.
struct CaseInfo
{
    QString title, number, exhibit, requester, question, hypothesisClaimed, hypothesisAlternative;
    QString examiner, role, organisation;
    friend bool operator==(const CaseInfo &, const CaseInfo &) = default;
};

/// One form for the case file, its audit log and the JSON report: a key for each field, by its name.
QJsonObject toJson(const CaseInfo &info);
/// Missing keys give empty text, so that later formats may add some.
CaseInfo caseInfoFromJson(const QJsonObject &object);

} // namespace fw
