// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "casefile/case_file.h"

#include <QRandomGenerator>

#include <cmath>

/// Made-up evidence and results for the tests of the case file.
namespace fw::test {

inline MediaFacts sampleFacts(const QByteArray &seed = "clip")
{
    MediaFacts f;
    f.path = QStringLiteral("/evidence/") + QString::fromUtf8(seed) + QStringLiteral(".mp4");
    f.fileName = QString::fromUtf8(seed) + QStringLiteral(".mp4");
    f.hashes.size = 123456789012;
    f.hashes.sha256 = sha256(seed);
    f.hashes.md5Hex = "900150983cd24fb0d6963f7d28e17f72";
    f.hashed = true;
    f.container = QStringLiteral("mov,mp4,m4a,3gp,3g2,mj2");
    f.durationSeconds = 12.48;
    f.tags = {{QStringLiteral("encoder"), QStringLiteral("Lavf59")}};
    f.editList = {{0, 12.0, -1, 1.0}};
    f.warnings = {QStringLiteral("two moov boxes")};
    StreamFacts s;
    s.kind = StreamKind::Video;
    s.codec = QStringLiteral("h264");
    s.timeBase = {1, 12800};
    s.startTicks = 0;
    s.averageRate = {30000, 1001};
    s.width = 1280;
    s.height = 720;
    s.sampleAspect = {4, 3};
    s.bitsPerComponent = 10;
    s.colorRange = QStringLiteral("tv");
    s.colorSpace = QStringLiteral("bt709");
    s.colorPrimaries = QStringLiteral("bt2020");
    s.colorTransfer = QStringLiteral("smpte2084");
    s.hasBFrames = true;
    f.streams = {s};
    return f;
}

inline Ledger sampleLedger(int frames)
{
    Ledger ledger;
    ledger.timeBase = {1, 12800};
    ledger.complete = true;
    for (int i = 0; i < frames; ++i) {
        ledger.entries.push_back({i * 512, 512, 1000 + i, i % 12 == 0 ? 'I' : 'P', i % 12 == 0,
                                  sha256(QByteArray::number(i))});
    }
    return ledger;
}

inline MethodResult sampleResult(const QString &plugin, int points, quint32 seed = 1)
{
    MethodResult r;
    r.record.pluginId = plugin;
    r.record.pluginVersion = QStringLiteral("1.0.0");
    r.record.options = {{QStringLiteral("seed"), int(seed)}};
    r.record.mediaSha256 = sampleFacts().sha256Text();
    r.record.frames = {0, points};
    r.record.started = QDateTime::fromMSecsSinceEpoch(1700000000000, Qt::UTC);
    Finding f;
    f.id = QStringLiteral("one");
    f.verdict = Verdict::Suspicious;
    f.title = QStringLiteral("One finding");
    f.summary = QStringLiteral("A number lies outside of its reference.");
    f.strength = 0.5;
    r.result.findings = {f};
    Trace t;
    t.id = QStringLiteral("trace");
    t.title = QStringLiteral("Trace");
    QRandomGenerator random(seed);
    for (int i = 0; i < points; ++i) {
        t.frames.push_back(i);
        t.values.push_back(std::sin(i * 0.01) + random.generateDouble());
    }
    r.result.measured.traces = {t};
    return r;
}

/// A case with one clip, a result, a note and an entry of the log. false when a step failed.
inline bool makeSampleCase(const QString &path)
{
    const auto file = CaseFile::create(path);
    if (!file)
        return false;
    const auto clip = (*file)->addEvidence(sampleFacts());
    return clip && (*file)->saveResult(*clip, sampleResult(QStringLiteral("org.a"), 400))
           && (*file)->addNote({}) && (*file)->audit(QStringLiteral("verified"), {});
}

} // namespace fw::test
