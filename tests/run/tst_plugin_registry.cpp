// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "base/json.h"
#include "run/plugin_registry.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

QJsonObject plainManifest(const QString &id)
{
    return {{u"id"_s, id},           {u"version"_s, u"1.0.0"_s},
            {u"api"_s, kPluginApi},  {u"kind"_s, u"detector"_s},
            {u"name"_s, u"Plain"_s}, {u"summary"_s, u"s"_s},
            {u"family"_s, u"f"_s},   {u"looksFor"_s, u"l"_s},
            {u"limits"_s, u"l"_s},   {u"license"_s, u"GPL-3.0-or-later"_s}};
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

/// A plugin folder with a library that is none.
QString makePlugin(const QTemporaryDir &root, const QString &name, const QByteArray &manifest)
{
    const QString folder = root.filePath(u"plugins/"_s + name);
    QDir().mkpath(folder);
    if (!manifest.isEmpty())
        write(folder + u"/manifest.json"_s, manifest);
    write(folder + u"/"_s + name + u".so"_s, "not a library");
    return folder;
}

QJsonObject withModel(QJsonObject manifest, const QString &file, const QString &sha256)
{
    manifest[u"models"_s] = QJsonArray{QJsonObject{{u"id"_s, u"net"_s},
                                                   {u"file"_s, file},
                                                   {u"sha256"_s, sha256},
                                                   {u"license"_s, u"CC0-1.0"_s},
                                                   {u"package"_s, u"libdlib-data"_s}}};
    return manifest;
}

} // namespace

class TestPluginRegistry : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"."_s));
        m_root = std::make_unique<QTemporaryDir>();
        m_registry = std::make_unique<PluginRegistry>();
    }
    void aSoundPluginIsFoundWithoutLoadingIt();
    void refusalsSayWhy_data();
    void refusalsSayWhy();
    void aFolderWithoutManifestIsListedByItsName();
    void aFolderWithoutLibraryIsRefused();
    void ofTwoPluginsWithOneIdTheFirstCounts();
    void aModelIsFoundInItsFolderAndElsewhere();
    void aMissingModelNamesItsPackage();
    void aChangedModelIsRefused();
    void aLibraryThatDoesNotLoadIsRememberedAsRefused();
    void aLibraryWithoutFactoryIsRefused();
    void aLibraryOfAnotherProgramIsRefused();
    void whatFindReturnedOutlivesALaterRefusal();
    void aSecondScanReplacesTheFirstAndKeepsAdditions();

private:
    PluginEntry scanOne()
    {
        m_registry->scan({m_root->filePath(u"plugins"_s)}, m_root->filePath(u"models"_s));
        const auto entries = m_registry->entries();
        return entries.size() == 1 ? entries.front() : PluginEntry();
    }
    /// Puts a real library beside a plain manifest and tries to use it.
    Error useLibrary(const QString &library)
    {
        const QString folder =
            makePlugin(*m_root, u"p"_s, canonicalJson(plainManifest(u"org.example.p"_s)));
        QFile::remove(folder + u"/p.so"_s);
        QFile source(QCoreApplication::applicationDirPath() + u"/plugins/"_s + library);
        if (!source.copy(folder + u"/p.so"_s))
            return {Errc::Internal, source.fileName() + u": "_s + source.errorString(), {}};
        if (scanOne().refusal)
            return {
                Errc::Internal, u"was refused before loading: "_s + scanOne().refusal->text(), {}};
        const auto made = m_registry->createDetector(u"org.example.p"_s);
        return made ? Error{Errc::Internal, u"was accepted"_s, {}} : made.error();
    }

    std::unique_ptr<QTemporaryDir> m_root;
    std::unique_ptr<PluginRegistry> m_registry;
};

void TestPluginRegistry::aSoundPluginIsFoundWithoutLoadingIt()
{
    const QString folder =
        makePlugin(*m_root, u"p"_s, canonicalJson(plainManifest(u"org.example.p"_s)));
    const PluginEntry entry = scanOne();
    QVERIFY2(!entry.refusal, entry.refusal ? qPrintable(entry.refusal->text()) : "");
    QCOMPARE(entry.manifest.id, u"org.example.p"_s);
    QCOMPARE(entry.libraryPath, folder + u"/p.so"_s); // a text file: loading would have failed
}

void TestPluginRegistry::refusalsSayWhy_data()
{
    QTest::addColumn<QByteArray>("manifest");
    QTest::addColumn<Errc>("code");
    QTest::addColumn<QString>("said");
    QTest::newRow("broken JSON") << QByteArray("{\"id\": ") << Errc::BadData << u"not valid JSON"_s;
    QTest::newRow("no object") << QByteArray("[]") << Errc::BadData << u"JSON object"_s;
    QJsonObject api = plainManifest(u"org.example.p"_s);
    api[u"api"_s] = kPluginApi + 1;
    QTest::newRow("wrong api") << canonicalJson(api) << Errc::Mismatch << u"interface 2"_s;
    QJsonObject key = plainManifest(u"org.example.p"_s);
    key[u"wants"_s] = 1;
    QTest::newRow("unknown key") << canonicalJson(key) << Errc::BadData << u"'wants'"_s;
}

void TestPluginRegistry::refusalsSayWhy()
{
    QFETCH(QByteArray, manifest);
    QFETCH(Errc, code);
    QFETCH(QString, said);
    makePlugin(*m_root, u"p"_s, manifest);
    const PluginEntry entry = scanOne();
    QVERIFY(entry.refusal);
    QCOMPARE(entry.refusal->code, code);
    QVERIFY2(entry.refusal->text().contains(said), qPrintable(entry.refusal->text()));
    QVERIFY(!m_registry->createDetector(entry.manifest.id));
}

void TestPluginRegistry::aFolderWithoutManifestIsListedByItsName()
{
    makePlugin(*m_root, u"lonely"_s, {});
    const PluginEntry entry = scanOne();
    QCOMPARE(entry.manifest.name, u"lonely"_s);
    QVERIFY(entry.refusal);
    QVERIFY(entry.refusal->what.contains(u"manifest.json"_s));
}

void TestPluginRegistry::aFolderWithoutLibraryIsRefused()
{
    const QString folder =
        makePlugin(*m_root, u"p"_s, canonicalJson(plainManifest(u"org.example.p"_s)));
    QFile::remove(folder + u"/p.so"_s);
    QVERIFY(scanOne().refusal->what.contains(u"no library"_s));
}

void TestPluginRegistry::ofTwoPluginsWithOneIdTheFirstCounts()
{
    const QString first =
        makePlugin(*m_root, u"a"_s, canonicalJson(plainManifest(u"org.example.p"_s)));
    makePlugin(*m_root, u"b"_s, canonicalJson(plainManifest(u"org.example.p"_s)));
    scanOne();
    const auto entries = m_registry->entries();
    QCOMPARE(entries.size(), 2u);
    QVERIFY(!entries[0].refusal);
    QCOMPARE(entries[0].folder, first);
    QVERIFY(entries[1].refusal);
    QVERIFY2(entries[1].refusal->what.contains(first), qPrintable(entries[1].refusal->what));
    QCOMPARE(m_registry->find(u"org.example.p"_s)->folder, first);
}

void TestPluginRegistry::aModelIsFoundInItsFolderAndElsewhere()
{
    QDir().mkpath(m_root->filePath(u"models"_s));
    const QString hash = hexText(sha256("weights"));
    for (const QString &place : {u"models/net.fwm"_s, u"system.dat"_s})
        write(m_root->filePath(place), "weights");
    for (const QString &file : {u"net.fwm"_s, m_root->filePath(u"system.dat"_s)}) {
        makePlugin(*m_root, u"p"_s,
                   canonicalJson(withModel(plainManifest(u"org.example.p"_s), file, hash)));
        const PluginEntry entry = scanOne();
        QVERIFY2(!entry.refusal, entry.refusal ? qPrintable(entry.refusal->text()) : "");
        QCOMPARE(entry.modelHashes.at(u"net"_s), hash);
        QVERIFY(QFile::exists(entry.modelPaths.at(u"net"_s)));
    }
}

void TestPluginRegistry::aMissingModelNamesItsPackage()
{
    makePlugin(*m_root, u"p"_s,
               canonicalJson(withModel(plainManifest(u"org.example.p"_s), u"/nowhere/a.dat"_s,
                                       hexText(sha256("x")))));
    const PluginEntry entry = scanOne();
    QCOMPARE(entry.refusal->code, Errc::NotFound);
    QVERIFY(entry.refusal->what.contains(u"/nowhere/a.dat"_s));
    QVERIFY(entry.refusal->what.contains(u"libdlib-data"_s));
}

void TestPluginRegistry::aChangedModelIsRefused()
{
    QDir().mkpath(m_root->filePath(u"models"_s));
    write(m_root->filePath(u"models/net.fwm"_s), "weightS");
    makePlugin(*m_root, u"p"_s,
               canonicalJson(withModel(plainManifest(u"org.example.p"_s), u"net.fwm"_s,
                                       hexText(sha256("weights")))));
    const PluginEntry entry = scanOne();
    QCOMPARE(entry.refusal->code, Errc::Mismatch);
    QVERIFY(entry.refusal->what.contains(hexText(sha256("weights"))));
    QVERIFY(entry.refusal->what.contains(hexText(sha256("weightS"))));
}

void TestPluginRegistry::aLibraryThatDoesNotLoadIsRememberedAsRefused()
{
    makePlugin(*m_root, u"p"_s, canonicalJson(plainManifest(u"org.example.p"_s)));
    QVERIFY(!scanOne().refusal);
    const auto made = m_registry->createDetector(u"org.example.p"_s);
    QVERIFY(!made);
    QCOMPARE(made.error().code, Errc::Plugin);
    QVERIFY2(made.error().text().contains(u"p.so"_s), qPrintable(made.error().text()));
    QCOMPARE(m_registry->find(u"org.example.p"_s)->refusal, std::optional(made.error()));
    QCOMPARE(m_registry->createDetector(u"org.example.p"_s).error(), made.error());
}

void TestPluginRegistry::aLibraryWithoutFactoryIsRefused()
{
    const Error error = useLibrary(u"test_plugin_no_factory.so"_s);
    QVERIFY2(error.what.contains(u"no plugin factory"_s), qPrintable(error.what));
    QCOMPARE(error.code, Errc::Plugin);
}

void TestPluginRegistry::aLibraryOfAnotherProgramIsRefused()
{
    const Error error = useLibrary(u"test_plugin_other_interface.so"_s);
    QVERIFY2(error.what.contains(u"org.example.Other/1"_s), qPrintable(error.what));
    QCOMPARE(error.code, Errc::Mismatch);
}

void TestPluginRegistry::whatFindReturnedOutlivesALaterRefusal()
{
    makePlugin(*m_root, u"p"_s, canonicalJson(plainManifest(u"org.example.p"_s)));
    scanOne();
    const PluginEntry *before = m_registry->find(u"org.example.p"_s);
    QVERIFY(!m_registry->createDetector(u"org.example.p"_s));
    QVERIFY(!before->refusal);
    QCOMPARE(before->manifest.name, u"Plain"_s);
}

void TestPluginRegistry::aSecondScanReplacesTheFirstAndKeepsAdditions()
{
    PluginEntry added;
    added.manifest.id = u"org.example.added"_s;
    m_registry->add(added, std::make_shared<PluginFactory>());
    makePlugin(*m_root, u"p"_s, canonicalJson(plainManifest(u"org.example.p"_s)));
    const QStringList folders{m_root->filePath(u"plugins"_s), m_root->filePath(u"plugins"_s)};
    m_registry->scan(folders, {});
    m_registry->scan(folders, {});
    QCOMPARE(m_registry->entries().size(), 2u);
    QVERIFY(m_registry->find(u"org.example.added"_s));
    // The factory of the contract's default makes neither kind.
    const auto made = m_registry->createDetector(u"org.example.added"_s);
    QVERIFY(!made);
    QCOMPARE(made.error().code, Errc::Plugin);
    m_registry->scan({u"/nowhere"_s}, {});
    QCOMPARE(m_registry->entries().size(), 1u);
}

QTEST_GUILESS_MAIN(TestPluginRegistry)
#include "tst_plugin_registry.moc"
