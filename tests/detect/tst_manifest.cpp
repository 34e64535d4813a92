// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json.h"
#include "detect/capabilities.h"
#include "detect/manifest.h"
#include "test_data.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

QJsonObject complete()
{
    return readJsonObject(test::sourceDir() + u"/tests/detect/data/complete.json"_s).value();
}

/// Sets the value at "models.0.file" or "options.count.min"; an undefined value removes the key.
QJsonValue changed(QJsonValue root, const QStringList &path, const QJsonValue &value)
{
    if (path.isEmpty())
        return value;
    if (root.isArray()) {
        QJsonArray array = root.toArray();
        array[path.first().toInt()] = changed(array[path.first().toInt()], path.mid(1), value);
        return array;
    }
    QJsonObject object = root.toObject();
    const QJsonValue inner = changed(object.value(path.first()), path.mid(1), value);
    if (inner.isUndefined())
        object.remove(path.first());
    else
        object.insert(path.first(), inner);
    return object;
}

} // namespace

class TestManifest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void everyKeyIsRead();
    void defaultsApplyToWhatIsLeftOut();
    void aFaultNamesItsKey_data();
    void aFaultNamesItsKey();
    void anotherApiIsToldFromDamage();
    void aRefusedManifestStillTellsItsName();
    void aKeyThatStandsTwiceIsFound_data();
    void aKeyThatStandsTwiceIsFound();
    void optionsAreCompletedWithDefaults();
    void wrongOptionsAreRefused_data();
    void wrongOptionsAreRefused();
    void whatTheHostGivesIsNamed();
};

void TestManifest::everyKeyIsRead()
{
    const auto read = parseManifest(complete(), u"m.json"_s);
    QVERIFY2(read, qPrintable(read ? QString() : read.error().text()));
    const Manifest &m = *read;
    QCOMPARE(m.id, u"org.example.blink"_s);
    QCOMPARE(m.version, u"1.2.0"_s);
    QCOMPARE(m.kind, PluginKind::Detector);
    QCOMPARE(m.method.year, 2018);
    QCOMPARE(m.needs, QStringList({capability::kLandmarks, capability::kCoding}));
    QCOMPARE(m.sampling.mode, Sampling::Mode::EveryNth);
    QCOMPARE(m.sampling.n, 3);
    QCOMPARE(m.planes, Planes::None);
    QVERIFY(!m.onStills && m.onVideo);
    QCOMPARE(m.minSeconds, 2.5);
    QCOMPARE(m.minFacePixels, 64);
    QCOMPARE(m.models.size(), 1u);
    QCOMPARE(m.models[0].file, u"net.fwm"_s);
    QCOMPARE(m.options.size(), 4u);
    QCOMPARE(m.options[2].name, u"minSeconds"_s); // by name
    QCOMPARE(m.options[2].max, std::optional(60.0));
    QCOMPARE(m.options[3].choices, QStringList({u"fast"_s, u"exact"_s}));
}

void TestManifest::defaultsApplyToWhatIsLeftOut()
{
    QJsonObject object = complete();
    for (const QString &key : {u"method"_s, u"needs"_s, u"gives"_s, u"sampling"_s, u"planes"_s,
                               u"onStills"_s, u"onVideo"_s, u"minSeconds"_s, u"minFacePixels"_s,
                               u"viewerOnly"_s, u"models"_s, u"options"_s})
        object.remove(key);
    const auto read = parseManifest(object, u"m.json"_s);
    QVERIFY2(read, qPrintable(read ? QString() : read.error().text()));
    QCOMPARE(read->sampling.mode, Sampling::Mode::Every);
    QCOMPARE(read->planes, Planes::Bgr);
    QVERIFY(read->onStills && read->onVideo && !read->viewerOnly);
    QVERIFY(read->options.empty() && read->models.empty());
}

void TestManifest::aFaultNamesItsKey_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QString>("said");
    const QJsonValue gone(QJsonValue::Undefined);
    auto row = [](const char *name, const QString &key, const QJsonValue &value,
                  const QString &said) { QTest::newRow(name) << key << value << said; };
    row("no id", u"id"_s, gone, u"key 'id': is missing"_s);
    row("empty name", u"name"_s, u" "_s, u"key 'name': is empty"_s);
    row("shouting id", u"id"_s, u"Blink"_s, u"key 'id':"_s);
    row("short version", u"version"_s, u"1.2"_s, u"key 'version':"_s);
    row("version as number", u"version"_s, 1.2, u"key 'version': is a number, expected text"_s);
    row("no api", u"api"_s, gone, u"key 'api': is missing"_s);
    row("api as text", u"api"_s, u"1"_s, u"key 'api': is text, expected a number"_s);
    row("unknown kind", u"kind"_s, u"oracle"_s, u"key 'kind': is 'oracle'"_s);
    row("unknown key", u"nedes"_s, QJsonArray(), u"key 'nedes': is not known"_s);
    row("unknown inner key", u"method.pages"_s, 3, u"key 'method.pages': is not known"_s);
    row("year as text", u"method.year"_s, u"2018"_s, u"key 'method.year':"_s);
    row("unknown capability", u"needs"_s, QJsonArray{u"face.nose"_s},
        u"key 'needs': 'face.nose'"_s);
    row("need twice", u"needs"_s, QJsonArray{u"face.ear"_s, u"face.ear"_s}, u"twice"_s);
    row("need as text", u"needs"_s, u"face.ear"_s, u"key 'needs': is text, expected a list"_s);
    row("a detector that gives", u"gives"_s, QJsonArray{u"face.ear"_s}, u"key 'gives':"_s);
    row("unknown mode", u"sampling.mode"_s, u"some"_s, u"key 'sampling.mode': is 'some'"_s);
    row("nth without n", u"sampling.n"_s, gone, u"key 'sampling.n': is missing"_s);
    row("nth of zero", u"sampling.n"_s, 0, u"key 'sampling.n': must be at least 1"_s);
    row("n for every", u"sampling.mode"_s, u"every"_s, u"key 'sampling.n':"_s);
    row("broken n", u"sampling.n"_s, 1.5, u"key 'sampling.n': is not a whole number"_s);
    row("planes", u"planes"_s, u"rgb"_s, u"key 'planes':"_s);
    row("nothing allowed", u"onVideo"_s, false, u"key 'onVideo':"_s);
    row("negative seconds", u"minSeconds"_s, -1, u"key 'minSeconds':"_s);
    row("faces without need", u"needs"_s, QJsonArray(), u"key 'minFacePixels':"_s);
    row("model without licence", u"models.0.license"_s, gone, u"key 'models[0].license'"_s);
    row("short hash", u"models.0.sha256"_s, u"ab"_s, u"key 'models[0].sha256'"_s);
    row("file outside", u"models.0.file"_s, u"a/../../x"_s, u"key 'models[0].file'"_s);
    row("option without default", u"options.count.default"_s, gone,
        u"key 'options.count.default'"_s);
    row("default out of range", u"options.count.default"_s, 0,
        u"key 'options.count.default': must be at least 1"_s);
    row("choice without choices", u"options.mode.choices"_s, gone, u"key 'options.mode.choices'"_s);
    row("default not a choice", u"options.mode.default"_s, u"slow"_s,
        u"key 'options.mode.default'"_s);
    row("range of a boolean", u"options.deep.min"_s, 0, u"key 'options.deep.min'"_s);
    row("option type", u"options.deep.type"_s, u"bool"_s, u"key 'options.deep.type'"_s);
    row("option name", u"options.Bad-name"_s, QJsonObject(), u"key 'options.Bad-name'"_s);
    row("min above max", u"options.minSeconds.min"_s, 61, u"key 'options.minSeconds.min'"_s);
}

void TestManifest::aFaultNamesItsKey()
{
    QFETCH(QString, key);
    QFETCH(QJsonValue, value);
    QFETCH(QString, said);
    const QJsonValue object = changed(complete(), key.split(u'.'), value);
    const auto read = parseManifest(object.toObject(), u"m.json"_s);
    QVERIFY(!read);
    QCOMPARE(read.error().where, u"m.json"_s);
    QVERIFY2(read.error().what.contains(said), qPrintable(read.error().what));
}

void TestManifest::anotherApiIsToldFromDamage()
{
    QJsonObject object = complete();
    object[u"api"_s] = 2;
    object[u"somethingNew"_s] = true; // a later interface may have keys that we do not know
    const auto read = parseManifest(object, u"m.json"_s);
    QVERIFY(!read);
    QCOMPARE(read.error().code, Errc::Mismatch);
    QVERIFY2(read.error().what.contains(u"interface 2"_s), qPrintable(read.error().what));
}

void TestManifest::aRefusedManifestStillTellsItsName()
{
    QJsonObject object = complete();
    object[u"planes"_s] = u"rgb"_s;
    Manifest partly;
    QVERIFY(!parseManifest(object, u"m.json"_s, &partly));
    QCOMPARE(partly.id, u"org.example.blink"_s);
    QCOMPARE(partly.name, u"Blink"_s);
}

void TestManifest::aKeyThatStandsTwiceIsFound_data()
{
    QTest::addColumn<QByteArray>("extra");
    QTest::addColumn<bool>("twice");
    QTest::newRow("plain") << QByteArray() << false;
    QTest::newRow("option") << QByteArray("\"deep\": { \"type\": \"boolean\" },") << true;
    QTest::newRow("escaped") << QByteArray("\"d\\u0065ep\": { \"type\": \"boolean\" },") << true;
}

void TestManifest::aKeyThatStandsTwiceIsFound()
{
    QFETCH(QByteArray, extra);
    QFETCH(bool, twice);
    QByteArray text = canonicalJson(complete());
    const QByteArray options = "\"options\":{";
    QVERIFY(text.contains(options));
    text.replace(options, options + extra);
    QTemporaryDir folder;
    QFile file(folder.filePath(u"manifest.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.close();
    const auto read = readManifest(file.fileName());
    QCOMPARE(bool(read), !twice);
    if (twice)
        QVERIFY2(read.error().what.contains(u"'deep'"_s), qPrintable(read.error().what));
}

void TestManifest::optionsAreCompletedWithDefaults()
{
    const Manifest m = parseManifest(complete(), u"m"_s).value();
    const auto options = checkedOptions(m, {{u"count"_s, 7}});
    QVERIFY(options);
    QCOMPARE(
        *options,
        (QJsonObject{
            {u"count"_s, 7}, {u"deep"_s, false}, {u"minSeconds"_s, 10}, {u"mode"_s, u"fast"_s}}));
    QCOMPARE(checkedOptions(m, {}).value(), m.defaultOptions());
}

void TestManifest::wrongOptionsAreRefused_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QJsonValue>("value");
    QTest::newRow("unknown") << u"nosuch"_s << QJsonValue(1);
    QTest::newRow("below") << u"minSeconds"_s << QJsonValue(1.9);
    QTest::newRow("above") << u"minSeconds"_s << QJsonValue(61);
    QTest::newRow("text for a number") << u"minSeconds"_s << QJsonValue(u"10"_s);
    QTest::newRow("null") << u"minSeconds"_s << QJsonValue(QJsonValue::Null);
    QTest::newRow("part for a whole") << u"count"_s << QJsonValue(1.5);
    QTest::newRow("number for a flag") << u"deep"_s << QJsonValue(1);
    QTest::newRow("no such choice") << u"mode"_s << QJsonValue(u"slow"_s);
}

void TestManifest::wrongOptionsAreRefused()
{
    QFETCH(QString, option);
    QFETCH(QJsonValue, value);
    const Manifest m = parseManifest(complete(), u"m"_s).value();
    const auto options = checkedOptions(m, {{option, value}});
    QVERIFY(!options);
    QCOMPARE(options.error().code, Errc::BadData);
    QVERIFY2(options.error().text().contains(u"'%1'"_s.arg(option)),
             qPrintable(options.error().text()));
}

void TestManifest::whatTheHostGivesIsNamed()
{
    QStringList host;
    for (const QString &c : capability::all()) {
        if (capability::isGivenByHost(c))
            host << c;
    }
    QCOMPARE(host, QStringList({capability::kCoding, capability::kMacroblocks, capability::kMetadata,
                                capability::kJpeg, capability::kCredentials, capability::kFingerprints}));
}

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
