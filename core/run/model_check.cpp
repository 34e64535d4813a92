// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/model_check.h"

#include "base/hash.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

/// Only SHA-256: large models are hashed at every start of the program, so no second digest.
Result<QString> hashOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::Unreadable, file.errorString(), path);
    Sha256Stream stream;
    QByteArray buffer(1 << 20, Qt::Uninitialized);
    for (;;) {
        const qint64 got = file.read(buffer.data(), buffer.size());
        if (got < 0)
            return fail(Errc::Unreadable, file.errorString(), path);
        if (got == 0)
            return hexText(stream.finish());
        stream.add(buffer.constData(), std::size_t(got));
    }
}

} // namespace

QString ModelCheck::pathOf(const ModelSpec &model) const
{
    return QDir::cleanPath(QDir::isAbsolutePath(model.file) ? model.file
                                                            : m_folder + u'/' + model.file);
}

Result<QString> ModelCheck::check(const ModelSpec &model)
{
    const QString path = pathOf(model);
    if (!QFileInfo(path).isFile()) {
        const QString remedy = model.package.isEmpty()
                                   ? QString()
                                   : u"; the Debian package %1 installs it"_s.arg(model.package);
        return fail(Errc::NotFound, u"model '%1' is missing: %2%3"_s.arg(model.id, path, remedy));
    }
    auto known = m_known.find(path);
    if (known == m_known.end())
        known = m_known.emplace(path, hashOf(path)).first;
    if (!known->second)
        return Failure{known->second.error()};
    if (known->second.value() != model.sha256) {
        return fail(Errc::Mismatch,
                    u"model '%1' (%2) is not the file that the plugin was made for: SHA-256 %3, "
                    "expected %4"_s.arg(model.id, path, known->second.value(), model.sha256));
    }
    return known->second;
}

} // namespace fw
