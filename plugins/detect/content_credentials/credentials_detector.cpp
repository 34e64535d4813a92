// SPDX-License-Identifier: GPL-3.0-or-later
#include "credentials_detector.h"

using namespace Qt::StringLiterals;

namespace fw {
namespace {

const QString kNotTrusted = u"The signer's certificate was not checked against a trust list: anyone can make one with any name."_s;

QString signerOf(const Credentials &credentials)
{
    return credentials.chain.empty() ? u"an unnamed signer"_s : u"\"%1\""_s.arg(credentials.chain.front().subject);
}

/// Does the claim itself declare that a trained model made the picture?
bool declaresGenerated(const Credentials &credentials)
{
    for (const CredentialAction &action : credentials.actions) {
        if (action.sourceType.contains(u"trainedAlgorithmicMedia"_s, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

} // namespace

Finding credentialFinding(const Credentials &credentials)
{
    Finding finding;
    finding.id = u"content_credentials.file"_s;
    finding.title = u"Content Credentials"_s;
    finding.summary = credentials.reason;
    finding.limits = {kNotTrusted, u"Time stamps, revocation and the credentials of ingredients are not checked."_s};
    switch (credentials.state) {
    case CredentialState::Absent:
        finding.verdict = Verdict::NotApplicable;
        finding.limits = {u"Absence says nothing: most cameras write none and most platforms remove them."_s};
        break;
    case CredentialState::Valid:
        finding.verdict = Verdict::Consistent;
        finding.summary += u" Signed by %1 (%2)."_s.arg(signerOf(credentials), credentials.algorithm);
        if (declaresGenerated(credentials)) {
            finding.verdict = Verdict::Suspicious;
            finding.strength = 0.9;
            finding.supports = {u"The signed actions declare that a trained model made the picture or a part of it."_s};
        }
        finding.against = {u"The bytes are those that %1 signed; that says who vouches, not that the scene is real."_s.arg(signerOf(credentials))};
        if (!credentials.chainConsistent)
            finding.against.append(u"The certificates of the chain do not sign one another."_s);
        break;
    case CredentialState::ContentChanged:
        finding.verdict = Verdict::Suspicious;
        finding.strength = 0.8;
        finding.supports = {u"The signature of %1 holds, but not for these bytes."_s.arg(signerOf(credentials))};
        finding.against = {u"Programs that do not know of credentials change bytes when they only rotate, tag or strip a file."_s};
        break;
    case CredentialState::ClaimChanged:
        finding.verdict = Verdict::Suspicious;
        finding.strength = 0.9;
        finding.supports = {u"Statements about the file's history were changed after %1 signed them."_s.arg(signerOf(credentials))};
        finding.against = {u"Damage in storage or transfer changes bytes as well."_s};
        break;
    case CredentialState::BindingUnchecked:
    case CredentialState::Malformed:
        finding.verdict = Verdict::Inconclusive;
        break;
    }
    return finding;
}

Table credentialTable(const Credentials &credentials)
{
    Table table;
    table.id = u"credentials"_s;
    table.title = u"Content Credentials"_s;
    table.about = u"Of the active manifest, as declared by its signer. "_s + kNotTrusted;
    table.columns = {{u"Fact"_s, {}}, {u"Value"_s, {}}};
    const auto add = [&](const QString &fact, const QString &value) {
        if (!value.isEmpty())
            table.rows.push_back(QJsonArray{fact, value});
    };
    add(u"State"_s, credentialStateName(credentials.state));
    add(u"Title"_s, credentials.title);
    add(u"Made by program"_s, credentials.generator);
    add(u"Instance"_s, credentials.instanceId);
    add(u"Signature algorithm"_s, credentials.algorithm);
    add(u"Manifests in the store"_s, QString::number(credentials.manifests));
    for (const CredentialCertificate &certificate : credentials.chain)
        add(u"Certificate"_s, u"%1; issued by %2; valid %3 to %4"_s.arg(certificate.subject, certificate.issuer,
                                                                       certificate.notBefore, certificate.notAfter));
    if (!credentials.chain.empty())
        add(u"Chain"_s, credentials.chainConsistent ? u"each certificate is signed by the next; not checked against a trust list"_s
                                                    : u"the certificates do not sign one another"_s);
    for (const CredentialAction &action : credentials.actions)
        add(u"Action"_s, QStringList{action.action, action.software, action.sourceType}.join(u" · "_s));
    for (const QString &ingredient : credentials.ingredients)
        add(u"Ingredient"_s, ingredient);
    for (const QString &assertion : credentials.assertions)
        add(u"Assertion"_s, assertion);
    return table;
}

Result<void> CredentialsDetector::begin(const ClipFacts &clip, const JobContext &job)
{
    if (job.stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    if (!clip.credentials)
        return fail(Errc::NotApplicable, u"credentials are read from JPEG and PNG files only"_s);
    m_credentials = clip.credentials;
    return {};
}

Result<void> CredentialsDetector::frame(const FrameBundle &)
{
    return {};
}

Result<AnalysisResult> CredentialsDetector::finish(const Ledger &)
{
    AnalysisResult result;
    result.findings.push_back(credentialFinding(*m_credentials));
    if (m_credentials->state != CredentialState::Absent)
        result.measured.tables.push_back(credentialTable(*m_credentials));
    return result;
}

} // namespace fw
