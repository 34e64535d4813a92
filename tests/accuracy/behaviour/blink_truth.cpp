// SPDX-License-Identifier: GPL-3.0-or-later
#include "behaviour/blink_truth.h"

#include <QFile>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace fw::accuracy {

namespace {

constexpr FrameIndex kTolerance = 2;

bool near(const LidEvent &e, const SeenMovement &m)
{
    const auto at = FrameIndex(e.apex);
    return at >= m.onset - kTolerance && at <= m.end + kTolerance;
}

} // namespace

Result<std::vector<SeenMovement>> readBlinkTruth(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(Errc::NotFound, file.errorString(), path);
    std::vector<SeenMovement> movements;
    file.readLine(); // names
    while (!file.atEnd()) {
        const QStringList fields = QString::fromUtf8(file.readLine()).trimmed().split(u',');
        if (fields.size() != 6)
            return fail(Errc::BadData, u"a line without six fields"_s, path);
        movements.push_back({fields[0].toLongLong(), fields[1].toLongLong(), fields[2].toLongLong(), fields[3],
                             fields[4] == u"1"_s});
    }
    return movements;
}

BlinkScore &BlinkScore::operator+=(const BlinkScore &more)
{
    blinks += more.blinks;
    hit += more.hit;
    invented += more.invented;
    completeRight += more.completeRight;
    minutes += more.minutes;
    return *this;
}

void BlinkScore::print(const char *clip, const char *measure) const
{
    std::printf("%-16s %-9s %6d %4d %7d %6d %8.2f %7.3f %10.2f %8d of %d\n", clip, measure, blinks, hit, blinks - hit,
                invented, minutes, recall(), falsePerMinute(), completeRight, hit);
}

BlinkScore scoreBlinks(const std::vector<LidEvent> &found, const std::vector<SeenMovement> &seen, double minutes)
{
    BlinkScore score;
    score.minutes = minutes;
    std::vector<bool> used(found.size());
    for (const SeenMovement &m : seen) {
        if (m.kind != u"blink"_s)
            continue;
        ++score.blinks;
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (used[i] || !near(found[i], m))
                continue;
            used[i] = true;
            ++score.hit;
            score.completeRight += found[i].complete == m.complete ? 1 : 0;
            break;
        }
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        const bool unclear = std::any_of(seen.begin(), seen.end(), [&](const SeenMovement &m) {
            return m.kind == u"unclear"_s && near(found[i], m);
        });
        score.invented += !used[i] && !unclear ? 1 : 0;
    }
    return score;
}

} // namespace fw::accuracy
