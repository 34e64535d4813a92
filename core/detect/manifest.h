// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QStringList>

#include <optional>
#include <vector>

namespace fw {

/// Rises when the plugin contract breaks; compared before a library is loaded.
constexpr int kPluginApi = 1;

enum class PluginKind { Observer, Detector };

/// Which frames an analysis is called for.
struct Sampling
{
    enum class Mode { Every, EveryNth, Spread, KeyFrames, None };
    Mode mode = Mode::Every;
    int n = 1; ///< EveryNth: the step; Spread: at most this many, evenly over the clip
};

/// The pixels that an analysis wants in FrameBundle::frame.
enum class Planes { Bgr, None };

struct OptionSpec
{
    enum class Type { Number, Integer, Boolean, Choice };
    QString name;
    Type type = Type::Number;
    QString title;   ///< label in the form
    QString about;
    QString unit;
    QJsonValue fallback;
    std::optional<double> min, max;
    QStringList choices;
};

/// A model file that the plugin needs, checked by hash before the plugin is loaded.
struct ModelSpec
{
    QString id;
    QString file;   ///< relative to the models folder, or an absolute system path
    QString sha256; ///< lower-case hex
    QString package; ///< Debian package that installs it; empty for our own
    QString license;
};

struct Citation
{
    QString title, authors, where, url;
    int year = 0;
};

/// What a plugin says of itself in manifest.json, beside its library.
struct Manifest
{
    QString id, version, name, summary;
    PluginKind kind = PluginKind::Detector;
    QString family;     ///< "observers", "behaviour", "photo forensics", "video forensics", ...
    Citation method;
    QStringList needs, gives;
    Sampling sampling;
    Planes planes = Planes::Bgr;
    bool onStills = true, onVideo = true;
    double minSeconds = 0.0; ///< shorter clips are not applicable
    int minFacePixels = 0;   ///< face box width below which the host says so
    bool viewerOnly = false; ///< shows, never claims
    std::vector<ModelSpec> models;
    std::vector<OptionSpec> options;
    QString limits;     ///< printed in the report
    QString looksFor;   ///< two sentences of principle, printed in the report
    QString license;

    /// The defaults of all options.
    QJsonObject defaultOptions() const;
};

/// Reads and checks a manifest. The error says which key is wrong and why.
Result<Manifest> parseManifest(const QJsonObject &object, const QString &where);

/// Fills in defaults and refuses unknown names, wrong types and values out of range.
Result<QJsonObject> checkedOptions(const Manifest &manifest, const QJsonObject &given);

} // namespace fw
