// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace fw {

/// What the check of a file's Content Credentials (C2PA) came to.
enum class CredentialState {
    Absent,           ///< none in the file; says nothing either way
    Valid,            ///< bytes, assertions and signature agree; the issuer is not checked against a trust list
    ContentChanged,   ///< the signature holds, but the bytes that it binds are others
    ClaimChanged,     ///< the signature or an assertion's hash does not hold
    BindingUnchecked, ///< the signature holds; this kind of binding is not understood here
    Malformed,        ///< there, but not readable
};

/// A certificate of the signer's chain, leaf first. Shown, not trusted.
struct CredentialCertificate
{
    QString subject, issuer;   ///< "CN, O"
    QString notBefore, notAfter;
};

struct CredentialAction
{
    QString action;            ///< "c2pa.created"
    QString software;
    QString sourceType;        ///< last word of the digital source type, "trainedAlgorithmicMedia"
};

/// The active manifest of a file and what its check gave.
struct Credentials
{
    CredentialState state = CredentialState::Absent;
    QString reason;            ///< one sentence on the state
    QString title, generator, instanceId, algorithm;
    QStringList assertions;    ///< labels in the claim's order
    std::vector<CredentialAction> actions;
    QStringList ingredients;   ///< titles of what it was made from
    std::vector<CredentialCertificate> chain;
    bool chainConsistent = false; ///< each certificate is signed by the next
    int manifests = 0;         ///< in the store
};

/// Reads and checks the credentials of a JPEG or PNG file, offline. Untrusted input: damage gives
/// Malformed, never a crash. Errors only when the file cannot be read.
/// Source: C2PA technical specification 1.3 and 2.1; ISO 19566-5 (JUMBF); RFC 8152 (COSE).
Result<Credentials> readCredentials(const QString &path);

/// The same on bytes in memory.
Credentials checkCredentials(const QByteArray &file);

/// A stable word: "absent", "valid", "content-changed", "claim-changed", "binding-unchecked", "malformed".
QString credentialStateName(CredentialState state);

} // namespace fw
