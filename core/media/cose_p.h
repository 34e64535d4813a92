// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "media/credentials.h"

namespace fw {

/// What a COSE_Sign1 structure said about the bytes it signs.
struct SignatureCheck
{
    bool holds = false;
    QString algorithm;  ///< "ES256", "PS256", "EdDSA", ...
    std::vector<CredentialCertificate> chain;
    bool chainConsistent = false;
};

/// Checks a COSE_Sign1 with a detached payload against the first certificate of its x5chain.
/// Errc::BadData when the structure, a certificate or the algorithm cannot be used.
Result<SignatureCheck> checkSign1(const QByteArray &cose, const QByteArray &payload);

} // namespace fw
