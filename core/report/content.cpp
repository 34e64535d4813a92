// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/content.h"

#include "report/words.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw::report {

std::vector<Listed> listFindings(const ReportData &data)
{
    std::vector<Listed> all;
    for (const ReportEvidence &evidence : data.evidence) {
        std::vector<Listed> here;
        for (const MethodResult &result : evidence.results) {
            for (const Finding &finding : result.result.findings)
                here.push_back({&evidence, &result, &finding, {}, {}});
        }
        std::ranges::stable_sort(here, [](const Listed &a, const Listed &b) {
            const int ra = attentionRank(a.finding->verdict), rb = attentionRank(b.finding->verdict);
            return ra != rb ? ra < rb
                            : a.finding->strength.value_or(-1) > b.finding->strength.value_or(-1);
        });
        all.insert(all.end(), here.begin(), here.end());
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].number = u"F%1"_s.arg(i + 1);
        all[i].anchor = u"finding-%1"_s.arg(i + 1);
    }
    return all;
}

QString evidenceNumber(const ReportData &data, const ReportEvidence &evidence)
{
    for (std::size_t i = 0; i < data.evidence.size(); ++i) {
        if (&data.evidence[i] == &evidence)
            return u"E%1"_s.arg(i + 1);
    }
    return u"E?"_s;
}

Document buildDocument(const ReportData &data)
{
    const std::vector<Listed> findings = listFindings(data);
    Document document;
    document.title = u"Report on an examination of recordings"_s;
    document.subject = !data.info.title.isEmpty()    ? data.info.title
                       : !data.info.number.isEmpty() ? u"Case "_s + data.info.number
                                                     : u"Untitled case"_s;
    document.reportNumber = reportNumber(data);
    document.headHash = data.audit.headHash;
    addCover(data, findings, &document);
    addEvidence(data, &document);
    addFindings(data, findings, &document);
    addMethods(data, &document);
    addExaminersPart(data, &document);
    addBackMatter(data, findings, &document);
    return document;
}

} // namespace fw::report
