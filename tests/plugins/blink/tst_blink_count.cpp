// SPDX-License-Identifier: GPL-3.0-or-later
#include "blinks/blink_count.h"

#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr TrackId kFace{2};
constexpr double kRate = 25.0;
const QString kVersion = u"3.0.0"_s;

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
    void correctionsOfAnotherVersionAreShownAsSuch();
    void kappaOfKnownTables();
    void withoutCorrectionsThereIsNothingToSay();
};

void TestBlinkCount::labelsAreReadBackAndOthersAreNot()
{
    for (const bool isBlink : {true, false}) {
        const auto c = correctionOf({{10, 14}, correctionLabel(kFace, isBlink, kVersion)});
        QVERIFY(c);
        QCOMPARE(c->track, kFace);
        QCOMPARE(c->isBlink, isBlink);
        QCOMPARE(c->range, (FrameRange{10, 14}));
        QCOMPARE(c->version, kVersion);
        const auto old = correctionOf({{10, 14}, correctionLabel(kFace, isBlink, {})});
        QVERIFY(old && old->version.isEmpty());
    }
    for (const QString &label : {u"Blink"_s, u"blink, face 3"_s, u"Blink, face 0"_s, u"Blink, face 3?"_s, u"No blink, face -1"_s, u"Blink, face 3 (method )"_s, QString()})
        QVERIFY(!correctionOf({{10, 14}, label}));
    QVERIFY(!correctionOf({{10, 10}, correctionLabel(kFace, true, kVersion)}));
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
    const std::vector<ExaminerMark> marks{{{50, 51}, correctionLabel(kFace, false, kVersion)},
                                          {{125, 126}, correctionLabel(kFace, false, kVersion)},
                                          {{80, 86}, correctionLabel(kFace, true, kVersion)}};
    const auto recount = recountBlinks(m, marks, kFace, clock25, kVersion);
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
    QVERIFY(!recountBlinks(m, {{{30, 31}, correctionLabel(kFace, false, kVersion)}}, kFace, clock25, kVersion));
}

void TestBlinkCount::otherFacesAndOtherMarksDoNot()
{
    const std::vector<ExaminerMark> marks{{{50, 51}, correctionLabel(TrackId{0}, false, kVersion)},
                                          {{80, 86}, correctionLabel(TrackId{5}, true, kVersion)},
                                          {{80, 86}, u"Look here"_s}};
    QVERIFY(!recountBlinks(minute(), marks, kFace, clock25, kVersion));
}

void TestBlinkCount::movedBlinkIsCountedOnce()
{
    const auto recount = recountBlinks(minute(), {{{50, 51}, correctionLabel(kFace, false, kVersion)},
                                                  {{52, 58}, correctionLabel(kFace, true, kVersion)}}, kFace, clock25, kVersion);
    QVERIFY(recount);
    QCOMPARE(recount->after.blinks, recount->before.blinks);
}

void TestBlinkCount::correctionsOfAnotherVersionAreShownAsSuch()
{
    const Measurements m = minute();
    const auto recount = recountBlinks(m, {{{50, 51}, correctionLabel(kFace, false, u"2.0.0"_s)}, // met again
                                           {{60, 61}, correctionLabel(kFace, false, u"2.0.0"_s)}, // not found any more
                                           {{80, 86}, correctionLabel(kFace, true, {})},
                                           {{125, 126}, correctionLabel(kFace, false, kVersion)}}, kFace, clock25, kVersion);
    QVERIFY(recount);
    QCOMPARE(recount->otherVersion.size(), std::size_t(3));
    QCOMPARE(recount->otherVersion[0].version, u"2.0.0"_s);
    QVERIFY(recount->otherVersion[2].version.isEmpty());
    QCOMPARE(recount->blinks.idle.size(), std::size_t(1));
    QCOMPARE(recount->after.blinks, 19); // they hold all the same
    const QString words = recount->lines.join(u'\n');
    QVERIFY(words.contains(u"another version of the method (2.0.0, one that was not noted; counted now: 3.0.0): 3"_s));
    QVERIFY(words.contains(u"Rejections that meet no blink of this count: 1"_s));
    // One that changes nothing is said all the same.
    const auto idle = recountBlinks(m, {{{60, 61}, correctionLabel(kFace, false, u"2.0.0"_s)}}, kFace, clock25, kVersion);
    QVERIFY(idle && !idle->blinks.changed());
    QCOMPARE(idle->after.blinks, idle->before.blinks);
    // Of the same version there is nothing to say.
    const auto same = recountBlinks(m, {{{50, 51}, correctionLabel(kFace, false, kVersion)}}, kFace, clock25, kVersion);
    QVERIFY(same && same->otherVersion.empty() && !same->lines.join(u' ').contains(u"another version"_s));
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
    QVERIFY(!recountBlinks(minute(), {}, kFace, clock25, kVersion));
    Measurements old = minute(); // a result that keeps no basis
    old.tables.clear();
    QVERIFY(!recountBlinks(old, {{{50, 51}, correctionLabel(kFace, false, kVersion)}}, kFace, clock25, kVersion));
}

QTEST_GUILESS_MAIN(TestBlinkCount)
#include "tst_blink_count.moc"
