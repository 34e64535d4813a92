// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/signature.h"

#include "report/target_file.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <QFile>
#include <QIODevice>

#include <array>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

template <auto Free> struct Release
{
    template <class T> void operator()(T *object) const { Free(object); }
};
using BioPtr = std::unique_ptr<BIO, Release<BIO_free_all>>;
using Pkcs12Ptr = std::unique_ptr<PKCS12, Release<PKCS12_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Release<X509_free>>;
using CmsPtr = std::unique_ptr<CMS_ContentInfo, Release<CMS_ContentInfo_free>>;

void freeChain(STACK_OF(X509) * chain)
{
    sk_X509_pop_free(chain, X509_free);
}
using ChainPtr = std::unique_ptr<STACK_OF(X509), Release<freeChain>>;

/// What OpenSSL complained of last, in its words.
QString reason()
{
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    const char *words = code ? ERR_reason_error_string(code) : nullptr;
    return words ? QString::fromUtf8(words) : u"no reason given"_s;
}

} // namespace

struct Signer::Impl
{
    KeyPtr key;
    CertificatePtr certificate;
    ChainPtr chain; ///< of authorities in between; may be null
};

Signer::Signer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Signer::~Signer() = default;
Signer::Signer(Signer &&) noexcept = default;

Result<Signer> Signer::open(const QString &pkcs12, const QString &passphrase)
{
    ERR_clear_error();
    const BioPtr file(BIO_new_file(QFile::encodeName(pkcs12).constData(), "rb"));
    if (!file)
        return fail(Errc::Unreadable, u"the certificate cannot be opened (%1)"_s.arg(reason()), pkcs12);
    const Pkcs12Ptr box(d2i_PKCS12_bio(file.get(), nullptr));
    if (!box)
        return fail(Errc::BadData, u"this is no PKCS #12 file (.p12 or .pfx)"_s, pkcs12);
    const QByteArray secret = passphrase.toUtf8();
    if (PKCS12_verify_mac(box.get(), secret.constData(), int(secret.size())) != 1)
        return fail(Errc::Mismatch, u"the passphrase does not open the certificate"_s, pkcs12);
    EVP_PKEY *key = nullptr;
    X509 *certificate = nullptr;
    STACK_OF(X509) *chain = nullptr;
    const bool parsed = PKCS12_parse(box.get(), secret.constData(), &key, &certificate, &chain) == 1;
    auto impl = std::make_unique<Impl>();
    impl->key.reset(key);
    impl->certificate.reset(certificate);
    impl->chain.reset(chain);
    if (!parsed)
        return fail(Errc::BadData, u"the certificate cannot be used (%1)"_s.arg(reason()), pkcs12);
    if (!key || !certificate)
        return fail(Errc::BadData, u"the file lacks a certificate or its private key"_s, pkcs12);
    return Signer(std::move(impl));
}

QString Signer::name() const
{
    std::array<char, 256> text{};
    const int length = X509_NAME_get_text_by_NID(X509_get_subject_name(m_impl->certificate.get()),
                                                 NID_commonName, text.data(), int(text.size()));
    return length > 0 ? QString::fromUtf8(text.data(), length) : u"(no name)"_s;
}

QString Signer::fingerprint() const
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (X509_digest(m_impl->certificate.get(), EVP_sha256(), digest.data(), &length) != 1)
        return {};
    return QString::fromLatin1(
        QByteArray(reinterpret_cast<const char *>(digest.data()), int(length)).toHex());
}

Result<void> Signer::sign(const QString &path) const
{
    ERR_clear_error();
    const BioPtr content(BIO_new_file(QFile::encodeName(path).constData(), "rb"));
    if (!content)
        return fail(Errc::Unreadable, u"the file to be signed cannot be opened (%1)"_s.arg(reason()), path);
    const CmsPtr cms(CMS_sign(m_impl->certificate.get(), m_impl->key.get(), m_impl->chain.get(),
                              content.get(), CMS_DETACHED | CMS_BINARY));
    const BioPtr memory(BIO_new(BIO_s_mem()));
    if (!cms || !memory || i2d_CMS_bio(memory.get(), cms.get()) != 1)
        return fail(Errc::Internal, u"the file could not be signed (%1)"_s.arg(reason()), path);
    char *bytes = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &bytes);
    return report::writeTarget(signaturePath(path), [&](QIODevice &device) -> Result<void> {
        if (device.write(bytes, size) != size)
            return fail(Errc::Unwritable, device.errorString(), signaturePath(path));
        return {};
    });
}

} // namespace fw
