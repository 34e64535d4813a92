// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QProcess>
#include <QString>
#include <QTest>

namespace fw::test {

/// The checkout that the tests were built from.
inline QString sourceDir()
{
    return qEnvironmentVariable("FW_SOURCE_DIR");
}

/// The folder of real material beside the checkout, FW_SHARED when set; may not exist.
inline QString sharedDir()
{
    const QString given = qEnvironmentVariable("FW_SHARED");
    return given.isEmpty() ? QDir::cleanPath(sourceDir() + QStringLiteral("/../shared")) : given;
}

/// A file of the real material; use with QFile::exists and QSKIP with a message.
inline QString shared(const QString &relative)
{
    return sharedDir() + QStringLiteral("/data/") + relative;
}

/// Runs the ffmpeg program to make a clip whose truth is known. @return an empty string or the reason.
inline QString ffmpeg(const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral("ffmpeg"),
                  QStringList{QStringLiteral("-nostdin"), QStringLiteral("-v"),
                              QStringLiteral("error"), QStringLiteral("-y")}
                      + arguments);
    if (!process.waitForFinished(120000) || process.exitCode() != 0)
        return QStringLiteral("ffmpeg failed: ") + QString::fromLocal8Bit(process.readAll());
    return {};
}

} // namespace fw::test
