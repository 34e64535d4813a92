// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/manifest.h"

#include "base/hash.h"
#include "base/json.h"
#include "detect/capabilities.h"
#include "detect/json_object_reader.h"
#include "detect/option_check.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

bool matches(const QString &text, const QString &pattern)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(text).hasMatch();
}

template <class Enum>
Enum word(JsonObjectReader &reader, const QString &key,
          const std::vector<std::pair<QString, Enum>> &words, bool required, Enum fallback)
{
    const QString given = reader.text(key, required);
    QStringList known;
    for (const auto &[name, value] : words) {
        if (name == given)
            return value;
        known << name;
    }
    if (reader.has(key))
        reader.refuse(key, u"is '%1', expected one of: %2"_s.arg(given, known.join(u", "_s)));
    return fallback;
}

Citation readCitation(JsonObjectReader &root)
{
    const QString key = u"method"_s;
    JsonObjectReader reader(root.object(key), root.path(key));
    Citation citation;
    citation.title = reader.text(u"title"_s, false);
    citation.authors = reader.text(u"authors"_s, false);
    citation.where = reader.text(u"where"_s, false);
    citation.url = reader.text(u"url"_s, false);
    citation.year = reader.integer(u"year"_s).value_or(0);
    reader.finish();
    root.absorb(reader);
    return citation;
}

Sampling readSampling(JsonObjectReader &root)
{
    const QString key = u"sampling"_s;
    Sampling sampling;
    if (!root.has(key))
        return sampling;
    JsonObjectReader reader(root.object(key), root.path(key));
    using Mode = Sampling::Mode;
    sampling.mode = word<Mode>(reader, u"mode"_s,
                               {{u"every"_s, Mode::Every},
                                {u"every-nth"_s, Mode::EveryNth},
                                {u"spread"_s, Mode::Spread},
                                {u"key-frames"_s, Mode::KeyFrames},
                                {u"none"_s, Mode::None}},
                               true, Mode::Every);
    const auto n = reader.integer(u"n"_s);
    const bool counted = sampling.mode == Mode::EveryNth || sampling.mode == Mode::Spread;
    if (counted && !n)
        reader.refuse(u"n"_s, u"is missing"_s);
    if (!counted && n)
        reader.refuse(u"n"_s, u"goes with every-nth and spread only"_s);
    if (n && *n < 1)
        reader.refuse(u"n"_s, u"must be at least 1"_s);
    sampling.n = n.value_or(1);
    reader.finish();
    root.absorb(reader);
    return sampling;
}

std::vector<ModelSpec> readModels(JsonObjectReader &root)
{
    const QString key = u"models"_s;
    std::vector<ModelSpec> models;
    QStringList ids;
    const QJsonArray list = root.array(key);
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QString at = u"%1[%2]"_s.arg(root.path(key)).arg(i);
        if (!list[i].isObject()) {
            root.refuse(u"%1[%2]"_s.arg(key).arg(i), u"must be an object"_s);
            continue;
        }
        JsonObjectReader reader(list[i].toObject(), at);
        ModelSpec model;
        model.id = reader.text(u"id"_s, true);
        model.file = reader.text(u"file"_s, true);
        model.sha256 = reader.text(u"sha256"_s, true);
        model.license = reader.text(u"license"_s, true);
        model.package = reader.text(u"package"_s, false);
        Sha256 unused;
        if (model.sha256 != model.sha256.toLower() || !parseHex(model.sha256, &unused))
            reader.refuse(u"sha256"_s, u"must be 64 lower-case hexadecimal digits"_s);
        if (QDir::cleanPath(model.file).startsWith(u".."_s))
            reader.refuse(u"file"_s, u"leads out of the models folder"_s);
        if (ids.contains(model.id))
            reader.refuse(u"id"_s, u"'%1' stands twice"_s.arg(model.id));
        ids << model.id;
        reader.finish();
        root.absorb(reader);
        models.push_back(model);
    }
    return models;
}

OptionSpec readOption(JsonObjectReader &reader, const QString &name)
{
    using Type = OptionSpec::Type;
    OptionSpec option;
    option.name = name;
    option.type = word<Type>(reader, u"type"_s,
                             {{u"number"_s, Type::Number},
                              {u"integer"_s, Type::Integer},
                              {u"boolean"_s, Type::Boolean},
                              {u"choice"_s, Type::Choice},
                              {u"file"_s, Type::File}},
                             true, Type::Number);
    option.title = reader.text(u"title"_s, true);
    option.about = reader.text(u"about"_s, false);
    option.unit = reader.text(u"unit"_s, false);
    option.min = reader.number(u"min"_s);
    option.max = reader.number(u"max"_s);
    option.choices = reader.texts(u"choices"_s);
    option.fallback = reader.any(u"default"_s, true);

    const bool numeric = option.type == Type::Number || option.type == Type::Integer;
    if (!numeric && (option.min || option.max))
        reader.refuse(option.min ? u"min"_s : u"max"_s, u"goes with numbers only"_s);
    if (option.min && option.max && *option.min > *option.max)
        reader.refuse(u"min"_s, u"is above max"_s);
    if ((option.type == Type::Choice) == option.choices.isEmpty()) {
        reader.refuse(u"choices"_s,
                      option.choices.isEmpty() ? u"is missing"_s : u"goes with type choice only"_s);
    }
    if (const auto fault = optionFault(option, option.fallback))
        reader.refuse(u"default"_s, *fault);
    else if (option.type == Type::File && !option.fallback.toString().isEmpty())
        reader.refuse(u"default"_s, u"must be empty: no file is chosen before somebody chooses one"_s);
    return option;
}

std::vector<OptionSpec> readOptions(JsonObjectReader &root)
{
    const QString key = u"options"_s;
    std::vector<OptionSpec> options;
    const QJsonObject object = root.object(key);
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QString inner = key + u'.' + it.key();
        if (!matches(it.key(), u"[a-z][A-Za-z0-9]*"_s))
            root.refuse(inner, u"an option is named like \"minSeconds\""_s);
        if (!it.value().isObject()) {
            root.refuse(inner, u"must be an object"_s);
            continue;
        }
        JsonObjectReader reader(it.value().toObject(), root.path(inner));
        options.push_back(readOption(reader, it.key()));
        reader.finish();
        root.absorb(reader);
    }
    return options;
}

void readCapabilities(JsonObjectReader &root, Manifest &manifest)
{
    manifest.needs = root.texts(u"needs"_s);
    manifest.gives = root.texts(u"gives"_s);
    for (const QString &key : {u"needs"_s, u"gives"_s}) {
        for (const QString &c : key == u"needs" ? manifest.needs : manifest.gives) {
            if (!capability::all().contains(c)) {
                root.refuse(key, u"'%1' is no known capability; known are: %2"_s.arg(
                                     c, capability::all().join(u", "_s)));
            }
        }
    }
    for (const QString &c : manifest.gives) {
        if (capability::isGivenByHost(c))
            root.refuse(u"gives"_s, u"'%1' is given by the host itself"_s.arg(c));
        if (manifest.needs.contains(c))
            root.refuse(u"gives"_s, u"'%1' is also in needs"_s.arg(c));
    }
    if (manifest.kind == PluginKind::Detector && !manifest.gives.isEmpty())
        root.refuse(u"gives"_s, u"a detector gives findings and nothing else"_s);
}

void checkTogether(JsonObjectReader &root, const Manifest &m)
{
    if (!matches(m.id, u"[a-z0-9_]+(\\.[a-z0-9_]+)+"_s))
        root.refuse(u"id"_s, u"must be dotted lower-case words, \"org.example.method\""_s);
    if (!matches(m.version, u"\\d+\\.\\d+\\.\\d+"_s))
        root.refuse(u"version"_s, u"must be three numbers, \"1.0.0\""_s);
    if (!m.onStills && !m.onVideo)
        root.refuse(u"onVideo"_s, u"onStills and onVideo are both false"_s);
    if (m.minSeconds < 0)
        root.refuse(u"minSeconds"_s, u"must not be negative"_s);
    if (m.minFacePixels < 0)
        root.refuse(u"minFacePixels"_s, u"must not be negative"_s);
    const bool seesFaces = std::any_of(m.needs.begin(), m.needs.end(), capability::isOfFaces);
    if (m.minFacePixels > 0 && !seesFaces)
        root.refuse(u"minFacePixels"_s, u"needs a face capability in needs"_s);
    if (m.viewerOnly && m.kind == PluginKind::Observer)
        root.refuse(u"viewerOnly"_s, u"goes with detectors only"_s);
    const bool isFileOption = std::any_of(m.options.begin(), m.options.end(), [&](const OptionSpec &o) {
        return o.name == m.standsIn && o.type == OptionSpec::Type::File;
    });
    if (!m.standsIn.isEmpty() && (m.kind == PluginKind::Detector || !isFileOption))
        root.refuse(u"standsIn"_s, u"must name a file option of an observer"_s);
}

} // namespace

Result<Manifest> parseManifest(const QJsonObject &object, const QString &where, Manifest *partly)
{
    JsonObjectReader root(object, {});
    Manifest m;
    m.id = root.text(u"id"_s, true);
    m.name = root.text(u"name"_s, true);
    m.version = root.text(u"version"_s, true);
    // The number is judged before everything else: another api may have other keys.
    const auto api = root.integer(u"api"_s);
    if (!root.has(u"api"_s))
        root.refuse(u"api"_s, u"is missing"_s);
    if (partly)
        *partly = m;
    if (api && *api != kPluginApi) {
        return fail(
            Errc::Mismatch,
            u"key 'api': the plugin was made for interface %1, this program has %2"_s.arg(*api).arg(
                kPluginApi),
            where);
    }
    m.kind = word<PluginKind>(
        root, u"kind"_s,
        {{u"observer"_s, PluginKind::Observer}, {u"detector"_s, PluginKind::Detector}}, true,
        PluginKind::Detector);
    m.summary = root.text(u"summary"_s, true);
    m.family = root.text(u"family"_s, true);
    m.limits = root.text(u"limits"_s, true);
    m.license = root.text(u"license"_s, true);
    m.looksFor = root.text(u"looksFor"_s, m.kind == PluginKind::Detector);
    m.method = readCitation(root);
    readCapabilities(root, m);
    m.sampling = readSampling(root);
    m.planes = word<Planes>(root, u"planes"_s, {{u"bgr"_s, Planes::Bgr}, {u"luma"_s, Planes::Luma},
                             {u"none"_s, Planes::None}}, false, Planes::Bgr);
    m.onStills = root.boolean(u"onStills"_s).value_or(true);
    m.onVideo = root.boolean(u"onVideo"_s).value_or(true);
    m.minSeconds = root.number(u"minSeconds"_s).value_or(0.0);
    m.minFacePixels = root.integer(u"minFacePixels"_s).value_or(0);
    m.viewerOnly = root.boolean(u"viewerOnly"_s).value_or(false);
    m.standsIn = root.text(u"standsIn"_s, false);
    m.models = readModels(root);
    m.options = readOptions(root);
    checkTogether(root, m);
    if (partly)
        *partly = m;
    if (const auto fault = root.finish())
        return fail(Errc::BadData, *fault, where);
    return m;
}

Result<Manifest> readManifest(const QString &path, Manifest *partly)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Errc::Unreadable : Errc::NotFound, file.errorString(), path);
    const QByteArray bytes = file.readAll();
    const auto object = parseJsonObject(bytes, path);
    if (!object)
        return Failure{object.error()};
    auto manifest = parseManifest(*object, path, partly);
    if (const auto twice = duplicateKey(bytes))
        return fail(Errc::BadData, u"key '%1': stands twice in one object"_s.arg(*twice), path);
    return manifest;
}

} // namespace fw
