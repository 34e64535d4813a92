// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/byte_source.h"

#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

class FileSource final : public ByteSource
{
public:
    explicit FileSource(const QString &path) : m_file(path), m_path(path) {}

    bool open() { return m_file.open(QIODevice::ReadOnly | QIODevice::Unbuffered); }
    QString reason() const { return m_file.errorString(); }

    Result<qint64> read(char *to, qint64 atMost) override
    {
        if (m_position >= m_file.size())
            return qint64(0);
        if (m_file.pos() != m_position && !m_file.seek(m_position)) {
            return fail(Errc::Unreadable,
                        u"byte %1 cannot be reached: %2"_s.arg(m_position).arg(m_file.errorString()),
                        m_path);
        }
        const qint64 got = m_file.read(to, atMost);
        if (got < 0)
            return fail(Errc::Unreadable, u"reading stopped: %1"_s.arg(m_file.errorString()), m_path);
        m_position += got;
        return got;
    }
    Result<void> seek(qint64 position) override
    {
        m_position = position; // damaged files send readers far behind the end: nothing is there
        return {};
    }
    qint64 size() const override { return m_file.size(); }

private:
    QFile m_file;
    QString m_path;
    qint64 m_position = 0;
};

} // namespace

Result<std::unique_ptr<ByteSource>> openFileSource(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return fail(Errc::NotFound, u"there is no such file"_s, path);
    if (info.isDir())
        return fail(Errc::Unsupported, u"this is a folder, not a file"_s, path);
    if (!info.isFile())
        return fail(Errc::Unsupported, u"this is a device or a pipe, not a file"_s, path);
    auto source = std::make_unique<FileSource>(path);
    if (!source->open())
        return fail(Errc::Unreadable, u"the file cannot be opened: %1"_s.arg(source->reason()), path);
    return std::unique_ptr<ByteSource>(std::move(source));
}

} // namespace fw
