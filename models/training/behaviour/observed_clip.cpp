// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/observed_clip.h"

#include <QCborArray>
#include <QCborMap>
#include <QDir>
#include <QFile>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace fw::accuracy {

Result<void> save(const ObservedClip &clip, const QString &path)
{
    QCborArray seconds;
    for (const double s : clip.seconds)
        seconds.append(s);
    const QCborMap map{{u"name"_s, clip.name},       {u"set"_s, clip.set},
                       {u"source"_s, clip.source},   {u"person"_s, clip.person},
                       {u"manipulated"_s, clip.manipulated}, {u"file"_s, clip.file},
                       {u"width"_s, clip.width},     {u"height"_s, clip.height},
                       {u"rate"_s, clip.rate},       {u"seconds"_s, seconds},
                       {u"log"_s, toBytes(clip.log)}};
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(QCborValue(map).toCbor()) < 0 || !file.commit())
        return fail(Errc::Unwritable, file.errorString(), path);
    return {};
}

Result<ObservedClip> loadObservedClip(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::Unreadable, file.errorString(), path);
    const QCborMap map = QCborValue::fromCbor(file.readAll()).toMap();
    auto log = observationLogFromBytes(map.value(u"log"_s).toByteArray());
    if (!log)
        return Failure{log.error()};
    ObservedClip clip;
    clip.name = map.value(u"name"_s).toString();
    clip.set = map.value(u"set"_s).toString();
    clip.source = map.value(u"source"_s).toString();
    clip.person = map.value(u"person"_s).toString();
    clip.manipulated = map.value(u"manipulated"_s).toBool();
    clip.file = map.value(u"file"_s).toString();
    clip.width = int(map.value(u"width"_s).toInteger());
    clip.height = int(map.value(u"height"_s).toInteger());
    clip.rate = map.value(u"rate"_s).toDouble();
    for (const QCborValue &s : map.value(u"seconds"_s).toArray())
        clip.seconds.push_back(s.toDouble());
    clip.log = std::move(*log);
    return clip;
}

Result<std::vector<ObservedClip>> loadObservedClips(const QString &folder)
{
    std::vector<ObservedClip> clips;
    const QDir dir(folder);
    for (const QString &name : dir.entryList({u"*.fwobs"_s}, QDir::Files, QDir::Name)) {
        auto clip = loadObservedClip(dir.filePath(name));
        if (!clip)
            return Failure{clip.error()};
        clips.push_back(std::move(*clip));
    }
    if (clips.empty())
        return fail(Errc::NotFound, u"no observed clips (*.fwobs); make them with behaviour_observe"_s, folder);
    return clips;
}

} // namespace fw::accuracy
