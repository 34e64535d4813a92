// SPDX-License-Identifier: GPL-3.0-or-later
// The report for people: PDF pages and their HTML twin.
#include "report_samples.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFOutlineDocumentHelper.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>

#include <algorithm>
#include <csignal>
#include <sys/resource.h>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::test;

namespace {

/// Texts of the pages, as a reader would copy them; empty when the tool fails.
/// @param order  "-layout" keeps rows side by side, "-raw" the order of drawing.
QStringList pageTexts(const QString &pdf, const QString &order = u"-raw"_s)
{
    QProcess tool;
    tool.start(u"pdftotext"_s, {order, u"-enc"_s, u"UTF-8"_s, pdf, u"-"_s});
    if (!tool.waitForFinished() || tool.exitCode() != 0)
        return {};
    QStringList pages = QString::fromUtf8(tool.readAllStandardOutput()).split(u'\f');
    pages.removeLast(); // a form feed ends the last page too
    return pages;
}

QString squeezed(const QString &text)
{
    QString one = text;
    return one.remove(QRegularExpression(u"\\s"_s));
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestReport : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_keep = qEnvironmentVariable("FW_KEEP_REPORTS"); }
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }

    void thePdfSaysWhatAnExaminerNeeds();
    void bookmarksLeadToTheirPages();
    void pagesAreNumbered();
    void changedEvidenceIsStated();
    void anEmptyCaseGivesASensibleReport();
    void sixtyFindingsKeepTogether();
    void longTextsAreNotCutOff();
    void aFrameThatDecodesOtherwiseIsNotShown();
    void noReportClaimsTruthOrFraud();
    void htmlIsOneFileWithDescriptions();
    void htmlEscapesWhatItPrints();
    void aFailingTargetLeavesNothing();
    void cancellingLeavesNothing();

private:
    QString target(const QString &name) const
    {
        return m_keep.isEmpty() ? m_folder.filePath(name) : m_keep + u'/' + name;
    }
    QString m_keep; ///< where to leave the reports for looking at
    QTemporaryDir m_folder;
};

void TestReport::thePdfSaysWhatAnExaminerNeeds()
{
    const ReportData data = sampleReport();
    const auto written = writePdf(data, target(u"case.pdf"_s));
    QVERIFY2(written, written ? "" : qPrintable(written.error().text()));
    QVERIFY(contents(target(u"case.pdf"_s)).startsWith("%PDF-"));
    if (QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty())
        QSKIP("pdftotext (poppler-utils) is not installed");
    const QString text = squeezed(pageTexts(target(u"case.pdf"_s)).join(u' '));
    const MediaFacts &facts = data.evidence[0].evidence.facts;
    for (const QString &expected : {u"2026/0217"_s,
                                    u"H1, as claimed"_s,
                                    u"H2, alternative"_s,
                                    u"J. Doe"_s,
                                    data.audit.headHash,
                                    facts.sha256Text(),
                                    QString::fromLatin1(facts.hashes.md5Hex),
                                    facts.fileName,
                                    u"equal: the file has not changed"_s,
                                    u"Suspicious, strength 0.71 of 1"_s,
                                    u"Blink rate, face 1"_s,
                                    u"PTS 67584 \u00d7 1/12800 s, 00:00:05.280"_s,
                                    hexText(data.evidence[0].ledger.entries[132].planes),
                                    u"What speaks for a manipulation"_s,
                                    u"What speaks against it"_s,
                                    u"org.framewitness.blink"_s,
                                    u"In Ictu Oculi"_s,
                                    u"Least length"_s,
                                    hexText(sha256("model")),
                                    u"the file is no JPEG picture"_s,
                                    u"the model file is missing"_s,
                                    u"reads from a screen"_s,
                                    u"The mayor reads from paper."_s,
                                    u"Glossary"_s,
                                    u"FFmpeg"_s,
                                    u"Page 1 of"_s,
                                    hexText(data.evidence[0].ledger.digest()),
                                    u"FW-20260301-141530-"_s,
                                    u"moderate support"_s,
                                    u"Signatures"_s})
        QVERIFY2(text.contains(squeezed(expected)), qPrintable(expected));
}

void TestReport::bookmarksLeadToTheirPages()
{
    const QString path = target(u"bookmarks.pdf"_s);
    QVERIFY(writePdf(sampleReport(), path));
    QPDF pdf;
    pdf.processFile(QFile::encodeName(path).constData());
    QVERIFY(pdf.getWarnings().empty());
    QCOMPARE(pdf.getRoot().getKey("/PageMode").getName(), std::string("/UseOutlines"));
    const std::vector<QPDFPageObjectHelper> pages = QPDFPageDocumentHelper(pdf).getAllPages();
    const auto pageOf = [&](QPDFOutlineObjectHelper &entry) {
        const auto same = [page = entry.getDestPage()](const QPDFPageObjectHelper &p) {
            return p.getObjectHandle().getObjGen() == page.getObjGen();
        };
        return std::distance(pages.begin(), std::find_if(pages.begin(), pages.end(), same));
    };
    const auto titleOf = [](QPDFOutlineObjectHelper &entry) { return QString::fromStdString(entry.getTitle()); };
    QStringList chapters, findings;
    const bool canRead = !QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty();
    const QStringList texts = canRead ? pageTexts(path) : QStringList();
    for (QPDFOutlineObjectHelper chapter : QPDFOutlineDocumentHelper(pdf).getTopLevelOutlines()) {
        const QString title = titleOf(chapter);
        chapters << title;
        QVERIFY2(!canRead || texts.value(pageOf(chapter)).contains(title), qPrintable(title));
        for (QPDFOutlineObjectHelper kid : chapter.getKids()) {
            if (title != u"Findings")
                continue;
            findings << titleOf(kid);
            QVERIFY2(!canRead || squeezed(texts.value(pageOf(kid))).contains(squeezed(findings.back().section(u' ', 0, 1))),
                     qPrintable(findings.back()));
        }
    }
    for (const QString &expected : {u"Evidence"_s, u"Findings"_s, u"Methods"_s, u"Examiner's part"_s})
        QVERIFY2(chapters.contains(expected), qPrintable(chapters.join(u", "_s)));
    QVERIFY2(findings.value(0).startsWith(u"F1 "_s) && findings.value(0).endsWith(u"(Suspicious)"_s),
             qPrintable(findings.join(u", "_s)));
}

void TestReport::pagesAreNumbered()
{
    if (QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty())
        QSKIP("pdftotext (poppler-utils) is not installed");
    QVERIFY(writePdf(sampleReport(), target(u"numbered.pdf"_s)));
    const QStringList pages = pageTexts(target(u"numbered.pdf"_s), u"-layout"_s);
    QVERIFY(pages.size() >= 6);
    for (qsizetype i = 0; i < pages.size(); ++i) {
        QVERIFY2(pages[i].contains(u"Page %1 of %2"_s.arg(i + 1).arg(pages.size())),
                 qPrintable(pages[i].right(300)));
        QVERIFY(pages[i].contains(u"FW-20260301-141530-"_s));
    }
    // The overview names the page of a finding, and the finding is on it.
    static const QRegularExpression reference(u"F1 .*p\\. (\\d+)"_s);
    const auto match = reference.match(pages.join(u'\n'));
    QVERIFY(match.hasMatch());
    QVERIFY(pages[match.captured(1).toInt() - 1].contains(u"F1 Blink rate, face 1"_s) ||
            pages[match.captured(1).toInt() - 1].contains(u"F1  Blink rate, face 1"_s));
}

void TestReport::changedEvidenceIsStated()
{
    if (QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty())
        QSKIP("pdftotext (poppler-utils) is not installed");
    ReportData data = sampleReport();
    data.evidence[0].hashesNow->sha256 = sha256("other");
    data.audit = {false, 3, hexText(sha256("x")), u"entry 2 was changed"_s};
    QVERIFY(writePdf(data, target(u"changed.pdf"_s)));
    QString text = squeezed(pageTexts(target(u"changed.pdf"_s)).join(u' '));
    QVERIFY(text.contains(squeezed(u"DIFFERENT: the file is no longer the one"_s)));
    QVERIFY(text.contains(squeezed(u"NOT INTACT: entry 2 was changed"_s)));
    data.evidence[0].hashesNow.reset();
    data.evidence[0].hashProblem = u"the file was not found"_s;
    QVERIFY(writePdf(data, target(u"changed.pdf"_s)));
    text = squeezed(pageTexts(target(u"changed.pdf"_s)).join(u' '));
    QVERIFY(text.contains(squeezed(u"not compared: the file was not found"_s)));
}

void TestReport::anEmptyCaseGivesASensibleReport()
{
    ReportData data;
    QVERIFY(writePdf(data, target(u"empty.pdf"_s)));
    QVERIFY(writeHtml(data, target(u"empty.html"_s)));
    if (QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty())
        QSKIP("pdftotext (poppler-utils) is not installed");
    const QString text = squeezed(pageTexts(target(u"empty.pdf"_s)).join(u' '));
    QVERIFY(text.contains(squeezed(u"No finding was recorded"_s))); // no ligature: can be searched
    QVERIFY(text.contains(squeezed(u"The case holds no evidence."_s)));
    QVERIFY(text.contains(squeezed(u"not stated"_s)));
}

void TestReport::sixtyFindingsKeepTogether()
{
    if (QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty())
        QSKIP("pdftotext (poppler-utils) is not installed");
    ReportData data = sampleReport();
    ReportEvidence &e = data.evidence[0];
    const Finding one = e.results[0].result.findings[0];
    e.results[0].result.findings.clear();
    for (int i = 0; i < 60; ++i) {
        Finding f = one;
        f.id = QString::number(i);
        f.title = u"Finding number %1"_s.arg(i);
        f.strength = 1.0 - i / 100.0;
        f.keyFrame.reset(); // figures would only make the test slow
        f.range.reset();
        e.results[0].result.findings.push_back(f);
    }
    e.results[0].result.measured = {};
    QVERIFY(writePdf(data, target(u"sixty.pdf"_s)));
    const QStringList pages = pageTexts(target(u"sixty.pdf"_s), u"-layout"_s);
    // No head of a finding stands alone at the foot of a page.
    for (int i = 0; i < 60; ++i) {
        const QString head = u"Finding number %1\n"_s.arg(i);
        int found = 0;
        for (const QString &page : pages) {
            const qsizetype at = page.indexOf(head);
            if (at < 0)
                continue;
            ++found;
            QVERIFY2(page.mid(at).contains(u"Face 1 was seen for"_s), qPrintable(head));
        }
        QCOMPARE(found, 1);
    }
    // The overview runs over two pages and repeats its head.
    int heads = 0;
    static const QRegularExpression head(u"No\\.\\s+Verdict\\s+Finding\\s+Method"_s);
    for (const QString &page : pages)
        heads += head.match(page).hasMatch() ? 1 : 0;
    QVERIFY(heads >= 2);
}

void TestReport::longTextsAreNotCutOff()
{
    if (QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty())
        QSKIP("pdftotext (poppler-utils) is not installed");
    ReportData data = sampleReport();
    const QString name = u"N"_s + QString(400, u'x') + u"E.mp4"_s;
    data.evidence[0].evidence.facts.fileName = name;
    QString words;
    for (int i = 0; i < 3000; ++i)
        words += u"word%1 "_s.arg(i);
    data.notes[0].text = words; // longer than a page
    data.evidence[0].results[0].result.findings[0].summary = words.left(9000);
    data.evidence[0].results[4].reason = words; // a table row longer than a page
    QVERIFY(writePdf(data, target(u"long.pdf"_s)));
    const QString text = pageTexts(target(u"long.pdf"_s)).join(u'\n');
    QVERIFY(squeezed(text).contains(name));
    int missing = 0;
    for (int i = 0; i < 3000; ++i)
        missing += text.count(u"word%1"_s.arg(i)) >= 2 ? 0 : 1;
    QVERIFY2(missing < 60, qPrintable(QString::number(missing))); // some words break over two lines
}

void TestReport::aFrameThatDecodesOtherwiseIsNotShown()
{
    ReportData data = sampleReport();
    data.evidence[0].frameAt = [](FrameIndex) -> Result<FramePtr> {
        auto frame = std::make_shared<Frame>();
        frame->bgr = reportPicture(0);
        frame->planes = sha256("another picture");
        return FramePtr(frame);
    };
    if (QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty())
        QSKIP("pdftotext (poppler-utils) is not installed");
    QVERIFY(writePdf(data, target(u"other.pdf"_s)));
    QVERIFY(squeezed(pageTexts(target(u"other.pdf"_s)).join(u' '))
                .contains(squeezed(u"it decodes to other pixels than the ledger recorded"_s)));
    data.evidence[0].frameAt = [](FrameIndex) -> Result<FramePtr> {
        return fail(Errc::NotFound, u"no such file"_s, u"/clip.mp4"_s);
    };
    QVERIFY(writePdf(data, target(u"other.pdf"_s)));
    QVERIFY(squeezed(pageTexts(target(u"other.pdf"_s)).join(u' '))
                .contains(squeezed(u"picture not available: /clip.mp4: no such file"_s)));
}

void TestReport::noReportClaimsTruthOrFraud()
{
    ReportData data = sampleReport();
    data.methods.clear(); // titles of papers may say what they like
    QVERIFY(writeHtml(data, target(u"words.html"_s)));
    static const QRegularExpression forbidden(u"\\b(fake|fakes|authentic|genuine)\\b"_s,
                                              QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression tags(u"<[^>]*>"_s);
    const QString text = QString::fromUtf8(contents(target(u"words.html"_s))).remove(tags);
    const auto match = forbidden.match(text);
    QVERIFY2(!match.hasMatch(), qPrintable(text.mid(match.capturedStart() - 50, 120)));
}

void TestReport::htmlIsOneFileWithDescriptions()
{
    QVERIFY(writeHtml(sampleReport(), target(u"case.html"_s)));
    const QString html = QString::fromUtf8(contents(target(u"case.html"_s)));
    QVERIFY(html.startsWith(u"<!DOCTYPE html>\n<html lang=\"en\">"_s));
    QVERIFY(html.trimmed().endsWith(u"</html>"_s));
    static const QRegularExpression image(u"<img ([^>]*)>"_s);
    int images = 0;
    for (auto it = image.globalMatch(html); it.hasNext(); ++images) {
        const QString attributes = it.next().captured(1);
        static const QRegularExpression described(u"alt=\"[^\"]{5,}\""_s);
        QVERIFY2(attributes.contains(described), qPrintable(attributes.left(100)));
        static const QRegularExpression inside(
            u"src=\"data:image/(png|jpeg);base64,[A-Za-z0-9+/]{100}"_s);
        QVERIFY2(attributes.contains(inside), qPrintable(attributes.left(100)));
    }
    QVERIFY(images >= 8);
    for (const QString &outside :
         {u"<script"_s, u"<link"_s, u"src=\"http"_s, u"url("_s, u"@import"_s})
        QVERIFY2(!html.contains(outside), qPrintable(outside));
    // Every link leads somewhere.
    static const QRegularExpression link(u"href=\"#([^\"]+)\""_s);
    int links = 0;
    for (auto it = link.globalMatch(html); it.hasNext(); ++links)
        QVERIFY(html.contains(u"id=\"%1\""_s.arg(it.next().captured(1))));
    QVERIFY(links >= 3);
    for (const QString &tag :
         {u"h2"_s, u"table"_s, u"dl"_s, u"figure"_s, u"div"_s, u"p"_s, u"ul"_s, u"td"_s})
        QCOMPARE(html.count(QRegularExpression(u"<%1[ >]"_s.arg(tag))),
                 html.count(u"</%1>"_s.arg(tag)));
    QVERIFY(html.contains(u"@media print"_s));
    QVERIFY(html.contains(u"<li><a href=\"#findings\">Findings</a></li>"_s));
    QVERIFY(html.contains(u"<li><a href=\"#methods\">Methods</a></li>"_s));
    QVERIFY(html.contains(u"<s>The mayor reads from paper.</s>"_s));
    QVERIFY(html.contains(u"lowest"_s)); // charts are described by their numbers
}

void TestReport::htmlEscapesWhatItPrints()
{
    const QString evil = u"<script>alert(\"x\")</script>&amp;'"_s;
    ReportData data = sampleReport();
    data.info.title = data.info.question = data.info.examiner = evil;
    MediaFacts &facts = data.evidence[0].evidence.facts;
    facts.fileName = facts.path = evil;
    facts.tags[evil] = evil;
    facts.warnings = {evil};
    for (MethodResult &r : data.evidence[0].results) {
        r.reason = evil;
        for (Finding &f : r.result.findings) {
            f.title = f.summary = evil;
            f.supports = f.against = f.limits = {evil};
            f.score->name = f.score->reference = evil;
        }
        for (Trace &t : r.result.measured.traces)
            t.title = t.about = evil;
        for (HeatMap &h : r.result.measured.heatMaps)
            h.title = h.about = h.unit = evil;
    }
    data.evidence[0].marks[0].label = evil;
    data.notes[0].text = data.notes[0].author = evil;
    data.libraries[evil] = evil;
    QVERIFY(writeHtml(data, target(u"evil.html"_s)));
    const QString html = QString::fromUtf8(contents(target(u"evil.html"_s)));
    QVERIFY(!html.contains(u"<script"_s, Qt::CaseInsensitive));
    QVERIFY(html.contains(u"&lt;script&gt;"_s));
    QVERIFY(!html.contains(u"alert(\"x\")"_s));
    QVERIFY(writePdf(data, target(u"evil.pdf"_s)));
}

void TestReport::aFailingTargetLeavesNothing()
{
    const ReportData data = sampleReport();
    using Writer = Result<void> (*)(const ReportData &, const QString &);
    const Writer writers[] = {
        [](const ReportData &d, const QString &p) { return writePdf(d, p); },
        [](const ReportData &d, const QString &p) { return writeHtml(d, p); },
        &writeJson,
        &writeCsv,
    };
    QTemporaryDir folder;
    const QString path = folder.filePath(u"report"_s);
    for (const Writer write : writers) {
        const auto nowhere = write(data, u"/no/such/folder/report"_s);
        QVERIFY(!nowhere);
        QCOMPARE(nowhere.error().code, Errc::Unwritable);
        QVERIFY(nowhere.error().text().contains(u"/no/such/folder"_s));
        QVERIFY(!write(data, folder.path()));

        QFile before(path);
        QVERIFY(before.open(QIODevice::WriteOnly));
        before.write("the report of yesterday");
        before.close();
        const auto old = std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        const rlimit tight{4000, limit.rlim_max}; // as a full disk does
        ::setrlimit(RLIMIT_FSIZE, &tight);
        const auto full = write(data, path);
        ::setrlimit(RLIMIT_FSIZE, &limit);
        std::signal(SIGXFSZ, old);
        QVERIFY(!full);
        QCOMPARE(full.error().code, Errc::Unwritable);
        QVERIFY2(full.error().text().contains(path), qPrintable(full.error().text()));
        QCOMPARE(contents(path), QByteArray("the report of yesterday"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
    }
}

void TestReport::cancellingLeavesNothing()
{
    std::stop_source stop;
    double last = 0.0;
    const ReportProgress progress{stop.get_token(), [&](double share) {
                                      QVERIFY(share >= last && share <= 1.0);
                                      last = share;
                                      if (share > 0.3)
                                          stop.request_stop();
                                  }};
    QTemporaryDir folder;
    QCOMPARE(writePdf(sampleReport(), folder.filePath(u"r.pdf"_s), progress).error().code,
             Errc::Cancelled);
    QVERIFY(last > 0.3 && last < 1.0);
    last = 0.0;
    QCOMPARE(writeHtml(sampleReport(), folder.filePath(u"r.html"_s), progress).error().code,
             Errc::Cancelled);
    QVERIFY(QDir(folder.path()).isEmpty());
}

QTEST_MAIN(TestReport)
#include "tst_report.moc"
