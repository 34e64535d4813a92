// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/cose_p.h"

#include "media/jumbf_p.h"

#include <QCborArray>
#include <QCborMap>
#include <QCborValue>

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

template <auto release> struct Releaser
{
    template <class T> void operator()(T *object) const { release(object); }
};
using Certificate = std::unique_ptr<X509, Releaser<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Releaser<ECDSA_SIG_free>>;

constexpr int kMostCertificates = 16;

struct Algorithm
{
    int id;
    const char *name;
    const char *hash; ///< null: the key's own
    enum Kind { Ec, Pss, Plain } kind;
};
constexpr Algorithm kAlgorithms[] = {{-7, "ES256", "SHA256", Algorithm::Ec},   {-35, "ES384", "SHA384", Algorithm::Ec},
                                     {-36, "ES512", "SHA512", Algorithm::Ec},  {-37, "PS256", "SHA256", Algorithm::Pss},
                                     {-38, "PS384", "SHA384", Algorithm::Pss}, {-39, "PS512", "SHA512", Algorithm::Pss},
                                     {-8, "EdDSA", nullptr, Algorithm::Plain}};

QString nameText(const X509_NAME *name)
{
    QStringList parts;
    for (const int field : {NID_commonName, NID_organizationName}) {
        const int at = X509_NAME_get_index_by_NID(const_cast<X509_NAME *>(name), field, -1);
        if (at < 0)
            continue;
        unsigned char *text = nullptr;
        const int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
        if (length > 0)
            parts << QString::fromUtf8(reinterpret_cast<const char *>(text), length);
        OPENSSL_free(text);
    }
    return parts.join(u", "_s);
}

QString timeText(const ASN1_TIME *time)
{
    tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return {};
    return u"%1-%2-%3"_s.arg(parts.tm_year + 1900)
        .arg(parts.tm_mon + 1, 2, 10, QChar(u'0')).arg(parts.tm_mday, 2, 10, QChar(u'0'));
}

Certificate readCertificate(const QByteArray &der)
{
    const auto *from = reinterpret_cast<const unsigned char *>(der.constData());
    return Certificate(d2i_X509(nullptr, &from, long(der.size())));
}

/// COSE gives r and s side by side; OpenSSL wants them as ASN.1.
QByteArray asn1Signature(const QByteArray &raw)
{
    const int half = int(raw.size() / 2);
    const auto *from = reinterpret_cast<const unsigned char *>(raw.constData());
    EcSignature signature(ECDSA_SIG_new());
    BIGNUM *r = BN_bin2bn(from, half, nullptr), *s = BN_bin2bn(from + half, half, nullptr);
    if (!signature || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char *der = nullptr;
    const int length = i2d_ECDSA_SIG(signature.get(), &der);
    const QByteArray result(reinterpret_cast<const char *>(der), std::max(length, 0));
    OPENSSL_free(der);
    return result;
}

bool verifies(EVP_PKEY *key, const Algorithm &algorithm, const QByteArray &signature, const QByteArray &bytes)
{
    const int type = EVP_PKEY_get_base_id(key);
    const bool fits = algorithm.kind == Algorithm::Ec ? type == EVP_PKEY_EC
        : algorithm.kind == Algorithm::Pss            ? type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS
                                                      : type == EVP_PKEY_ED25519 || type == EVP_PKEY_ED448;
    Digest digest(EVP_MD_CTX_new());
    EVP_PKEY_CTX *context = nullptr; // belongs to the digest
    const EVP_MD *hash = algorithm.hash ? EVP_get_digestbyname(algorithm.hash) : nullptr;
    if (!fits || !digest || EVP_DigestVerifyInit(digest.get(), &context, hash, nullptr, key) != 1)
        return false;
    if (algorithm.kind == Algorithm::Pss
        && (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1
            || EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1))
        return false;
    const QByteArray form = algorithm.kind == Algorithm::Ec ? asn1Signature(signature) : signature;
    return !form.isEmpty()
        && EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char *>(form.constData()), size_t(form.size()),
                            reinterpret_cast<const unsigned char *>(bytes.constData()), size_t(bytes.size())) == 1;
}

/// The certificates of header 33 ("x5chain"), protected or not, under its number or its name.
std::vector<QByteArray> certificatesOf(const QCborMap &guarded, const QCborMap &open)
{
    std::vector<QByteArray> result;
    for (const QCborMap &map : {guarded, open}) {
        for (const QCborValue &value : {map.value(33), map.value(u"x5chain"_s)}) {
            if (value.isByteArray())
                result.push_back(value.toByteArray());
            for (const QCborValue &item : value.toArray()) {
                if (item.isByteArray() && int(result.size()) < kMostCertificates)
                    result.push_back(item.toByteArray());
            }
            if (!result.empty())
                return result;
        }
    }
    return result;
}

} // namespace

Result<SignatureCheck> checkSign1(const QByteArray &cose, const QByteArray &payload)
{
    QCborValue value = wholeCbor(cose);
    if (value.isTag())
        value = value.taggedValue();
    const QCborArray parts = value.toArray();
    if (parts.size() != 4 || !parts.at(0).isByteArray() || !parts.at(3).isByteArray())
        return fail(Errc::BadData, u"the signature is no COSE structure"_s);
    const QCborMap guarded = wholeCbor(parts.at(0).toByteArray()).toMap();
    const auto id = guarded.value(1).toInteger();
    const auto algorithm = std::find_if(std::begin(kAlgorithms), std::end(kAlgorithms),
                                        [&](const Algorithm &a) { return a.id == id; });
    if (algorithm == std::end(kAlgorithms))
        return fail(Errc::BadData, u"the signature's algorithm (%1) is not supported"_s.arg(id));

    std::vector<Certificate> chain;
    for (const QByteArray &der : certificatesOf(guarded, parts.at(1).toMap())) {
        Certificate certificate = readCertificate(der);
        if (!certificate)
            return fail(Errc::BadData, u"a certificate of the signer cannot be read"_s);
        chain.push_back(std::move(certificate));
    }
    if (chain.empty())
        return fail(Errc::BadData, u"the signature names no certificate"_s);

    SignatureCheck check;
    check.algorithm = QString::fromLatin1(algorithm->name);
    check.chainConsistent = true;
    for (std::size_t i = 0; i < chain.size(); ++i) {
        X509 *one = chain[i].get();
        check.chain.push_back({nameText(X509_get_subject_name(one)), nameText(X509_get_issuer_name(one)),
                               timeText(X509_get0_notBefore(one)), timeText(X509_get0_notAfter(one))});
        if (i + 1 < chain.size()) {
            const Key above(X509_get_pubkey(chain[i + 1].get()));
            check.chainConsistent = check.chainConsistent && above && X509_verify(one, above.get()) == 1;
        }
    }
    const Key key(X509_get_pubkey(chain.front().get()));
    if (!key)
        return fail(Errc::BadData, u"the signer's certificate holds no usable key"_s);
    const QByteArray toSign = QCborValue(QCborArray{u"Signature1"_s, parts.at(0), QByteArray(), payload}).toCbor();
    check.holds = verifies(key.get(), *algorithm, parts.at(3).toByteArray(), toSign);
    return check;
}

} // namespace fw
