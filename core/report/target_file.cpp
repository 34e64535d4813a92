// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/target_file.h"

#include <QFileInfo>
#include <QGuiApplication>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace fw::report {

Result<void> checkFonts()
{
    if (qobject_cast<QGuiApplication *>(QCoreApplication::instance()))
        return {};
    return fail(Errc::Internal, u"a report with pictures needs a QGuiApplication"_s);
}

Result<void> writeTarget(const QString &path, const std::function<Result<void>(QIODevice &)> &write)
{
    const QFileInfo info(path);
    if (info.isDir())
        return fail(Errc::Unwritable, u"there is a folder of this name"_s, path);
    if (!QFileInfo(info.absolutePath()).isDir())
        return fail(Errc::Unwritable, u"the folder does not exist"_s, info.absoluteFilePath());
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(Errc::Unwritable, file.errorString(), path);
    const auto written = write(file);
    if (!written) {
        file.cancelWriting();
        Error error = written.error();
        if (error.where.isEmpty())
            error.where = path;
        return Failure{error};
    }
    if (!file.commit())
        return fail(Errc::Unwritable, u"the report could not be stored: "_s + file.errorString(),
                    path);
    return {};
}

} // namespace fw::report
