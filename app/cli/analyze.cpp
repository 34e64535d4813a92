// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/paths.h"
#include "cli/options.h"
#include "run/quick_set.h"
#include "work/case_cache.h"
#include "work/behaviour_import.h"
#include "work/case_work.h"

#include <QFileInfo>
#include <QTemporaryDir>

#include <cstdio>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace fw::cli {

namespace {

/// Progress on standard error: one line that is rewritten on a terminal, a line every 10 % elsewhere.
class Progress final : public RunListener
{
public:
    explicit Progress(QString name) : m_name(std::move(name)) {}

    void progressed(const RunProgress &p) override
    {
        if (p.framesTotal <= 0)
            return;
        const int percent = int(100 * p.framesDecoded / p.framesTotal);
        if (m_terminal) {
            const QString left = p.secondsLeft ? u", %1 s left"_s.arg(*p.secondsLeft, 0, 'f', 0) : QString();
            std::fputs(u"\r%1: %2 % (%3 frames/s%4)   "_s.arg(m_name).arg(percent)
                           .arg(p.framesPerSecond, 0, 'f', 0).arg(left).toUtf8().constData(), stderr);
        } else if (percent / 10 > m_tenth) {
            m_tenth = percent / 10;
            err(u"%1: %2 %"_s.arg(m_name).arg(percent));
        }
    }

    void methodFinished(const MethodResult &result) override
    {
        if (result.state == RunState::Failed)
            note(u"%1: %2 failed: %3"_s.arg(m_name, result.record.pluginId, result.reason));
    }

    void note(const QString &line)
    {
        if (m_terminal)
            std::fputs("\r\x1b[K", stderr);
        err(line);
    }

    void end()
    {
        if (m_terminal)
            std::fputs("\r\x1b[K", stderr);
    }

private:
    QString m_name;
    bool m_terminal = isatty(STDERR_FILENO) != 0;
    int m_tenth = 0;
};

/// "id" or "id:option=value,option=value"; ids may omit "org.framewitness.".
Result<MethodChoice> readMethod(const QString &word, const PluginRegistry &registry)
{
    MethodChoice choice;
    choice.pluginId = word.section(u':', 0, 0);
    if (!registry.find(choice.pluginId))
        choice.pluginId.prepend(u"org.framewitness."_s);
    const PluginEntry *entry = registry.find(choice.pluginId);
    if (!entry)
        return fail(Errc::NotFound, u"no such method (see framewitness methods)"_s, word);
    if (entry->refusal)
        return Failure{*entry->refusal};
    const auto isFile = [entry](const QString &name) {
        const auto &options = entry->manifest.options;
        return std::any_of(options.begin(), options.end(), [&](const OptionSpec &o) {
            return o.name == name && o.type == OptionSpec::Type::File;
        });
    };
    for (const QString &pair : word.section(u':', 1).split(u';', Qt::SkipEmptyParts)) {
        const QString name = pair.section(u'=', 0, 0);
        const QString text = pair.section(u'=', 1);
        bool isNumber = false;
        const double value = text.toDouble(&isNumber);
        if (isFile(name))
            choice.options.insert(name, text.isEmpty() ? text : QFileInfo(text).absoluteFilePath());
        else if (isNumber)
            choice.options.insert(name, value);
        else if (text == u"true"_s || text == u"false"_s)
            choice.options.insert(name, text == u"true"_s);
        else
            choice.options.insert(name, text);
    }
    if (const auto checked = checkedOptions(entry->manifest, choice.options); !checked)
        return Failure{checked.error()};
    return choice;
}

void printFindings(const QString &name, const RunOutcome &outcome)
{
    out(u"%1  (%2 frames, %3 pictures decoded, %4 s)"_s.arg(name).arg(outcome.ledger.count())
            .arg(outcome.picturesDecoded).arg(outcome.wallSeconds, 0, 'f', 1));
    for (const MethodResult &result : outcome.results) {
        for (const Finding &finding : result.result.findings)
            out(u"  %1  %2: %3"_s.arg(verdictTitle(finding.verdict).leftJustified(14), finding.title, finding.summary));
        if (result.state == RunState::Failed)
            out(u"  Not analysed    %1: %2"_s.arg(result.record.pluginId, result.reason));
    }
    if (!outcome.ledger.complete)
        out(u"  The clip could not be read to its end: "_s + outcome.ledger.endReason);
}

Result<std::unique_ptr<CaseFile>> openCase(const QString &path)
{
    return QFileInfo::exists(path) ? CaseFile::open(path) : CaseFile::create(path);
}

} // namespace

int analyze(const QStringList &arguments, std::stop_token stop)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Analyses files without a window and prints what each method found. The numbers are those "
        "of the window."_s);
    parser.addPositionalArgument(u"analyze"_s, u"The command."_s);
    parser.addPositionalArgument(u"FILE..."_s, u"Clips or pictures."_s);
    const QCommandLineOption methodList(u"methods"_s,
        u"Methods, separated by commas; all by default. Options follow a colon, separated by "
        "semicolons: blink:context=conversation"_s, u"LIST"_s);
    const QCommandLineOption quick(u"quick"_s, u"Only the methods for a first look at photographs: some ten seconds of processor time at 12 million pixels."_s);
    const QCommandLineOption caseOption(u"case"_s, u"Keep everything in this case; made when absent."_s, u"F.fwcase"_s);
    const QCommandLineOption pdf(u"pdf"_s, u"Write the report as PDF."_s, u"F"_s);
    const QCommandLineOption html(u"html"_s, u"Write the report as one HTML page."_s, u"F"_s);
    const QCommandLineOption json(u"json"_s, u"Write all results as JSON."_s, u"F"_s);
    const QCommandLineOption csv(u"csv"_s, u"Write all traces as CSV."_s, u"F"_s);
    const QCommandLineOption sign(u"sign"_s,
        u"Sign the reports with this certificate (PKCS #12); each gets a signature F.p7s beside it. "
        "The passphrase is taken from FW_SIGN_PASSPHRASE."_s, u"F.p12"_s);
    const QCommandLineOption openFace(u"openface"_s,
        u"Write the faces of one clip in OpenFace's columns."_s, u"F"_s);
    const QCommandLineOption imported(u"import-openface"_s,
        u"Put another program's table of faces (OpenFace, py-feat) into the case beside ours; one clip."_s, u"F"_s);
    const QCommandLineOption facesFrom(u"faces-from"_s,
        u"Work on the faces of another program's table (OpenFace, py-feat) instead of measuring them; one clip."_s, u"F"_s);
    const QCommandLineOption threads(u"threads"_s,
        u"Worker threads; one per core by default. Results do not depend on it."_s, u"N"_s, u"0"_s);
    parser.addOptions({methodList, quick, caseOption, pdf, html, json, csv, openFace, imported, facesFrom, sign, threads});
    if (const auto over = readOptions(parser, arguments))
        return *over;
    const QStringList files = parser.positionalArguments();
    bool countIsGood = false;
    const int threadCount = parser.value(threads).toInt(&countIsGood);
    if (parser.isSet(quick) && parser.isSet(methodList)) {
        err(u"framewitness analyze: give --quick or --methods, not both"_s);
        return kUsage;
    }
    for (const QCommandLineOption &option : {imported, facesFrom}) {
        if (parser.isSet(option) && files.size() != 1) {
            err(u"framewitness analyze: --%1 belongs to one file"_s.arg(option.names().first()));
            return kUsage;
        }
    }
    if (files.isEmpty() || !countIsGood || threadCount < 0 || threadCount > 256) {
        err(files.isEmpty() ? u"framewitness analyze: give at least one file"_s
                            : u"framewitness analyze: --threads takes a number from 0 to 256"_s);
        return kUsage;
    }

    const InstallPaths paths = InstallPaths::ofProgram();
    PluginRegistry registry;
    registry.scan(paths.pluginFolders(), paths.models());
    std::vector<MethodChoice> choices;
    for (const QString &word : parser.value(methodList).split(u',', Qt::SkipEmptyParts)) {
        auto choice = readMethod(word.trimmed(), registry);
        if (!choice) {
            err(u"framewitness analyze: "_s + choice.error().text());
            return kUsage;
        }
        choices.push_back(std::move(*choice));
    }
    if (choices.empty())
        choices = parser.isSet(quick) ? quickMethods(registry) : defaultMethods(registry);
    if (parser.isSet(facesFrom)) {
        auto choice = readMethod(u"imported_faces:table="_s + parser.value(facesFrom), registry);
        if (!choice) {
            err(u"framewitness analyze: "_s + choice.error().text());
            return kUsage;
        }
        choices.push_back(std::move(*choice));
    }
    if (choices.empty()) {
        err(u"framewitness analyze: no usable method in %1"_s.arg(paths.pluginFolders().join(u", "_s)));
        return kNotAnalysed;
    }

    QTemporaryDir scratch; // a case that nobody asked to keep
    const QString casePath = parser.isSet(caseOption) ? parser.value(caseOption)
                                                      : scratch.filePath(u"unsaved.fwcase"_s);
    auto opened = openCase(casePath);
    if (!opened) {
        err(opened.error().text());
        return kNotWritten;
    }
    CaseFile &file = **opened;
    file.setActor(u"command line"_s);
    CaseCache cache(casePath);

    int code = kDone;
    for (const QString &name : files) {
        Progress progress(QFileInfo(name).fileName());
        RunRequest request;
        request.path = name;
        request.methods = choices;
        request.threads = threadCount;
        const auto outcome = runAnalyses(registry, request, parser.isSet(caseOption) ? &cache : nullptr,
                                         progress, stop);
        progress.end();
        if (!outcome) {
            if (outcome.error().code == Errc::Cancelled)
                return kCancelled;
            err(outcome.error().text());
            code = kNotAnalysed;
            continue;
        }
        printFindings(name, *outcome);
        for (const MethodResult &result : outcome->results) {
            if (result.state == RunState::Failed && code == kDone)
                code = kMethodFailed;
        }
        const auto stored = storeOutcome(file, *outcome);
        if (!stored) {
            err(stored.error().text());
            return kNotWritten;
        }
        if (parser.isSet(imported)) {
            const auto known = importBehaviour(file, *stored, *outcome, parser.value(imported));
            if (!known) {
                err(known.error().text());
                return kNotWritten;
            }
        }
    }
    const ReportTargets targets{parser.value(pdf), parser.value(html), parser.value(json), parser.value(csv),
                                parser.value(sign), qEnvironmentVariable("FW_SIGN_PASSPHRASE"),
                                parser.value(openFace)};
    if (targets.pdf.isEmpty() && targets.html.isEmpty() && targets.json.isEmpty() && targets.csv.isEmpty()
        && targets.openFace.isEmpty())
        return code;
    const auto data = collectReport(file, manifestsOf(registry), {true, stop});
    if (!data)
        return data.error().code == Errc::Cancelled ? kCancelled : kNotWritten;
    const auto written = writeReports(*data, targets, {stop, {}});
    if (!written) {
        err(written.error().text());
        return written.error().code == Errc::Cancelled ? kCancelled : kNotWritten;
    }
    if (const auto recorded = auditReports(file, *written); !recorded) {
        err(recorded.error().text());
        return kNotWritten;
    }
    return code;
}

} // namespace fw::cli
