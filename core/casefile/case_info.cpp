// SPDX-License-Identifier: GPL-3.0-or-later
#include "casefile/case_info.h"

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// Names every field once, for writing and for reading.
template <class Info, class Field> void eachField(Info &info, Field field)
{
    field(u"title"_s, info.title);
    field(u"number"_s, info.number);
    field(u"exhibit"_s, info.exhibit);
    field(u"requester"_s, info.requester);
    field(u"question"_s, info.question);
    field(u"hypothesisClaimed"_s, info.hypothesisClaimed);
    field(u"hypothesisAlternative"_s, info.hypothesisAlternative);
    field(u"examiner"_s, info.examiner);
    field(u"role"_s, info.role);
    field(u"organisation"_s, info.organisation);
}

} // namespace

QJsonObject toJson(const CaseInfo &info)
{
    QJsonObject object;
    eachField(info, [&](const QString &key, const QString &value) { object.insert(key, value); });
    return object;
}

CaseInfo caseInfoFromJson(const QJsonObject &object)
{
    CaseInfo info;
    eachField(info, [&](const QString &key, QString &value) { value = object.value(key).toString(); });
    return info;
}

} // namespace fw
