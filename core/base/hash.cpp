// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"

#include <QFile>

#include <openssl/evp.h>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

struct ContextDeleter
{
    void operator()(EVP_MD_CTX *c) const { EVP_MD_CTX_free(c); }
};
using Context = std::unique_ptr<EVP_MD_CTX, ContextDeleter>;

Context newContext(const EVP_MD *kind)
{
    Context context(EVP_MD_CTX_new());
    EVP_DigestInit_ex(context.get(), kind, nullptr);
    return context;
}

} // namespace

struct Sha256Stream::Impl
{
    Context context = newContext(EVP_sha256());
};

Sha256Stream::Sha256Stream() : m_impl(std::make_unique<Impl>()) {}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream &&) noexcept = default;
Sha256Stream &Sha256Stream::operator=(Sha256Stream &&) noexcept = default;

void Sha256Stream::add(const void *data, std::size_t bytes)
{
    EVP_DigestUpdate(m_impl->context.get(), data, bytes);
}

Sha256 Sha256Stream::finish()
{
    Sha256 hash{};
    EVP_DigestFinal_ex(m_impl->context.get(), hash.data(), nullptr);
    return hash;
}

QString hexText(const Sha256 &hash)
{
    return QString::fromLatin1(
        QByteArray(reinterpret_cast<const char *>(hash.data()), qsizetype(hash.size())).toHex());
}

bool parseHex(const QString &text, Sha256 *hash)
{
    const QByteArray bytes = QByteArray::fromHex(text.toLatin1());
    if (bytes.size() != qsizetype(hash->size()) || text.size() != 2 * bytes.size())
        return false;
    std::copy(bytes.begin(), bytes.end(), hash->begin());
    return true;
}

Sha256 sha256(const QByteArray &bytes)
{
    Sha256Stream stream;
    stream.add(bytes);
    return stream.finish();
}

Result<FileHashes> hashFile(const QString &path, std::stop_token stop,
                            const std::function<void(double)> &progress)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        const Errc code = file.exists() ? Errc::Unreadable : Errc::NotFound;
        return fail(code, file.errorString(), path);
    }
    Sha256Stream sha;
    Context md5 = newContext(EVP_md5());
    QByteArray buffer(1 << 20, Qt::Uninitialized);
    FileHashes hashes;
    for (;;) {
        if (stop.stop_requested())
            return fail(Errc::Cancelled, u"hashing was cancelled"_s, path);
        const qint64 got = file.read(buffer.data(), buffer.size());
        if (got < 0)
            return fail(Errc::Unreadable, file.errorString(), path);
        if (got == 0)
            break;
        sha.add(buffer.constData(), std::size_t(got));
        EVP_DigestUpdate(md5.get(), buffer.constData(), std::size_t(got));
        hashes.size += got;
        if (progress && file.size() > 0)
            progress(double(hashes.size) / double(file.size()));
    }
    hashes.sha256 = sha.finish();
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    EVP_DigestFinal_ex(md5.get(), digest, &length);
    hashes.md5Hex = QByteArray(reinterpret_cast<char *>(digest), qsizetype(length)).toHex();
    return hashes;
}

} // namespace fw
