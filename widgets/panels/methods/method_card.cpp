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

QString sayCard(const char *text)
{
    return QCoreApplication::translate("fw::MethodCard", text);
}

/// A capability in words; the stable name when a plugin needs one that is newer than this page.
QString needText(const QString &capability)
{
    const std::map<QString, QString> words{
        {capability::kCoding, sayCard("coding facts of each frame")},
        {capability::kMetadata, sayCard("metadata of the file")},
        {capability::kJpeg, sayCard("the JPEG's own coefficients and tables")},
        {capability::kFaceTrack, sayCard("faces that were followed over time")},
        {capability::kLandmarks, sayCard("68 face landmarks")},
        {capability::kHeadPose, sayCard("head pose")},
        {capability::kEyeAspect, sayCard("eye aspect ratio")},
        {capability::kEyes, sayCard("irises and eyelids")},
        {capability::kGaze, sayCard("gaze")},
        {capability::kExpression, sayCard("a face model fitted to the face")},
        {capability::kActionUnits, sayCard("facial action units")},
        {capability::kAppearance, sayCard("looks and seams of faces")},
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
        parts << sayCard("videos and pictures");
    else
        parts << (manifest.onVideo ? sayCard("videos") : sayCard("pictures"));
    if (manifest.minSeconds > 0)
        parts << sayCard("at least %1 s long").arg(numberText(manifest.minSeconds));
    if (manifest.minFacePixels > 0)
        parts << sayCard("faces at least %1 px wide").arg(manifest.minFacePixels);
    return parts.join(u", "_s);
}

QString modelsHtml(const PluginEntry &entry)
{
    if (entry.manifest.models.empty())
        return html::row(sayCard("Models"), sayCard("none"));
    QString text;
    for (const ModelSpec &model : entry.manifest.models) {
        QStringList lines{html::escaped(model.file)};
        const auto found = entry.modelHashes.find(model.id);
        const QString hash = found == entry.modelHashes.end() ? QString() : found->second;
        if (hash.isEmpty())
            lines << html::escaped(sayCard("not found; expected SHA-256 %1").arg(model.sha256));
        else if (hash == model.sha256)
            lines << html::escaped(sayCard("SHA-256 %1, as expected").arg(hash));
        else
            lines << html::escaped(sayCard("SHA-256 %1 differs from the expected %2").arg(hash, model.sha256));
        if (!model.license.isEmpty())
            lines << html::escaped(sayCard("Licence: %1").arg(model.license));
        if (!model.package.isEmpty())
            lines << html::escaped(sayCard("Installed by the package %1").arg(model.package));
        text += html::rowHtml(sayCard("Model %1").arg(model.id), lines.join(u"<br>"_s));
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
        return sayCard("every frame");
    case Sampling::Mode::EveryNth:
        return sampling.n <= 1 ? sayCard("every frame") : sayCard("one frame in %1").arg(sampling.n);
    case Sampling::Mode::Spread:
        return sayCard("at most %1 frames, spread evenly").arg(sampling.n);
    case Sampling::Mode::KeyFrames:
        return sayCard("key frames only");
    case Sampling::Mode::None:
        break;
    }
    return sayCard("no frames: it reads the file's structure");
}

QString methodCardHtml(const PluginEntry &entry, const QPalette &palette)
{
    const Manifest &m = entry.manifest;
    QString text = html::style(palette);
    text += u"<h3>"_s + html::escaped(m.name.isEmpty() ? entry.folder : m.name) + u"</h3>"_s;
    if (entry.refusal)
        text += html::heading(sayCard("It cannot be used")) + html::paragraph(entry.refusal->text());
    text += html::paragraph(m.summary);
    if (!m.looksFor.isEmpty())
        text += html::heading(sayCard("What it looks for")) + html::paragraph(m.looksFor);
    if (!m.limits.isEmpty())
        text += html::heading(sayCard("Limits")) + html::paragraph(m.limits);
    if (m.viewerOnly)
        text += html::quiet(sayCard("It shows a map for the eye and makes no claim of its own."));
    if (!m.id.isEmpty()) {
        text += html::heading(sayCard("Facts")) + html::rowsBegin();
        text += html::row(sayCard("Kind"), m.kind == PluginKind::Observer
                                  ? sayCard("observer: measures, claims nothing")
                                  : sayCard("detector: claims, with its evidence"));
        text += html::row(sayCard("Works on"), materialText(m));
        text += html::row(sayCard("Reads"), samplingText(m.sampling));
        text += html::row(sayCard("Needs"), m.needs.isEmpty() ? sayCard("nothing else") : wordsOf(m.needs));
        text += html::row(sayCard("Gives"), wordsOf(m.gives));
        const QString source = citationHtml(m.method);
        if (!source.isEmpty())
            text += html::rowHtml(sayCard("Source"), source);
        text += modelsHtml(entry);
        text += html::row(sayCard("Licence"), m.license);
        text += html::row(sayCard("Plugin"), m.id + u' ' + m.version);
        text += html::row(sayCard("Folder"), entry.folder);
        text += html::rowsEnd();
    }
    return text;
}

} // namespace fw
