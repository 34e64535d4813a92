// SPDX-License-Identifier: GPL-3.0-or-later
#include "work/untitled_cases.h"

#include "casefile/case_file.h"

#include <QDir>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

enum class MarkState { None, Held, Abandoned };

QString markPath(const QString &casePath)
{
    return casePath + u".open"_s;
}

MarkState markOf(const QString &casePath)
{
    const int file = ::open(QFile::encodeName(markPath(casePath)).constData(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return MarkState::None;
    const bool free = ::flock(file, LOCK_SH | LOCK_NB) == 0;
    ::close(file);
    return free ? MarkState::Abandoned : MarkState::Held;
}

UntitledCase describe(const QFileInfo &info)
{
    UntitledCase found;
    found.path = info.absoluteFilePath();
    found.changed = info.lastModified();
    found.leftBehind = markOf(found.path) == MarkState::Abandoned;
    const auto file = CaseFile::open(found.path);
    if (!file) {
        found.problem = file.error().what;
        return found;
    }
    for (const Evidence &evidence : (*file)->evidence()) {
        found.clips << evidence.facts.fileName;
        found.results += qsizetype((*file)->results(evidence.id).size());
        found.words += qsizetype((*file)->marks(evidence.id).size());
    }
    found.words += qsizetype((*file)->notes().size());
    return found;
}

} // namespace

std::unique_ptr<WorkMark> WorkMark::set(const QString &casePath)
{
    const QString path = markPath(casePath);
    const int file = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return nullptr;
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        ::close(file);
        return nullptr;
    }
    return std::unique_ptr<WorkMark>(new WorkMark(path, file));
}

WorkMark::~WorkMark()
{
    QFile::remove(m_path);
    ::close(m_file);
}

std::vector<UntitledCase> untitledCases(const QString &folder, std::stop_token stop)
{
    std::vector<UntitledCase> cases;
    for (const QFileInfo &info : QDir(folder).entryInfoList({u"*.fwcase"_s}, QDir::Files, QDir::Time)) {
        if (stop.stop_requested())
            break;
        if (markOf(info.absoluteFilePath()) != MarkState::Held)
            cases.push_back(describe(info));
    }
    return cases;
}

Result<void> discardCase(const QString &path)
{
    if (markOf(path) == MarkState::Held)
        return fail(Errc::Unwritable, u"another window works on this case"_s, path);
    QFile file(path);
    if (file.exists() && !file.remove())
        return fail(Errc::Unwritable, file.errorString(), path);
    for (const QString &suffix : {u"-journal"_s, u"-wal"_s, u"-shm"_s})
        QFile::remove(path + suffix);
    QFile::remove(markPath(path));
    return {};
}

} // namespace fw
