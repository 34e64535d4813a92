// SPDX-License-Identifier: GPL-3.0-or-later
#include "blinks/blink_count.h"

#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr TrackId kFace{2};
constexpr double kRate = 25.0;

double clock25(FrameIndex frame)
{
    return double(frame) / kRate;
}

Event lid(FrameIndex apex, const QString &kind = u"blink"_s, double strength = 0.9)
{
    Event e;
    e.id = u"lid.2.%1"_s.arg(apex);
    e.kind = kind;
    e.range = {apex - 2, apex + 4};
    e.apex = apex;
    e.track = kFace;
    e.strength = strength;
    return e;
}

/// A minute of one face with a blink every three seconds.
Measurements minute()
{
    Measurements m;
    for (FrameIndex at = 50; at < 1500; at += 75)
        m.events.push_back(lid(at));
    m.events.push_back(lid(30, u"downward-glance"_s, 0.5));
    Event other = lid(33);
    other.track = TrackId{0};
    m.events.push_back(other);
    BlinkBasis basis;
    basis.footage = {60, 1, 60, kRate, 0, 40, 0};
    basis.stretches = {{0, 60}};
    basis.context = blinkContext(u"conversation"_s);
    basis.counter = {0.93, 0.25};
    basis.reference = {7, 31.5};
    basis.seed = 0xffff'ffff'0000'0001u;
    m.tables = tablesOf(basis, kFace);
    Trace trace;
    trace.track = kFace;
    for (FrameIndex i = 0; i < 1500; ++i)
        trace.frames.push_back(i);
    trace.values.assign(1500, 0.0);
    m.traces.push_back(trace);
    return m;
}

} // namespace

class TestBlinkCount : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void labelsAreReadBackAndOthersAreNot();
    void basisSurvivesTheResult();
    void rejectedAndAddedBlinksChangeTheCount();
    void otherFacesAndOtherMarksDoNot();
    void movedBlinkIsCountedOnce();
    void kappaOfKnownTables();
    void withoutCorrectionsThereIsNothingToSay();
};

void TestBlinkCount::labelsAreReadBackAndOthersAreNot()
{
    for (const bool isBlink : {true, false}) {
        const auto c = correctionOf({{10, 14}, correctionLabel(kFace, isBlink)});
        QVERIFY(c);
        QCOMPARE(c->track, kFace);
        QCOMPARE(c->isBlink, isBlink);
        QCOMPARE(c->range, (FrameRange{10, 14}));
    }
    for (const QString &label : {u"Blink"_s, u"blink, face 3"_s, u"Blink, face 0"_s, u"Blink, face 3?"_s, u"No blink, face -1"_s, QString()})
        QVERIFY(!correctionOf({{10, 14}, label}));
    QVERIFY(!correctionOf({{10, 10}, correctionLabel(kFace, true)}));
}

void TestBlinkCount::basisSurvivesTheResult()
{
    const auto basis = basisOf(minute(), kFace);
    QVERIFY(basis);
    QCOMPARE(basis->footage.usableSeconds, 60.0);
    QCOMPARE(basis->footage.medianEyeWidthPixels, 40.0);
    QCOMPARE(basis->context.name, u"conversation"_s);
    QCOMPARE(basis->counter.recall, 0.93);
    QCOMPARE(basis->reference.blinks, 7);
    QCOMPARE(basis->reference.seconds, 31.5);
    QCOMPARE(basis->seed, 0xffff'ffff'0000'0001u); // more than a double holds
    QCOMPARE(basis->stretches.size(), std::size_t(1));
    QVERIFY(!basisOf(minute(), TrackId{0}));
    QVERIFY(!basisOf({}, kFace));
}

void TestBlinkCount::rejectedAndAddedBlinksChangeTheCount()
{
    const Measurements m = minute();
    const std::vector<ExaminerMark> marks{{{50, 51}, correctionLabel(kFace, false)},
                                          {{125, 126}, correctionLabel(kFace, false)},
                                          {{80, 86}, correctionLabel(kFace, true)}};
    const auto recount = recountBlinks(m, marks, kFace, clock25);
    QVERIFY(recount);
    QCOMPARE(recount->before.blinks, 20);
    QCOMPARE(recount->after.blinks, 19);
    QCOMPARE(recount->blinks.rejected.size(), std::size_t(2));
    QCOMPARE(recount->blinks.added.size(), std::size_t(1));
    QVERIFY(recount->before.pLow > recount->after.pLow);
    QVERIFY(std::is_sorted(recount->blinks.events.begin(), recount->blinks.events.end(),
                           [](const Event &a, const Event &b) { return *a.apex < *b.apex; }));
    QVERIFY(recount->agreement && *recount->agreement > 0.8 && *recount->agreement < 1.0);
    QVERIFY(recount->lines.join(u' ').contains(u"added by the examiner: 1; rejected: 2"_s));
    // A look down was no blink before, so it cannot be rejected.
    QVERIFY(!recountBlinks(m, {{{30, 31}, correctionLabel(kFace, false)}}, kFace, clock25));
}

void TestBlinkCount::otherFacesAndOtherMarksDoNot()
{
    const std::vector<ExaminerMark> marks{{{50, 51}, correctionLabel(TrackId{0}, false)},
                                          {{80, 86}, correctionLabel(TrackId{5}, true)},
                                          {{80, 86}, u"Look here"_s}};
    QVERIFY(!recountBlinks(minute(), marks, kFace, clock25));
}

void TestBlinkCount::movedBlinkIsCountedOnce()
{
    const auto recount = recountBlinks(minute(), {{{50, 51}, correctionLabel(kFace, false)},
                                                  {{52, 58}, correctionLabel(kFace, true)}}, kFace, clock25);
    QVERIFY(recount);
    QCOMPARE(recount->after.blinks, recount->before.blinks);
}

void TestBlinkCount::kappaOfKnownTables()
{
    // 100 frames: both say blink in 20, only one says so in 5 and 10, neither in 65.
    Event a = lid(0), b = lid(0);
    a.range = {0, 25};
    b.range = {5, 35};
    const double observed = 0.85, chance = 0.25 * 0.30 + 0.75 * 0.70;
    QVERIFY(std::abs(*blinkAgreement({a}, {b}, {0, 100}) - (observed - chance) / (1 - chance)) < 1e-12);
    QCOMPARE(*blinkAgreement({a}, {a}, {0, 100}), 1.0);
    QVERIFY(!blinkAgreement({}, {}, {0, 100}));
    QVERIFY(!blinkAgreement({a}, {b}, {0, 0}));
}

void TestBlinkCount::withoutCorrectionsThereIsNothingToSay()
{
    QVERIFY(!recountBlinks(minute(), {}, kFace, clock25));
    Measurements old = minute(); // a result that keeps no basis
    old.tables.clear();
    QVERIFY(!recountBlinks(old, {{{50, 51}, correctionLabel(kFace, false)}}, kFace, clock25));
}

QTEST_GUILESS_MAIN(TestBlinkCount)
#include "tst_blink_count.moc"
