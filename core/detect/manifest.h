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

/// The pixels that an analysis wants: FrameBundle::frame, FrameBundle::luma or neither.
enum class Planes { Bgr, Luma, None };

struct OptionSpec
{
    enum class Type { Number, Integer, Boolean, Choice, File };
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

/// What a plugin says of itself in manifest.json, beside its library. Keys are named as the members
/// below; (r) marks those that must be there, the others have the default shown here.
///
/// | key | value |
/// | --- | --- |
/// | id (r) | dotted lower-case words, "org.framewitness.blink"; names results for ever |
/// | version (r) | "1.2.0"; rises when numbers change |
/// | api (r) | 1: the contract that the library was built for (kPluginApi) |
/// | kind (r) | "observer" or "detector" |
/// | name, summary, family, limits, license (r) | text for people; family is the group in lists |
/// | looksFor (r for detectors) | two sentences of principle |
/// | method | { "title", "authors", "where", "url", "year" }, each optional |
/// | needs, gives | lists of words from capabilities.h; only an observer gives, and never what the host gives |
/// | sampling | { "mode": "every" }, { "mode": "every-nth", "n": 5 }, { "mode": "spread", "n": 32 }, { "mode": "key-frames" } or { "mode": "none" }; default "every" |
/// | planes | "bgr" (default), "luma" (as coded, never scaled) or "none" |
/// | onStills, onVideo | true or false, default true; not both false |
/// | minSeconds, minFacePixels | numbers >= 0; the second needs a face.* capability in needs |
/// | viewerOnly | true: a detector that shows and never claims |
/// | standsIn | for observers: the name of a file option. While no file is chosen the observer does not run; once one is, it wins over every other giver, and observers that give nothing else than it does not run |
/// | models | list of { "id" (r), "file" (r), "sha256" (r), "license" (r), "package" } |
/// | options | { name: { "type" (r), "default" (r), "title" (r), "about", "unit", "min", "max", "choices" } } |
///
/// An option's type is "number", "integer", "boolean", "choice" or "file"; min and max go with the
/// first two, choices (a list of words) with the fourth. A file is a path that the examiner chooses,
/// "" for none (the only default): the host hashes it and hands it over as it does a model, under the
/// option's name (JobContext::modelPaths, modelHashes). Any other key, a key twice, or a value of another
/// type is refused, because a misspelt key would otherwise be a silently ignored one.
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
    QString standsIn{};      ///< file option by which it replaces other observers; empty: it does not
    std::vector<ModelSpec> models;
    std::vector<OptionSpec> options;
    QString limits;     ///< printed in the report
    QString looksFor;   ///< two sentences of principle, printed in the report
    QString license;

    /// The defaults of all options.
    QJsonObject defaultOptions() const;
};

/// Checks a manifest. The error says which key is wrong and why. `partly`, when given, receives what
/// could be read, so that a refused plugin can still be listed by its name.
Result<Manifest> parseManifest(const QJsonObject &object, const QString &where,
                               Manifest *partly = nullptr);

/// Reads a file and checks it; refuses a key that stands twice in one object as well.
Result<Manifest> readManifest(const QString &path, Manifest *partly = nullptr);

/// Fills in defaults and refuses unknown names, wrong types and values out of range.
Result<QJsonObject> checkedOptions(const Manifest &manifest, const QJsonObject &given);

} // namespace fw
