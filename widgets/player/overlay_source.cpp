// SPDX-License-Identifier: GPL-3.0-or-later
#include "player/overlay_source.h"

#include "media/coding.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

QString sayLayer(const char *text)
{
    return QCoreApplication::translate("fw::Layers", text);
}

QString methodName(const ClipModel &model, const QString &pluginId)
{
    const Manifest *manifest = model.manifest(pluginId);
    return manifest ? manifest->name : pluginId.section(u'.', -1);
}

/// What was measured on faces anywhere in the clip.
struct FaceKinds
{
    bool any = false, eyes = false, gaze = false, mesh = false;
};

FaceKinds faceKinds(const ClipModel &model)
{
    FaceKinds kinds;
    for (const auto &faces : model.observations().faces) {
        if (!faces)
            continue;
        for (const FaceObservation &face : *faces) {
            kinds.any = true;
            kinds.mesh |= face.expression.has_value();
            for (const auto *eye : {&face.eyeImageLeft, &face.eyeImageRight}) {
                kinds.eyes |= eye->has_value();
                kinds.gaze |= *eye && (*eye)->gaze;
            }
        }
        if (kinds.gaze && kinds.mesh)
            break; // nothing more to find
    }
    return kinds;
}

QString vectorLayer(const QString &pluginId, const VectorSeries &series)
{
    return u"vectors/"_s + pluginId + u'/' + series.id;
}

const QString kMotionLayer = u"coding.motion"_s;

QColor vectorColor(const VectorSeries &series)
{
    const QColor color(series.color);
    return color.isValid() ? color : QColor(0xff, 0xd5, 0x4a);
}

} // namespace

QString heatLayer(const QString &pluginId, const HeatMap &map)
{
    static const QRegularExpression numbered(u"^(.+?)(?:[-._@#/](?:frame|f)?[-._]?|frame)0*(\\d+)$"_s);
    QString id = map.id;
    if (const auto m = numbered.match(id); m.hasMatch() && m.captured(2).toLongLong() == map.frame)
        id = m.captured(1);
    return u"heat/"_s + pluginId + u'/' + id;
}

std::vector<LayerInfo> availableLayers(const ClipModel &model)
{
    using Kind = LayerInfo::Kind;
    std::vector<LayerInfo> layers;
    const FaceKinds measured = faceKinds(model);
    const auto faces = [&](bool there, const QString &layer, const QString &title, const QString &about) {
        if (there)
            layers.push_back({Kind::Faces, layer, title, about, {}, layerColor(layer), {}});
    };
    faces(measured.any, u"faces.box"_s, sayLayer("Face boxes"),
          sayLayer("Where faces were found, with their numbers. A dashed box was followed from earlier frames, not "
              "found anew. Grey: the face is unsure."));
    faces(measured.any, u"faces.landmarks"_s, sayLayer("Landmarks"),
          sayLayer("68 points of each face; the size of a dot shows one standard deviation."));
    faces(measured.any, u"faces.pose"_s, sayLayer("Head axes"),
          sayLayer("Where each head points: x to its side, y downwards, and out of the face."));
    faces(measured.any, u"faces.head-box"_s, sayLayer("Head box"),
          sayLayer("A box around each head, turned as the head is turned; its front has the stronger lines."));
    faces(measured.eyes, u"faces.eyes"_s, sayLayer("Eyes"), sayLayer("Circle of the iris and outline of the lids."));
    faces(measured.gaze, u"faces.gaze"_s, sayLayer("Gaze"),
          sayLayer("The line of sight of each eye. Its direction may be off by several degrees: it does not sayLayer what a "
              "person looks at."));
    faces(measured.mesh, u"faces.mesh"_s, sayLayer("Fitted mesh"),
          sayLayer("The head model as it was fitted to each face. Where it leaves the face, the fit is poor."));
    const StreamFacts *video = model.provider() ? model.provider()->facts().video() : nullptr;
    if (video && codingSupport(video->codec.toLatin1().constData()).motionVectors
        && !model.provider()->facts().still) {
        layers.push_back({Kind::Motion, kMotionLayer, sayLayer("Coded motion"),
                          sayLayer("Motion vectors as the file holds them: from where each block was taken to "
                              "where it is, yellow from the past, blue from the future. Coded motion saves "
                              "bits and need not follow what really moved."),
                          {}, QColor(0xff, 0xd5, 0x4a), {}});
    }
    for (const MethodResult &result : model.results()) {
        const QString method = methodName(model, result.record.pluginId);
        for (const VectorSeries &series : result.result.measured.vectors) {
            layers.push_back({Kind::Vectors, vectorLayer(result.record.pluginId, series), series.title,
                              series.about, method, vectorColor(series), {}});
        }
    }
    for (const MethodResult &result : model.results()) {
        const QString method = methodName(model, result.record.pluginId);
        const std::size_t first = layers.size();
        for (const HeatMap &map : result.result.measured.heatMaps) {
            const QString name = heatLayer(result.record.pluginId, map);
            auto known = std::find_if(layers.begin() + std::ptrdiff_t(first), layers.end(),
                                      [&](const LayerInfo &l) { return l.layer == name; });
            if (known == layers.end()) {
                layers.push_back({Kind::Heat, name, map.title, map.about, method, {}, {}});
                known = layers.end() - 1;
            }
            known->frames.push_back(map.frame);
        }
        for (std::size_t i = first; i < layers.size(); ++i)
            std::ranges::sort(layers[i].frames);
    }
    return layers;
}

bool layerShown(const ClipModel &model, const LayerInfo &layer)
{
    const auto found = model.layerStyles().find(layer.layer);
    if (found != model.layerStyles().end())
        return found->second.visible;
    return layer.kind != LayerInfo::Kind::Heat && styleOf({}, layer.layer).visible;
}

const HeatMap *heatMapAt(const ClipModel &model, const QString &layer, FrameIndex frame)
{
    const HeatMap *before = nullptr, *first = nullptr;
    for (const MethodResult &result : model.results()) {
        if (!layer.startsWith(u"heat/"_s + result.record.pluginId + u'/'))
            continue;
        for (const HeatMap &map : result.result.measured.heatMaps) {
            if (heatLayer(result.record.pluginId, map) != layer)
                continue;
            if (map.frame <= frame && (!before || map.frame > before->frame))
                before = &map;
            if (!first || map.frame < first->frame)
                first = &map;
        }
    }
    return before ? before : first;
}

FrameOverlay overlayAt(const ClipModel &model, FrameIndex frame, const Frame *picture)
{
    FrameOverlay overlay;
    const auto motion = model.layerStyles().find(kMotionLayer);
    if (picture && motion != model.layerStyles().end() && motion->second.visible) {
        overlay.content.motion = &picture->motion;
        const StreamFacts *video = model.provider() ? model.provider()->facts().video() : nullptr;
        overlay.content.rotationDegrees = video ? video->rotationDegrees : 0;
    }
    overlay.content.faces = model.observations().facesAt(frame);
    for (const MethodResult &result : model.results()) {
        for (const VectorSeries &series : result.result.measured.vectors) {
            const auto begin = std::lower_bound(
                series.items.begin(), series.items.end(), frame,
                [](const VectorSeries::Item &item, FrameIndex f) { return item.frame < f; });
            const auto end = std::find_if(begin, series.items.end(), [&](const VectorSeries::Item &item) {
                return item.frame != frame;
            });
            if (begin != end) {
                overlay.content.vectors.push_back({vectorLayer(result.record.pluginId, series),
                                                   vectorColor(series), {begin, end}});
            }
        }
    }
    for (const auto &[layer, style] : model.layerStyles()) {
        if (!style.visible || !layer.startsWith(u"heat/"_s))
            continue;
        if (const HeatMap *map = heatMapAt(model, layer, frame)) {
            overlay.content.heat.push_back({layer, map});
            overlay.shownMap = map;
        }
    }
    return overlay;
}

} // namespace fw
