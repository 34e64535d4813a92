// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/demo/truth_file.h"

#include "base/json.h"
#include "base/numbers.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw::render {
namespace {

double rounded(double value, double step)
{
    return std::round(value / step) * step;
}

/// Two decimals in the file are enough, and a round number prints short.
double shortNumber(double value, int decimals)
{
    return QString::number(rounded(value, std::pow(10.0, -decimals)), 'f', decimals).toDouble();
}

} // namespace

QJsonObject clipTruthToJson(const ClipTruth &clip, double framesPerSecond)
{
    QJsonArray pose, opening, blinks;
    for (const Truth &frame : clip.frames) {
        const cv::Vec3d angles = eulerFromRotation(frame.head.rotation) * kDegrees;
        const cv::Vec3d &at = frame.head.translation;
        pose.append(QJsonArray{shortNumber(angles[0], 2), shortNumber(angles[1], 2),
                               shortNumber(angles[2], 2), shortNumber(at[0], 1),
                               shortNumber(at[1], 1), shortNumber(at[2], 1)});
        opening.append(QJsonArray{shortNumber(frame.eyeAspectRatio[0], 3),
                                  shortNumber(frame.eyeAspectRatio[1], 3)});
    }
    for (const Blink &b : clip.blinks)
        blinks.append(
            QJsonArray{shortNumber(b.onset, 3), shortNumber(b.apex, 3), shortNumber(b.end, 3)});
    QJsonObject object{{u"file"_s, clip.file},
                       {u"frames"_s, static_cast<int>(clip.frames.size())},
                       {u"framesPerSecond"_s, framesPerSecond},
                       {u"blinks"_s, blinks},
                       {u"pose"_s, pose},
                       {u"eyeAspectRatio"_s, opening}};
    object.insert(u"cut"_s,
                  clip.cut ? QJsonValue(QJsonArray{clip.cut->begin, clip.cut->end}) : QJsonValue());
    QJsonValue paste;
    if (clip.paste) {
        const cv::Vec3d turn = *clip.paste * kDegrees;
        paste = QJsonObject{
            {u"rotationVector"_s,
             QJsonArray{shortNumber(turn[0], 2), shortNumber(turn[1], 2), shortNumber(turn[2], 2)}},
            {u"angle"_s, shortNumber(cv::norm(turn), 2)}};
    }
    object.insert(u"pasted"_s, paste);
    return object;
}

QJsonArray modelPointsToJson(const FaceKit &kit)
{
    QJsonArray points;
    for (const int vertex : kit.landmarks) {
        const cv::Vec3f &p = kit.neutral[vertex];
        points.append(QJsonArray{shortNumber(p[0], 1), shortNumber(p[1], 1), shortNumber(p[2], 1)});
    }
    return points;
}

Result<KnownClip> readKnownClip(const QString &truthPath, const QString &clipName)
{
    const auto file = readJsonObject(truthPath);
    if (!file)
        return Failure{file.error()};
    KnownClip known;
    known.size = {(*file)["width"_L1].toInt(), (*file)["height"_L1].toInt()};
    for (const auto &point : (*file)["model"_L1].toArray()) {
        const QJsonArray p = point.toArray();
        known.model.push_back({p.at(0).toDouble(), p.at(1).toDouble(), p.at(2).toDouble()});
    }
    if (known.size.empty() || known.model.size() != 68)
        return fail(Errc::BadData, u"does not describe the demo clips"_s, truthPath);
    for (const auto &value : (*file)["performance"_L1].toObject()["blinks"_L1].toArray())
        known.blinkApexes.push_back(value.toArray().at(1).toDouble());
    for (const auto &value : (*file)["clips"_L1].toArray()) {
        const QJsonObject clip = value.toObject();
        if (clip["file"_L1].toString() != clipName)
            continue;
        const double rate = clip["framesPerSecond"_L1].toDouble(25);
        const QJsonArray cut = clip["cut"_L1].toArray();
        known.blinksShown = !clip["blinks"_L1].toArray().isEmpty();
        int frame = 0;
        for (const auto &row : clip["pose"_L1].toArray()) {
            const QJsonArray p = row.toArray();
            if (frame == cut.at(0).toInt(-1))
                frame = cut.at(1).toInt();
            known.times.push_back(frame++ / rate);
            known.pose.push_back({p.at(0).toDouble(), p.at(1).toDouble(), p.at(2).toDouble()});
        }
        return known;
    }
    return fail(Errc::NotFound, u"holds no clip %1"_s.arg(clipName), truthPath);
}

} // namespace fw::render
