// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/frame_choice.h"
#include "run/plan.h"
#include "test_plugins.h"

#include <QRegularExpression>
#include <QTemporaryFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

ClipFacts video(double seconds)
{
    ClipFacts clip;
    clip.durationSeconds = seconds;
    return clip;
}

/// frameCount frames whose every 10th is a key frame.
PacketIndex indexOf(int frameCount)
{
    PacketIndex index;
    for (int i = 0; i < frameCount; ++i) {
        PacketEntry packet;
        packet.keyFrame = i % 10 == 0;
        index.packets.push_back(packet);
        index.shown.push_back(i);
    }
    return index;
}

std::vector<FrameIndex> chosen(const Sampling &sampling, int frameCount)
{
    const FrameChoice choice(sampling, indexOf(frameCount), frameCount);
    std::vector<FrameIndex> frames;
    for (FrameIndex i = 0; i < frameCount; ++i) {
        LedgerEntry entry;
        entry.keyFrame = i % 10 == 0;
        if (choice.mayTake(i, false) && choice.takes(entry))
            frames.push_back(i);
    }
    if (std::int64_t(frames.size()) != choice.expected())
        frames.push_back(-1);
    return frames;
}

} // namespace

class TestPlan : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"."_s));
        m_registry = std::make_unique<PluginRegistry>();
    }
    void samplingChoosesTheFrames_data();
    void samplingChoosesTheFrames();
    void keyFramesAreFoundWhereTheScanIsNoGuide();
    void observersComeFirstEachAfterWhatItNeeds();
    void aRequestedObserverIsPreferred();
    void aStandInReplacesOthersOnceItsFileIsChosen();
    void whatCannotRunSaysWhy_data();
    void whatCannotRunSaysWhy();
    void aReasonIsHandedOnToThoseWhoNeedTheMethod();
    void observersThatNeedEachOtherDoNotHang();
    void observationsAreAddedWithoutOverwriting();

private:
    QStringList order(const QStringList &ids)
    {
        QStringList order;
        for (const PlannedMethod &m : plan(ids, video(10)))
            order << m.entry.manifest.id;
        return order;
    }
    Plan plan(const QStringList &ids, const ClipFacts &clip)
    {
        return makePlan(*m_registry, request({}, ids).methods, clip);
    }
    void observer(const QString &id, const QStringList &needs, const QStringList &gives)
    {
        Manifest m = manifest(id, PluginKind::Observer);
        m.needs = needs;
        m.gives = gives;
        add(*m_registry, m, {});
    }
    void detector(const QString &id, const QStringList &needs)
    {
        Manifest m = manifest(id);
        m.needs = needs;
        add(*m_registry, m, {});
    }
    std::unique_ptr<PluginRegistry> m_registry;
};

void TestPlan::samplingChoosesTheFrames_data()
{
    using Mode = Sampling::Mode;
    using Frames = std::vector<FrameIndex>;
    QTest::addColumn<Mode>("mode");
    QTest::addColumn<int>("n");
    QTest::addColumn<int>("frameCount");
    QTest::addColumn<Frames>("frames");
    QTest::newRow("every") << Mode::Every << 1 << 4 << Frames{0, 1, 2, 3};
    QTest::newRow("every third") << Mode::EveryNth << 3 << 8 << Frames{0, 3, 6};
    QTest::newRow("spread") << Mode::Spread << 4 << 100 << Frames{12, 37, 62, 87};
    QTest::newRow("spread over few") << Mode::Spread << 9 << 3 << Frames{0, 1, 2};
    QTest::newRow("one") << Mode::Spread << 1 << 75 << Frames{37};
    QTest::newRow("key frames") << Mode::KeyFrames << 1 << 25 << Frames{0, 10, 20};
    QTest::newRow("none") << Mode::None << 1 << 25 << Frames{};
}

void TestPlan::samplingChoosesTheFrames()
{
    QFETCH(Sampling::Mode, mode);
    QFETCH(int, n);
    QFETCH(int, frameCount);
    QFETCH(std::vector<FrameIndex>, frames);
    QCOMPARE(chosen({mode, n}, frameCount), frames);
}

void TestPlan::keyFramesAreFoundWhereTheScanIsNoGuide()
{
    const FrameChoice choice({Sampling::Mode::KeyFrames, 1}, indexOf(20), 20);
    QVERIFY(!choice.mayTake(3, false));
    QVERIFY(choice.mayTake(3, true));   // packets were lost: every frame may be one
    QVERIFY(choice.mayTake(25, false)); // past the end of the scan
    QVERIFY(!choice.takes(LedgerEntry()));
}

void TestPlan::observersComeFirstEachAfterWhatItNeeds()
{
    observer(u"t.a_pose"_s, {u"face.landmarks68"_s}, {u"face.pose"_s});
    observer(u"t.b_faces"_s, {}, {u"face.track"_s, u"face.landmarks68"_s});
    observer(u"t.c_unused"_s, {}, {u"face.ear"_s});
    detector(u"t.a_detector"_s, {u"face.pose"_s, u"coding.trace"_s});
    QCOMPARE(order({u"t.a_detector"_s}),
             QStringList({u"t.b_faces"_s, u"t.a_pose"_s, u"t.a_detector"_s}));
    const Plan p = plan({u"t.a_detector"_s}, video(10));
    QCOMPARE(p[2].observers, (std::vector<std::size_t>{0, 1})); // also what it needs indirectly
    QVERIFY(p[2].requested && !p[0].requested);
}

void TestPlan::aRequestedObserverIsPreferred()
{
    observer(u"t.one"_s, {}, {u"face.track"_s});
    observer(u"t.two"_s, {}, {u"face.track"_s});
    detector(u"t.detector"_s, {u"face.track"_s});
    QCOMPARE(order({u"t.detector"_s}), QStringList({u"t.one"_s, u"t.detector"_s}));
    QCOMPARE(order({u"t.detector"_s, u"t.two"_s}), QStringList({u"t.two"_s, u"t.detector"_s}));
}

void TestPlan::aStandInReplacesOthersOnceItsFileIsChosen()
{
    observer(u"t.a_faces"_s, {}, {u"face.track"_s});
    observer(u"t.b_model"_s, {u"face.track"_s}, {u"face.au"_s, u"face.expression"_s});
    Manifest m = manifest(u"t.c_table"_s, PluginKind::Observer);
    m.gives = {u"face.track"_s, u"face.au"_s};
    m.standsIn = u"table"_s;
    OptionSpec table;
    table.name = m.standsIn;
    table.type = OptionSpec::Type::File;
    table.fallback = QString();
    m.options = {table};
    add(*m_registry, m, {});
    detector(u"t.detector"_s, {u"face.track"_s, u"face.au"_s, u"face.expression"_s});

    const Plan without = plan({u"t.detector"_s, u"t.c_table"_s}, video(10));
    QCOMPARE(without.size(), 4u);
    QVERIFY(!without[0].notRun && !without[1].notRun && !without[3].notRun);
    QCOMPARE(without[2].entry.manifest.id, u"t.c_table"_s);
    QVERIFY(without[2].notRun->reason.contains(u"no file was chosen"_s));
    QCOMPARE(without[3].observers, (std::vector<std::size_t>{0, 1}));

    QTemporaryFile csv;
    QVERIFY(csv.open());
    std::vector<MethodChoice> methods = request({}, {u"t.detector"_s, u"t.a_faces"_s}).methods;
    methods.push_back({u"t.c_table"_s, {{u"table"_s, csv.fileName()}}});
    const Plan with = makePlan(*m_registry, methods, video(10));
    QCOMPARE(with.size(), 4u);
    std::map<QString, const PlannedMethod *> by;
    for (const PlannedMethod &method : with)
        by[method.entry.manifest.id] = &method;
    QVERIFY(by[u"t.a_faces"_s]->notRun->reason.contains(u"stands in for it"_s));
    QVERIFY(!by[u"t.b_model"_s]->notRun); // it gives something of its own
    QVERIFY(!by[u"t.detector"_s]->notRun && !by[u"t.c_table"_s]->notRun);
    for (const std::size_t i : by[u"t.detector"_s]->observers)
        QVERIFY(with[i].entry.manifest.id != u"t.a_faces"_s);
}

void TestPlan::whatCannotRunSaysWhy_data()
{
    QTest::addColumn<bool>("still");
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("said");
    QTest::newRow("fits") << false << 3.0 << QString();
    QTest::newRow("short") << false << 2.5 << u"the clip lasts 2.5 s; the method needs 3.0 s"_s;
    QTest::newRow("still") << true << 0.0 << u"this is a still picture"_s;
}

void TestPlan::whatCannotRunSaysWhy()
{
    QFETCH(bool, still);
    QFETCH(double, seconds);
    QFETCH(QString, said);
    Manifest m = manifest(u"t.picky"_s);
    m.onStills = false;
    m.minSeconds = 3.0;
    add(*m_registry, m, {});
    ClipFacts clip = video(seconds);
    clip.media.still = still;
    const Plan p = plan({u"t.picky"_s}, clip);
    QCOMPARE(p.size(), 1u);
    QCOMPARE(p[0].notRun.has_value(), !said.isEmpty());
    if (p[0].notRun)
        QVERIFY2(p[0].notRun->reason.contains(said), qPrintable(p[0].notRun->reason));
}

void TestPlan::aReasonIsHandedOnToThoseWhoNeedTheMethod()
{
    PluginEntry refused;
    refused.manifest = faceObserver(u"t.faces"_s);
    refused.manifest.name = u"Faces"_s;
    refused.refusal = Error{Errc::NotFound, u"model 'x' is missing"_s, {}};
    m_registry->add(refused, nullptr);
    detector(u"t.detector"_s, {u"face.track"_s});
    detector(u"t.other"_s, {u"face.ear"_s});
    const Plan p = plan({u"t.detector"_s, u"t.other"_s, u"t.unknown"_s}, video(10));
    QCOMPARE(p.size(), 4u);
    QVERIFY2(p[1].notRun->reason.contains(u"'Faces'"_s), qPrintable(p[1].notRun->reason));
    QVERIFY(p[1].notRun->reason.contains(u"model 'x' is missing"_s));
    QVERIFY(p[2].notRun->reason.contains(u"gives 'face.ear'"_s));
    QVERIFY(p[3].notRun->reason.contains(u"no plugin with this id"_s));
}

void TestPlan::observersThatNeedEachOtherDoNotHang()
{
    observer(u"t.a"_s, {u"face.pose"_s}, {u"face.ear"_s});
    observer(u"t.b"_s, {u"face.ear"_s}, {u"face.pose"_s});
    detector(u"t.detector"_s, {u"face.ear"_s});
    const Plan p = plan({u"t.detector"_s}, video(10));
    QCOMPARE(p.size(), 3u);
    for (const PlannedMethod &m : p)
        QVERIFY(m.notRun.has_value());
}

void TestPlan::observationsAreAddedWithoutOverwriting()
{
    FaceObservation box;
    box.track = TrackId(3);
    box.box = {1, 2, 30, 30};
    box.landmarkSigmas.emplace().fill(0.5f);
    FaceObservation more = box;
    more.box = {9, 9, 9, 9};
    more.landmarkSigmas.emplace().fill(2.0f);
    more.earImageLeft = 0.3;
    FaceObservation other;
    other.track = TrackId(1);
    Observations known, added;
    known.faces = FaceObservations{box};
    known.add(added); // nobody looked: nothing changes
    QCOMPARE(known.faces->size(), 1u);
    added.faces = FaceObservations{more, other};
    known.add(added);
    QCOMPARE(known.faces->size(), 2u);
    QCOMPARE(number(known.faces->at(0).track), 1);
    const FaceObservation &merged = known.faces->at(1);
    QCOMPARE(merged.box, box.box);
    QCOMPARE(merged.landmarkSigmas->at(0), 0.5f);
    QCOMPARE(merged.earImageLeft, std::optional(0.3));
}

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
