// SPDX-License-Identifier: GPL-3.0-or-later
#include "frames/frame_store.h"
#include "media/video_reader.h"

#include "test_data.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <set>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

struct Answer
{
    quint64 ticket = 0;
    FramePtr frame;
    bool exact = false;
};

/// Collects what a store answers, in order.
class Listener : public QObject
{
public:
    explicit Listener(FrameStore &store)
    {
        connect(&store, &FrameStore::frameReady, this, [this](quint64 ticket, FramePtr frame, bool exact) {
            answers.push_back({ticket, std::move(frame), exact});
        });
        connect(&store, &FrameStore::frameFailed, this, [this](quint64 ticket, const Error &error) {
            failures.push_back({ticket, error});
        });
    }
    const Answer *exactOf(quint64 ticket) const
    {
        for (const Answer &a : answers) {
            if (a.ticket == ticket && a.exact)
                return &a;
        }
        return nullptr;
    }
    std::vector<Answer> answers;
    std::vector<std::pair<quint64, Error>> failures;
};

std::unique_ptr<FrameStore> openStore(const QString &path, std::size_t cacheBytes = std::size_t(64) << 20,
                                      bool hashFile = false)
{
    auto store = FrameStore::open(path, {.cacheBytes = cacheBytes, .hashFile = hashFile});
    return store ? std::move(*store) : nullptr;
}

constexpr std::size_t kFrameBytes = 160 * 120 * 3 + sizeof(Frame);

} // namespace

class TestFrameStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void answersComeLaterAndAreExact();
    void theFirstFrameDoesNotWaitForTheIndex();
    void aFarFrameShowsItsKeyFrameFirst();
    void onlyTheNewestRequestIsSureOfAnAnswer();
    void theCacheKeepsItsBound_data();
    void theCacheKeepsItsBound();
    void steppingBackIsAnsweredAtOnce();
    void playingIsDecodedAhead();
    void reversePlayIsDecodedAhead();
    void theClockFillsUp();
    void hashesArrive();
    void thumbnailsAreSmallKeyFrames();
    void cancelledThumbnailsDoNotCome();
    void framesOutsideTheClipFail();
    void aTruncatedFileShowsWhatItHas();
    void aStillHasOneFrame();
    void aLedgerIsCheckedAgainst();
    void itEndsQuicklyAtAnyMoment();

private:
    QString at(const QString &name) const { return m_folder.filePath(name); }
    QString clip() const { return at(u"clip.mp4"_s); }
    QTemporaryDir m_folder;
    std::shared_ptr<Ledger> m_ledger = std::make_shared<Ledger>();
};

void TestFrameStore::initTestCase()
{
    QCOMPARE(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=160x120:rate=25:duration=12"_s, u"-c:v"_s,
                     u"libx264"_s, u"-g"_s, u"120"_s, u"-keyint_min"_s, u"120"_s, u"-sc_threshold"_s, u"0"_s,
                     u"-bf"_s, u"2"_s, u"-preset"_s, u"veryfast"_s, u"-pix_fmt"_s, u"yuv420p"_s, clip()}),
             QString());
    auto reader = VideoReader::open(clip(), {.pixels = false});
    QVERIFY(reader);
    const StreamFacts *video = (*reader)->facts().video();
    m_ledger->streamIndex = video->index;
    m_ledger->timeBase = video->timeBase;
    while (true) {
        auto picture = (*reader)->next();
        QVERIFY(picture);
        if (!*picture)
            break;
        m_ledger->entries.push_back((*picture)->ledger);
    }
    m_ledger->complete = true;
    QCOMPARE(m_ledger->count(), 300);
}

void TestFrameStore::answersComeLaterAndAreExact()
{
    const auto store = openStore(clip(), kFrameBytes * 20);
    QVERIFY(store);
    Listener listener(*store);
    QRandomGenerator random(3);
    for (int i = 0; i < 40; ++i) {
        const FrameIndex index = random.bounded(300);
        const std::size_t before = listener.answers.size();
        const quint64 ticket = store->request(index);
        QCOMPARE(listener.answers.size(), before); // never from within the call
        QTRY_VERIFY(listener.exactOf(ticket));
        const Answer answer = *listener.exactOf(ticket);
        QCOMPARE(answer.frame->index, index);
        QCOMPARE(answer.frame->planes, m_ledger->entries[std::size_t(index)].planes);
        QCOMPARE(answer.frame->time.ticks, m_ledger->entries[std::size_t(index)].pts);
        QCOMPARE(answer.frame->bgr.size(), cv::Size(160, 120));
    }
    QVERIFY(listener.failures.empty());
}

void TestFrameStore::theFirstFrameDoesNotWaitForTheIndex()
{
    // Long enough that the scan is at work for a while when the first frame is asked for.
    const auto store = openStore(clip());
    Listener listener(*store);
    const quint64 ticket = store->request(0);
    QTRY_VERIFY(listener.exactOf(ticket));
    QCOMPARE(listener.answers.front().ticket, ticket);
    QCOMPARE(listener.answers.front().frame->planes, m_ledger->entries[0].planes);
}

void TestFrameStore::aFarFrameShowsItsKeyFrameFirst()
{
    const auto store = openStore(clip());
    Listener listener(*store);
    const quint64 far = store->request(230);
    QTRY_VERIFY(listener.exactOf(far));
    QCOMPARE(int(listener.answers.size()), 2);
    QVERIFY(!listener.answers[0].exact);
    QCOMPARE(listener.answers[0].ticket, far);
    QCOMPARE(listener.answers[0].frame->index, 120);
    QVERIFY(listener.answers[0].frame->keyFrame);
    QCOMPARE(listener.answers[0].frame->planes, m_ledger->entries[120].planes);
    const quint64 near = store->request(233);
    QTRY_VERIFY(listener.exactOf(near));
    QCOMPARE(int(listener.answers.size()), 3); // near enough: nothing else was shown first
}

void TestFrameStore::onlyTheNewestRequestIsSureOfAnAnswer()
{
    const auto store = openStore(clip());
    Listener listener(*store);
    std::map<quint64, FrameIndex> asked;
    quint64 last = 0;
    for (int i = 0; i < 200; ++i) {
        last = store->request(299 - i);
        asked[last] = 299 - i;
    }
    QTRY_VERIFY(listener.exactOf(last));
    for (const Answer &answer : listener.answers) {
        if (answer.exact)
            QCOMPARE(answer.frame->index, asked[answer.ticket]);
    }
    QVERIFY(listener.answers.size() < 100); // the others were dropped, not worked off
    QVERIFY(listener.failures.empty());
}

void TestFrameStore::theCacheKeepsItsBound_data()
{
    QTest::addColumn<int>("bytes");
    QTest::newRow("three frames") << int(3 * kFrameBytes);
    QTest::newRow("less than a frame") << int(kFrameBytes / 2);
    QTest::newRow("nothing") << 0;
}

void TestFrameStore::theCacheKeepsItsBound()
{
    QFETCH(int, bytes);
    const auto store = openStore(clip(), std::size_t(bytes));
    Listener listener(*store);
    for (const FrameIndex index : {0, 50, 49, 48, 51, 52, 200, 10}) {
        const quint64 ticket = store->request(index, index > 50);
        QTRY_VERIFY(listener.exactOf(ticket));
        QVERIFY(store->cachedBytes() <= std::size_t(bytes));
        QCOMPARE(listener.exactOf(ticket)->frame->planes, m_ledger->entries[std::size_t(index)].planes);
    }
}

void TestFrameStore::steppingBackIsAnsweredAtOnce()
{
    const auto store = openStore(clip());
    Listener listener(*store);
    const quint64 start = store->request(100);
    QTRY_VERIFY(listener.exactOf(start));
    for (FrameIndex index = 99; index > 94; --index) {
        const quint64 ticket = store->request(index);
        QCoreApplication::sendPostedEvents(); // no waiting: the frame is there already
        QVERIFY2(listener.exactOf(ticket), qPrintable(QString::number(index)));
        QCOMPARE(listener.exactOf(ticket)->frame->index, index);
    }
}

void TestFrameStore::playingIsDecodedAhead()
{
    const auto store = openStore(clip());
    Listener listener(*store);
    const quint64 start = store->request(130, true);
    QTRY_VERIFY(listener.exactOf(start));
    QTRY_VERIFY(store->cachedBytes() > 30 * kFrameBytes);
    for (FrameIndex index = 131; index < 150; ++index) {
        const quint64 ticket = store->request(index, true);
        QCoreApplication::sendPostedEvents();
        QVERIFY2(listener.exactOf(ticket), qPrintable(QString::number(index)));
    }
}

void TestFrameStore::reversePlayIsDecodedAhead()
{
    const auto store = openStore(clip(), kFrameBytes * 60);
    Listener listener(*store);
    for (FrameIndex index = 290; index >= 200; --index) {
        const quint64 ticket = store->request(index);
        QTRY_VERIFY(listener.exactOf(ticket));
        QCOMPARE(listener.exactOf(ticket)->frame->planes, m_ledger->entries[std::size_t(index)].planes);
    }
    // Going back one by one never shows a key frame in between, except at the first jump.
    int inexact = 0;
    for (const Answer &answer : listener.answers)
        inexact += !answer.exact;
    QVERIFY2(inexact <= 1, qPrintable(QString::number(inexact)));
}

void TestFrameStore::theClockFillsUp()
{
    const auto store = openStore(clip());
    QTRY_VERIFY(store->clock().complete);
    const ClipClock &clock = store->clock();
    QCOMPARE(clock.frameCount, 300);
    QCOMPARE(int(clock.keyFrames.size()), 300);
    for (FrameIndex i = 0; i < 300; ++i) {
        QVERIFY(std::abs(clock.secondsOf(i) - m_ledger->seconds(i)) < 1e-9);
        QCOMPARE(clock.indexAt(clock.secondsOf(i)).value(), i);
        QCOMPARE(bool(clock.keyFrames[std::size_t(i)]), i % 120 == 0);
        QCOMPARE(clock.pictureTypes[std::size_t(i)], '?');
    }
    Listener listener(*store);
    const quint64 ticket = store->request(1);
    QTRY_VERIFY(listener.exactOf(ticket));
    QCOMPARE(clock.pictureTypes[1], m_ledger->entries[1].pictureType);
}

void TestFrameStore::hashesArrive()
{
    const auto store = openStore(clip(), 0, true);
    QTRY_VERIFY(store->facts().hashed);
    QCOMPARE(store->facts().hashes.sha256, hashFile(clip())->sha256);
}

void TestFrameStore::thumbnailsAreSmallKeyFrames()
{
    const auto store = openStore(clip());
    std::map<FrameIndex, FramePtr> small;
    connect(store.get(), &FrameStore::thumbnailReady, store.get(),
            [&](FrameIndex index, FramePtr frame) { small[index] = std::move(frame); });
    for (const FrameIndex index : {0, 60, 130, 299})
        store->requestThumbnail(index, 40);
    QTRY_COMPARE(int(small.size()), 4);
    QCOMPARE(small[60]->bgr.size(), cv::Size(40, 30));
    QCOMPARE(small[60]->index, 0);
    QCOMPARE(small[130]->index, 120);
    QCOMPARE(small[299]->index, 240);
}

void TestFrameStore::cancelledThumbnailsDoNotCome()
{
    const auto store = openStore(clip());
    std::set<FrameIndex> came;
    connect(store.get(), &FrameStore::thumbnailReady, store.get(),
            [&](FrameIndex index, const FramePtr &) { came.insert(index); });
    for (FrameIndex index = 0; index < 300; ++index)
        store->requestThumbnail(index, 24); // the index is not there yet: these have to wait
    store->cancelThumbnails();
    store->requestThumbnail(200, 16);
    QTRY_VERIFY(came.contains(200));
    QVERIFY2(came.size() < 100, qPrintable(QString::number(came.size())));
}

void TestFrameStore::framesOutsideTheClipFail()
{
    const auto store = openStore(clip());
    Listener listener(*store);
    for (const FrameIndex index : {FrameIndex(-1), FrameIndex(300), FrameIndex(1) << 40}) {
        const quint64 ticket = store->request(index);
        QTRY_VERIFY(!listener.failures.empty() && listener.failures.back().first == ticket);
        QCOMPARE(listener.failures.back().second.code, Errc::NotFound);
        QVERIFY(listener.failures.back().second.text().contains(u"clip.mp4"_s));
    }
    QVERIFY(!FrameStore::open(at(u"missing.mp4"_s), {}));
}

void TestFrameStore::aTruncatedFileShowsWhatItHas()
{
    QCOMPARE(ffmpeg({u"-i"_s, clip(), u"-c"_s, u"copy"_s, u"-movflags"_s, u"+faststart"_s, at(u"fast.mp4"_s)}),
             QString());
    QFile whole(at(u"fast.mp4"_s));
    QVERIFY(whole.open(QIODevice::ReadOnly));
    QFile cut(at(u"cut.mp4"_s));
    QVERIFY(cut.open(QIODevice::WriteOnly));
    cut.write(whole.read(whole.size() / 2));
    cut.close();
    const auto store = openStore(cut.fileName());
    QVERIFY(store);
    Listener listener(*store);
    QTRY_VERIFY(store->clock().complete);
    QVERIFY(store->clock().frameCount > 50 && store->clock().frameCount < 299);
    QTRY_VERIFY(!store->facts().warnings.isEmpty());
    const quint64 ticket = store->request(40);
    QTRY_VERIFY(listener.exactOf(ticket));
    QCOMPARE(listener.exactOf(ticket)->frame->planes, m_ledger->entries[40].planes);
}

void TestFrameStore::aStillHasOneFrame()
{
    QCOMPARE(ffmpeg({u"-f"_s, u"lavfi"_s, u"-i"_s, u"testsrc2=size=90x70:rate=1:duration=1"_s, u"-frames:v"_s,
                     u"1"_s, at(u"photo.png"_s)}), QString());
    const auto store = openStore(at(u"photo.png"_s), 0); // too large for the cache: decoded each time
    QVERIFY(store);
    QVERIFY(store->facts().still);
    Listener listener(*store);
    for (int i = 0; i < 3; ++i) {
        const quint64 ticket = store->request(0);
        QTRY_VERIFY(listener.exactOf(ticket));
        QCOMPARE(listener.exactOf(ticket)->frame->bgr.size(), cv::Size(90, 70));
    }
    QTRY_VERIFY(store->clock().complete);
    QCOMPARE(store->clock().frameCount, 1);
    QCOMPARE(store->clock().duration(), 0.0);
}

void TestFrameStore::aLedgerIsCheckedAgainst()
{
    const auto store = openStore(clip(), 0);
    QVERIFY(!store->useLedger(m_ledger) || store->clock().complete); // not before the scan has ended
    QTRY_VERIFY(store->clock().complete);
    auto wrong = std::make_shared<Ledger>(*m_ledger);
    wrong->entries[77].planes[5] ^= 1;
    QVERIFY(store->useLedger(wrong));
    QCOMPARE(store->clock().pictureTypes[76], m_ledger->entries[76].pictureType);
    Listener listener(*store);
    const quint64 good = store->request(76);
    QTRY_VERIFY(listener.exactOf(good));
    store->request(77);
    QTRY_VERIFY(!listener.failures.empty());
    QCOMPARE(listener.failures.front().second.code, Errc::Mismatch);
    auto foreign = std::make_shared<Ledger>(*m_ledger);
    for (LedgerEntry &entry : foreign->entries)
        entry.pts += 1;
    foreign->entries.pop_back();
    QVERIFY(!store->useLedger(foreign));
}

void TestFrameStore::itEndsQuicklyAtAnyMoment()
{
    QRandomGenerator random(11);
    for (int i = 0; i < 40; ++i) {
        auto store = openStore(clip(), kFrameBytes * 30, true);
        store->request(random.bounded(300), i % 2 == 0);
        store->requestThumbnail(random.bounded(300), 32);
        QTest::qWait(int(random.bounded(25)));
        if (i % 3 == 0)
            store->request(random.bounded(300), true);
        QElapsedTimer timer;
        timer.start();
        store.reset();
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
        QCoreApplication::processEvents(); // nothing may arrive from the dead
    }
}

QTEST_GUILESS_MAIN(TestFrameStore)
#include "tst_frame_store.moc"
