// SPDX-License-Identifier: GPL-3.0-or-later
// Enrolling and comparing with real clips: the work behind the view of people, and where its clicks go.
#include "base/paths.h"
#include "behaviour/person_file.h"
#include "panels/people/people_panel.h"
#include "panels/people/person_map.h"
#include "player/playback_controller.h"
#include "test_data.h"
#include "window/main_window.h"
#include "window/person_service.h"

#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace Qt::StringLiterals;
using namespace fw;

class TestPeopleAtWork : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void clipsAreMeasuredTrainedAndCompared();
    void measuringStops();
    void aMomentPlaysItsTenSeconds();

private:
    QTemporaryDir m_folder;
    QString m_clip, m_mirrored;
    PluginRegistry m_registry;
};

void TestPeopleAtWork::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"framewitness-test"_s);
    QSettings().clear();
    const InstallPaths paths = InstallPaths::ofProgram();
    m_registry.scan(paths.pluginFolders(), paths.models());
    m_clip = m_folder.filePath(u"clip.mp4"_s);
    m_mirrored = m_folder.filePath(u"mirrored.mp4"_s);
    for (const auto &[path, filter] : {std::pair(m_clip, u"scale=640:-2"_s), std::pair(m_mirrored, u"scale=640:-2,hflip"_s)}) {
        const QString problem = test::ffmpeg({u"-i"_s, test::sourceDir() + u"/resources/demo/demo.mp4"_s, u"-vf"_s, filter, u"-c:v"_s,
                                              u"libx264"_s, u"-preset"_s, u"veryfast"_s, path});
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
}

void TestPeopleAtWork::clipsAreMeasuredTrainedAndCompared()
{
    PersonService service(m_registry);
    std::map<QString, EnrolledClip> last;
    std::vector<double> shares;
    connect(&service, &PersonService::clipChanged, this, [&](const EnrolledClip &clip) {
        QCOMPARE(QThread::currentThread(), thread()); // news arrive where the window lives
        if (clip.state == EnrolledClip::State::Measuring)
            shares.push_back(clip.share);
        last[clip.path] = clip;
    });
    service.measure(m_clip);
    service.measure(m_mirrored);
    QVERIFY(last.empty()); // the call came back at once
    for (const QString &path : {m_clip, m_mirrored}) {
        QTRY_VERIFY_WITH_TIMEOUT(last.contains(path) && last[path].state != EnrolledClip::State::Measuring, 120000);
        QVERIFY2(last[path].state == EnrolledClip::State::Measured, qPrintable(last[path].reason));
        QVERIFY2(last[path].usableSeconds >= 10.0, qPrintable(QString::number(last[path].usableSeconds)));
    }
    QVERIFY(shares.size() > 5);

    QSignalSpy training(&service, &PersonService::training), failed(&service, &PersonService::enrolmentFailed);
    std::shared_ptr<const PersonProfile> made;
    QStringList advice;
    connect(&service, &PersonService::enrolled, this, [&](const std::shared_ptr<const PersonProfile> &profile, const QStringList &words, const QString &) {
        made = profile;
        advice = words;
    });
    const QString file = m_folder.filePath(u"somebody.fwperson"_s);
    service.enrol(u"Somebody"_s, u"rendered"_s, {m_clip, m_mirrored}, file);
    QTRY_VERIFY_WITH_TIMEOUT(made || !failed.isEmpty(), 120000);
    QVERIFY2(made, failed.isEmpty() ? "" : qPrintable(failed[0][0].toString()));
    QCOMPARE(made->recordings.size(), std::size_t(2));
    QVERIFY(training.size() > 3);
    QVERIFY2(advice.join(u' ').contains(u"minutes"_s) && advice.join(u' ').contains(u"recordings of Somebody: 2"_s), qPrintable(advice.join(u' ')));
    const auto read = readPersonFile(file);
    QVERIFY2(read, read ? "" : qPrintable(read.error().text()));

    const auto clip = observePerson(m_registry, m_clip, {});
    QVERIFY(clip);
    std::shared_ptr<const PersonComparison> compared;
    QString refused;
    connect(&service, &PersonService::compared, this, [&](const std::shared_ptr<const PersonComparison> &c) { compared = c; });
    connect(&service, &PersonService::comparisonFailed, this, [&](const QString &, const QString &why) { refused = why; });
    service.compare(file, clip->log, clip->seconds, clip->observers);
    QTRY_VERIFY_WITH_TIMEOUT(compared || !refused.isEmpty(), 120000);
    QVERIFY2(compared, qPrintable(refused));
    QVERIFY(!compared->test.scores.empty() && !compared->map.empty());
    QCOMPARE(compared->test.verdict, PersonVerdict::Inconclusive); // twelve seconds of two recordings decide nothing
    QVERIFY(compared->test.reasons.join(u' ').contains(u"recordings of Somebody"_s));
    // What other observers measured is not compared.
    auto others = clip->observers;
    others.begin()->second = u"0.0.1"_s;
    service.compare(file, clip->log, clip->seconds, others);
    QTRY_VERIFY_WITH_TIMEOUT(!refused.isEmpty(), 20000);
}

void TestPeopleAtWork::measuringStops()
{
    PersonService service(m_registry);
    std::map<QString, EnrolledClip> last;
    connect(&service, &PersonService::clipChanged, this, [&](const EnrolledClip &clip) { last[clip.path] = clip; });
    service.measure(m_clip);
    service.measure(m_mirrored);
    QTRY_VERIFY_WITH_TIMEOUT(!last.empty(), 30000);
    service.cancel();
    QTRY_VERIFY_WITH_TIMEOUT(last.size() == 2 && last[m_clip].state == EnrolledClip::State::Refused, 20000);
    for (const auto &[path, clip] : last)
        QCOMPARE(clip.reason, u"stopped"_s);
}

void TestPeopleAtWork::aMomentPlaysItsTenSeconds()
{
    MainWindow window(m_registry);
    window.show();
    window.openPath(m_clip);
    ClipModel &clip = window.session().model();
    QTRY_VERIFY_WITH_TIMEOUT(clip.provider() && clip.clock().complete, 10000);
    auto *panel = window.findChild<PeoplePanel *>();
    auto *player = window.findChild<PlaybackController *>();
    QVERIFY(panel && player);
    Q_EMIT panel->comparePage().map().momentClicked(1.0);
    QCOMPARE(clip.inPoint(), std::optional<FrameIndex>(25));
    QCOMPARE(clip.outPoint(), std::optional<FrameIndex>(275));
    QVERIFY(player->isPlaying() && player->isLooping());
    QTRY_VERIFY_WITH_TIMEOUT(clip.playhead() > 30, 10000); // it really plays
    player->pause();
    clip.setPlayhead(272);
    player->setSpeed(2.0);
    QTRY_VERIFY_WITH_TIMEOUT(clip.playhead() >= 25 && clip.playhead() < 100, 10000); // and starts over at the window's begin
    player->pause();
}

QTEST_MAIN(TestPeopleAtWork)
#include "tst_people.moc"
