// SPDX-License-Identifier: GPL-3.0-or-later
#include "face_tracker.h"

#include "face_finder.h"
#include "face_report.h"
#include "faces/head_model.h"

#include <opencv2/imgproc.hpp>

#include <QRegularExpression>
#include <QTest>

#include <cmath>
#include <functional>
#include <limits>
#include <set>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

constexpr double kRate = 25.0;

/// Frontal landmarks of the mean head inside a detector's box.
Landmarks68 pointsIn(const cv::Rect2f &box)
{
    Landmarks68 points;
    for (std::size_t i = 0; i < 68; ++i) {
        const cv::Point3d &p = neutralHead()[i];
        points[i] = {float(box.x + box.width * (0.5 + p.x / 160.0)),
                     float(box.y + box.height * (0.5 + p.y / 160.0))};
    }
    return points;
}

/// Faces that are where the script says; landmarks follow the nearest of them.
class ScriptedSource : public FaceSource
{
public:
    std::vector<cv::Rect2f> faces; ///< visible to the detector now
    std::vector<cv::Rect2f> there; ///< there, but perhaps not visible
    double score = 1.5;
    int searches = 0;
    bool mirrorShows = false; ///< the faces, when the picture is mirrored
    std::function<FaceMark(const Landmarks68 &)> looks; ///< empty: cannot be told

    std::vector<FaceHit> search(const cv::Mat &, bool) override
    {
        ++searches;
        std::vector<FaceHit> hits;
        for (const cv::Rect2f &f : faces)
            hits.push_back({f, score});
        return hits;
    }
    std::optional<FaceHit> confirm(const cv::Mat &, const cv::Rect2f &near, double least,
                                   double reach) override
    {
        for (const cv::Rect2f &f : faces)
            if (std::hypot(f.x - near.x, f.y - near.y) < (0.2 + reach) * near.width &&
                score >= least)
                return FaceHit{f, score};
        return std::nullopt;
    }
    std::optional<FaceHit> confirmMirrored(const cv::Mat &, const cv::Rect2f &box) override
    {
        return mirrorShows ? std::optional(FaceHit{box, score}) : std::nullopt;
    }
    PlacedFace place(const cv::Mat &, const cv::Rect2f &box) override
    {
        return {pointsIn(box), {}, box, {}, {}};
    }
    PlacedFace follow(const cv::Mat &, const PlacedFace &last, const cv::Point2f &moved) override
    {
        cv::Rect2f best = there.empty() ? cv::Rect2f() : there.front();
        const cv::Point2f at = 0.5f * (last.points[0] + last.points[16]) + moved;
        double nearest = std::numeric_limits<double>::infinity();
        for (const cv::Rect2f &f : there) {
            const Landmarks68 p = pointsIn(f);
            const double d = cv::norm(0.5f * (p[0] + p[16]) - at);
            if (d < nearest) {
                nearest = d;
                best = f;
            }
        }
        return {pointsIn(best), {}, best, {}, {}};
    }
    std::optional<FaceMark> mark(const cv::Mat &, const Landmarks68 &points) override
    {
        return looks ? std::optional(looks(points)) : std::nullopt;
    }
    void show(std::vector<cv::Rect2f> all)
    {
        faces = all;
        there = std::move(all);
    }
};

cv::Mat noisePicture(int seed)
{
    cv::Mat picture(480, 640, CV_8UC1);
    cv::RNG random{uint64(seed)};
    cv::Mat coarse(12, 16, CV_8UC1);
    random.fill(coarse, cv::RNG::UNIFORM, 0, 256);
    cv::resize(coarse, picture, picture.size(), 0, 0, cv::INTER_NEAREST);
    return picture;
}

} // namespace

class TestFaceTracker : public QObject
{
    Q_OBJECT

    ScriptedSource m_source;
    std::unique_ptr<FaceTracker> m_tracker;
    cv::Mat m_picture;
    FrameIndex m_index = 0;

    FaceObservations step()
    {
        const FaceObservations out = m_tracker->next(m_picture, m_index, double(m_index) / kRate);
        ++m_index;
        return out;
    }
    FaceObservations steps(int n)
    {
        FaceObservations out;
        for (int i = 0; i < n; ++i)
            out = step();
        return out;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"."_s));
        m_source = ScriptedSource();
        m_tracker =
            std::make_unique<FaceTracker>(m_source, Camera::assumed(640, 480), TrackerOptions{});
        m_picture = noisePicture(1);
        m_index = 0;
    }

    void aFaceIsATrackFromItsSecondSighting()
    {
        m_source.show({{200, 150, 100, 100}});
        QVERIFY(step().empty());
        const FaceObservations second = step();
        QCOMPARE(second.size(), std::size_t(1));
        QCOMPARE(number(second[0].track), 0);
        QVERIFY(second[0].detected);
        QVERIFY(second[0].pose && second[0].landmarks && second[0].earImageLeft);
        QVERIFY(second[0].confidence > 0.9);
    }

    void aFaceThatTheMirrorShowsTooIsATrackAtOnce()
    {
        m_source.mirrorShows = true;
        m_source.show({{200, 150, 100, 100}, {400, 150, 100, 100}});
        QCOMPARE(step().size(), std::size_t(2));
        QCOMPARE(step().size(), std::size_t(2));
        m_source.score = 0.05; // a weak one waits for other frames all the same
        m_source.show({{50, 300, 100, 100}});
        m_picture = noisePicture(2);
        QVERIFY(step().empty());
    }

    void whatIsSeenOnceIsNoFace()
    {
        m_source.show({{200, 150, 100, 100}});
        step();
        m_source.show({});
        for (int i = 0; i < 30; ++i)
            QVERIFY(step().empty());
    }

    void aWeakFaceNeedsThreeSightings()
    {
        m_source.score = 0.05;
        m_source.show({{200, 150, 100, 100}});
        for (int i = 0; i < 2; ++i) {
            QVERIFY(step().empty());
            QVERIFY(m_tracker->undecided()); // which is not the same as no face
        }
        QCOMPARE(step().size(), std::size_t(1));
    }

    void pointsThatFormNoFaceAreNotReported()
    {
        class Nonsense : public ScriptedSource
        {
        public:
            PlacedFace place(const cv::Mat &, const cv::Rect2f &box) override
            {
                PlacedFace face{pointsIn(box), {}, box, {}, {}};
                for (std::size_t i = 0; i < 68; ++i)
                    face.points[i] = {box.x + float((i * 37) % 68), box.y + float((i * 53) % 68)};
                return face;
            }
        } nonsense;
        nonsense.show({{200, 150, 100, 100}});
        FaceTracker tracker(nonsense, Camera::assumed(640, 480), {});
        for (int i = 0; i < 20; ++i)
            QVERIFY(tracker.next(m_picture, i, i / kRate).empty());
    }

    void aMovingFaceKeepsItsNumber()
    {
        for (int i = 0; i < 100; ++i) {
            m_source.show({{float(50 + 4 * i), 150, 100, 100}});
            const FaceObservations out = step();
            if (i > 0) {
                QCOMPARE(out.size(), std::size_t(1));
                QCOMPARE(number(out[0].track), 0);
                QVERIFY(std::abs(out[0].box.x - (50 + 4 * i)) < 1);
            }
        }
    }

    void aShortLossIsBridgedWithFallingConfidence()
    {
        const std::vector<cv::Rect2f> face{{200, 150, 100, 100}};
        m_source.show(face);
        const double before = steps(10)[0].confidence;
        m_source.faces.clear(); // turned away: there, but the detector does not see it
        const FaceObservations during = steps(5);
        QCOMPARE(during.size(), std::size_t(1));
        QVERIFY(!during[0].detected);
        QVERIFY(during[0].confidence < before);
        m_source.show(face);
        const FaceObservations after = steps(4);
        QCOMPARE(number(after.at(0).track), 0);
        QVERIFY(after[0].confidence > 0.9);
    }

    void aLongLossEndsTheTrack()
    {
        m_source.show({{200, 150, 100, 100}});
        steps(10);
        m_source.faces.clear();
        QVERIFY(steps(10).empty()); // 0.3 s are 7.5 frames
        QVERIFY(steps(50).empty());
        m_source.show({{200, 150, 100, 100}});
        const FaceObservations again = steps(TrackerOptions{}.searchEvery + 5);
        QCOMPARE(again.size(), std::size_t(1));
        QCOMPARE(number(again[0].track), 1); // after more than a second and a half: a new number
    }

    void aFaceThatComesBackSoonKeepsItsNumber()
    {
        m_source.show({{200, 150, 100, 100}});
        steps(10);
        m_source.faces.clear();
        steps(13);
        m_source.show({{230, 160, 100, 100}});
        const FaceObservations again = steps(6);
        QCOMPARE(again.size(), std::size_t(1));
        QCOMPARE(number(again[0].track), 0);
    }

    void aCutEndsEveryTrack()
    {
        m_source.show({{200, 150, 100, 100}});
        QCOMPARE(number(steps(10).at(0).track), 0);
        m_picture = noisePicture(2); // another scene with a face at the same place
        QVERIFY(step().empty());
        QVERIFY(m_tracker->change().cut);
        QCOMPARE(number(step().at(0).track), 1);
        QVERIFY(!m_tracker->change().cut);
    }

    void aFlashIsNoCut()
    {
        m_source.show({{200, 150, 100, 100}});
        steps(10);
        const cv::Mat usual = m_picture.clone();
        m_picture = usual * 0.5 + 120;
        QCOMPARE(step().size(), std::size_t(1));
        QVERIFY(!m_tracker->change().cut);
        m_picture = usual;
        QCOMPARE(number(step().at(0).track), 0);
    }

    void twoFacesThatPassEachOtherKeepTheirNumbers()
    {
        for (int i = 0; i < 80; ++i) {
            m_source.show({{float(100 + 4 * i), 60, 90, 90}, {float(420 - 4 * i), 200, 110, 110}});
            const FaceObservations out = step();
            if (i < 2)
                continue;
            QCOMPARE(out.size(), std::size_t(2));
            const bool firstIsUpper = out[0].box.y < 120;
            static bool upperWasFirst = firstIsUpper;
            QCOMPARE(firstIsUpper, upperWasFirst);
        }
        QVERIFY(steps(1)[1].track == TrackId(1));
    }

    void noNumberIsGivenToTwoFacesOfAFrame()
    {
        cv::RNG random(11);
        std::array<cv::Rect2f, 4> faces;
        std::array<bool, 4> seen{true, true, true, true};
        for (std::size_t i = 0; i < faces.size(); ++i)
            faces[i] = {float(40 + 150 * i), 120, 90, 90};
        for (int n = 0; n < 1500; ++n) {
            std::vector<cv::Rect2f> shown;
            for (std::size_t i = 0; i < faces.size(); ++i) {
                if (random.uniform(0.0, 1.0) < 0.04)
                    seen[i] = !seen[i];
                if (!seen[i]) // somewhere else when it comes back
                    faces[i].y = float(random.uniform(20, 250));
                if (seen[i])
                    shown.push_back(faces[i]);
            }
            m_source.show(shown);
            std::set<int> numbers;
            const FaceObservations out = step();
            for (const FaceObservation &face : out)
                numbers.insert(number(face.track));
            QCOMPARE(numbers.size(), out.size());
        }
    }

    void aNewFaceIsFoundAtTheNextSearchEvenInAStillPicture()
    {
        m_source.show({{200, 150, 100, 100}});
        steps(5);
        m_source.show({{200, 150, 100, 100}, {450, 150, 100, 100}});
        QCOMPARE(steps(3 * TrackerOptions{}.searchEvery + 2).size(), std::size_t(2));
    }

    void noSearchIsSpentWhereNothingChanges()
    {
        m_source.show({{200, 150, 100, 100}});
        steps(100);
        QVERIFY2(m_source.searches <= 5, qPrintable(QString::number(m_source.searches)));
        m_picture = m_picture.clone();
        m_picture(cv::Rect(500, 300, 120, 120)).setTo(255);
        const int before = m_source.searches;
        steps(10);
        QVERIFY(m_source.searches > before);
    }

    void theReportKeepsGapsAsNotANumber()
    {
        FaceReport report;
        FaceObservation face;
        face.track = TrackId(3);
        face.box = {10, 10, 50, 50};
        face.confidence = 0.5;
        face.earImageLeft = 0.3;
        report.add(0, {}, {});
        report.add(1, {face}, {});
        report.add(2, {}, {});
        report.add(3, {face}, {});
        report.add(4, {}, {true, 0.1, 50.0});
        const Measurements out = report.finish();
        const auto left = std::find_if(out.traces.begin(), out.traces.end(),
                                       [](const Trace &t) { return t.id == u"ear.left.3"; });
        QVERIFY(left != out.traces.end());
        QCOMPARE(left->frames, (std::vector<FrameIndex>{1, 2, 3}));
        QCOMPARE(left->values[0], 0.3);
        QVERIFY(std::isnan(left->values[1]));
        for (const Trace &trace : out.traces)
            QCOMPARE(trace.values.size(), trace.frames.size());
        QCOMPARE(out.events.size(), std::size_t(1));
        QCOMPARE(out.events[0].kind, u"scene-cut"_s);
        QCOMPARE(out.tables.at(0).rows.size(), std::size_t(1));
        QCOMPARE(out.tables[0].rows[0].size(), qsizetype(out.tables[0].columns.size()));
    }

    void aFaceThatWasHiddenForLongGetsItsNumberBackByItsLooks()
    {
        // Who is 90 px wide looks one way, who is 120 px wide another.
        m_source.looks = [](const Landmarks68 &p) {
            FaceMark looks{};
            looks[p[16].x - p[0].x < 100 ? 0 : 1] = 1.0f;
            return looks;
        };
        const cv::Rect2f first(40, 100, 90, 90), other(420, 200, 120, 120), back(300, 60, 90, 90);
        m_source.show({first});
        const FaceObservations before = steps(40);
        QCOMPARE(before.size(), 1u);
        m_source.show({});
        QVERIFY(steps(4 * kRate).empty());
        m_source.show({other});
        const FaceObservations stranger = steps(40);
        QCOMPARE(stranger.size(), 1u);
        QVERIFY(stranger[0].track != before[0].track);
        m_source.show({other, back});
        const FaceObservations both = steps(60);
        QCOMPARE(both.size(), 2u);
        QCOMPARE(both[0].track, before[0].track);
        QCOMPARE(both[1].track, stranger[0].track);
    }
    void looksDoNotGiveOneNumberToTwoFaces()
    {
        m_source.looks = [](const Landmarks68 &) { return FaceMark{1.0f}; };
        m_source.show({{40, 100, 90, 90}});
        steps(40);
        m_source.show({{40, 100, 90, 90}, {420, 200, 90, 90}});
        const FaceObservations both = steps(60);
        QCOMPARE(both.size(), 2u);
        QVERIFY(both[0].track != both[1].track);
    }
};

QTEST_APPLESS_MAIN(TestFaceTracker)
#include "tst_face_tracker.moc"
