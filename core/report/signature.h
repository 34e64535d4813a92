// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <memory>

namespace fw {

/// A person's certificate with its private key. Signs a file as it is: the signature lies beside it,
/// so every form of a report can be signed and none is changed.
class Signer
{
public:
    /// Reads a PKCS #12 file (.p12, .pfx), which is what certificate authorities hand out.
    /// Errors: Errc::Mismatch for a wrong passphrase; Errc::Unreadable, Errc::BadData.
    static Result<Signer> open(const QString &pkcs12, const QString &passphrase);
    ~Signer();
    Signer(Signer &&) noexcept;

    QString name() const;        ///< whom the certificate names
    QString fingerprint() const; ///< SHA-256 of the certificate, hexadecimal
    /// Writes a detached CMS signature (RFC 5652, DER) to signaturePath(path). To check it:
    /// openssl cms -verify -binary -inform DER -in F.p7s -content F -CAfile AUTHORITY.pem
    Result<void> sign(const QString &path) const;
    static QString signaturePath(const QString &path) { return path + QStringLiteral(".p7s"); }

private:
    struct Impl;
    explicit Signer(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace fw
