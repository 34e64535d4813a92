// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QCborArray>
#include <QCborMap>
#include <QCborValue>
#include <QCryptographicHash>
#include <QtEndian>

#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace fw::test {

inline QByteArray box(const QByteArray &type, const QByteArray &body)
{
    QByteArray size(4, '\0');
    qToBigEndian(quint32(body.size() + 8), size.data());
    return size + type + body;
}

/// A superbox's content: description, then children.
inline QByteArray described(const QByteArray &label, const QByteArray &children)
{
    return box("jumd", QByteArray(16, 'x') + '\x03' + label + '\0') + children;
}

/// A COSE_Sign1 over `payload` with a fresh key and a certificate that it signs itself.
inline QByteArray signature(const QByteArray &payload)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char *>("Test Signer"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    unsigned char *der = nullptr;
    const int length = i2d_X509(certificate, &der);
    const QByteArray chain(reinterpret_cast<const char *>(der), length);
    OPENSSL_free(der);

    const QByteArray guarded = QCborMap{{1, -7}, {33, QCborValue(chain)}}.toCborValue().toCbor();
    const QByteArray bytes = QCborValue(QCborArray{QStringLiteral("Signature1"), guarded, QByteArray(), payload}).toCbor();
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    EVP_DigestSignInit(digest, nullptr, EVP_sha256(), nullptr, key);
    size_t size = 0;
    EVP_DigestSign(digest, nullptr, &size, reinterpret_cast<const unsigned char *>(bytes.constData()), size_t(bytes.size()));
    QByteArray asn1(qsizetype(size), '\0');
    EVP_DigestSign(digest, reinterpret_cast<unsigned char *>(asn1.data()), &size,
                   reinterpret_cast<const unsigned char *>(bytes.constData()), size_t(bytes.size()));
    const auto *from = reinterpret_cast<const unsigned char *>(asn1.constData());
    ECDSA_SIG *parts = d2i_ECDSA_SIG(nullptr, &from, long(size));
    QByteArray raw(64, '\0');
    BN_bn2binpad(ECDSA_SIG_get0_r(parts), reinterpret_cast<unsigned char *>(raw.data()), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(parts), reinterpret_cast<unsigned char *>(raw.data()) + 32, 32);
    ECDSA_SIG_free(parts);
    EVP_MD_CTX_free(digest);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return QCborValue(QCborTag(18), QCborArray{guarded, QCborMap(), QCborValue(), raw}).toCbor();
}

/// A JPEG with credentials that bind all of its bytes but their own segment.
inline QByteArray signedPicture(const QByteArray &jpeg, const QString &sourceType)
{
    const auto assertion = [](const QByteArray &label, const QCborMap &value) {
        return described(label, box("cbor", value.toCborValue().toCbor()));
    };
    const QByteArray actions = assertion("c2pa.actions", QCborMap{{QStringLiteral("actions"), QCborArray{QCborMap{
        {QStringLiteral("action"), QStringLiteral("c2pa.created")},
        {QStringLiteral("digitalSourceType"), QStringLiteral("http://cv.iptc.org/newscodes/digitalsourcetype/") + sourceType}}}}});
    // The length of the excluded segment is written with fixed width, so that a second pass changes no size.
    qint64 excluded = 0x10000;
    for (;;) {
        const QByteArray hash = assertion("c2pa.hash.data", QCborMap{
            {QStringLiteral("alg"), QStringLiteral("sha256")},
            {QStringLiteral("hash"), QCborValue(QCryptographicHash::hash(jpeg, QCryptographicHash::Sha256))},
            {QStringLiteral("exclusions"), QCborArray{QCborMap{{QStringLiteral("start"), 2}, {QStringLiteral("length"), excluded}}}}});
        const auto listed = [](const QString &name, const QByteArray &content) {
            return QCborMap{{QStringLiteral("url"), QStringLiteral("self#jumbf=c2pa.assertions/") + name},
                            {QStringLiteral("hash"), QCborValue(QCryptographicHash::hash(content, QCryptographicHash::Sha256))}};
        };
        const QByteArray claim = QCborMap{
            {QStringLiteral("dc:title"), QStringLiteral("a test")},
            {QStringLiteral("claim_generator"), QStringLiteral("a test")},
            {QStringLiteral("alg"), QStringLiteral("sha256")},
            {QStringLiteral("assertions"), QCborArray{listed(QStringLiteral("c2pa.actions"), actions), listed(QStringLiteral("c2pa.hash.data"), hash)}}}
            .toCborValue().toCbor();
        const QByteArray manifest = described("urn:test",
            box("jumb", described("c2pa.assertions", box("jumb", actions) + box("jumb", hash)))
            + box("jumb", described("c2pa.claim", box("cbor", claim)))
            + box("jumb", described("c2pa.signature", box("cbor", signature(claim)))));
        const QByteArray store = box("jumb", described("c2pa", box("jumb", manifest)));
        QByteArray head("\xFF\xEB\0\0JP\0\1\0\0\0\1", 12);
        qToBigEndian(quint16(store.size() + 10), head.data() + 2);
        if (excluded == head.size() + store.size())
            return jpeg.left(2) + head + store + jpeg.mid(2);
        excluded = head.size() + store.size();
    }
}

} // namespace fw::test
