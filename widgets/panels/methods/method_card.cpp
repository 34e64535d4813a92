// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/methods/method_card.h"

#include "detect/capabilities.h"
#include "panels/common/html.h"
#include "panels/common/text.h"

#include <QCoreApplication>

#include <map>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

QString say(const char *text)
{
    return QCoreApplication::translate("fw::MethodCard", text);
}

/// A capability in words; the stable name when a plugin needs one that is newer than this page.
QString needText(const QString &capability)
{
    const std::map<QString, QString> words{
        {capability::kCoding, say("coding facts of each frame")},
        {capability::kMetadata, say("metadata of the file")},
        {capability::kJpeg, say("the JPEG's own coefficients and tables")},
        {capability::kFaceTrack, say("faces that were followed over time")},
        {capability::kLandmarks, say("68 face landmarks")},
        {capability::kHeadPose, say("head pose")},
        {capability::kEyeAspect, say("eye aspect ratio")},
        {capability::kEyes, say("irises and eyelids")},
        {capability::kGaze, say("gaze")},
        {capability::kExpression, say("a face model fitted to the face")},
        {capability::kActionUnits, say("facial action units")},
    };
    const auto it = words.find(capability);
    return it == words.end() ? capability : it->second;
}

QString wordsOf(const QStringList &capabilities)
{
    QStringList words;
    for (const QString &capability : capabilities)
        words << needText(capability);
    return words.join(u", "_s);
}

QString materialText(const Manifest &manifest)
{
    QStringList parts;
    if (manifest.onVideo && manifest.onStills)
        parts << say("videos and pictures");
    else
        parts << (manifest.onVideo ? say("videos") : say("pictures"));
    if (manifest.minSeconds > 0)
        parts << say("at least %1 s long").arg(numberText(manifest.minSeconds));
    if (manifest.minFacePixels > 0)
        parts << say("faces at least %1 px wide").arg(manifest.minFacePixels);
    return parts.join(u", "_s);
}

QString modelsHtml(const PluginEntry &entry)
{
    if (entry.manifest.models.empty())
        return html::row(say("Models"), say("none"));
    QString text;
    for (const ModelSpec &model : entry.manifest.models) {
        QStringList lines{html::escaped(model.file)};
        const auto found = entry.modelHashes.find(model.id);
        const QString hash = found == entry.modelHashes.end() ? QString() : found->second;
        if (hash.isEmpty())
            lines << html::escaped(say("not found; expected SHA-256 %1").arg(model.sha256));
        else if (hash == model.sha256)
            lines << html::escaped(say("SHA-256 %1, as expected").arg(hash));
        else
            lines << html::escaped(say("SHA-256 %1 differs from the expected %2").arg(hash, model.sha256));
        if (!model.license.isEmpty())
            lines << html::escaped(say("Licence: %1").arg(model.license));
        if (!model.package.isEmpty())
            lines << html::escaped(say("Installed by the package %1").arg(model.package));
        text += html::rowHtml(say("Model %1").arg(model.id), lines.join(u"<br>"_s));
    }
    return text;
}

QString citationHtml(const Citation &citation)
{
    QString text = html::escaped(citationText(citation));
    if (!citation.url.isEmpty()) {
        const QString url = html::escaped(citation.url);
        const bool web = citation.url.startsWith(u"https://") || citation.url.startsWith(u"http://");
        text += text.isEmpty() ? QString() : u"<br>"_s;
        text += web ? u"<a href='%1'>%1</a>"_s.arg(url) : url; // nothing else may be opened
    }
    return text;
}

} // namespace

QString samplingText(const Sampling &sampling)
{
    switch (sampling.mode) {
    case Sampling::Mode::Every:
        return say("every frame");
    case Sampling::Mode::EveryNth:
        return sampling.n <= 1 ? say("every frame") : say("one frame in %1").arg(sampling.n);
    case Sampling::Mode::Spread:
        return say("at most %1 frames, spread evenly").arg(sampling.n);
    case Sampling::Mode::KeyFrames:
        return say("key frames only");
    case Sampling::Mode::None:
        break;
    }
    return say("no frames: it reads the file's structure");
}

QString methodCardHtml(const PluginEntry &entry, const QPalette &palette)
{
    const Manifest &m = entry.manifest;
    QString text = html::style(palette);
    text += u"<h3>"_s + html::escaped(m.name.isEmpty() ? entry.folder : m.name) + u"</h3>"_s;
    if (entry.refusal)
        text += html::heading(say("It cannot be used")) + html::paragraph(entry.refusal->text());
    text += html::paragraph(m.summary);
    if (!m.looksFor.isEmpty())
        text += html::heading(say("What it looks for")) + html::paragraph(m.looksFor);
    if (!m.limits.isEmpty())
        text += html::heading(say("Limits")) + html::paragraph(m.limits);
    if (m.viewerOnly)
        text += html::quiet(say("It shows a map for the eye and makes no claim of its own."));
    if (!m.id.isEmpty()) {
        text += html::heading(say("Facts")) + html::rowsBegin();
        text += html::row(say("Kind"), m.kind == PluginKind::Observer
                                  ? say("observer: measures, claims nothing")
                                  : say("detector: claims, with its evidence"));
        text += html::row(say("Works on"), materialText(m));
        text += html::row(say("Reads"), samplingText(m.sampling));
        text += html::row(say("Needs"), m.needs.isEmpty() ? say("nothing else") : wordsOf(m.needs));
        text += html::row(say("Gives"), wordsOf(m.gives));
        const QString source = citationHtml(m.method);
        if (!source.isEmpty())
            text += html::rowHtml(say("Source"), source);
        text += modelsHtml(entry);
        text += html::row(say("Licence"), m.license);
        text += html::row(say("Plugin"), m.id + u' ' + m.version);
        text += html::row(say("Folder"), entry.folder);
        text += html::rowsEnd();
    }
    return text;
}

} // namespace fw
