// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts the head model that the program ships out of ICT-FaceKit: the points of 68 landmarks, the
// other jaw line and a wireframe, with 40 identities and 53 expressions.
// Usage: fw-make-head-model --facekit FOLDER --out models/head
#include "base/hash.h"
#include "faces/face_shapes.h"
#include "render/face_kit.h"
#include "wireframe.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QSaveFile>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace fw;
using namespace fw::render;

namespace {

constexpr std::size_t kWireframePoints = 278;
// The model's authors' "extended jaw line", landmarks 0..7, 8 and 9..16.
constexpr std::array<int, 17> kOtherJaw{1278, 1272, 12,   1834, 243,  781,  2199, 1447, 966,
                                        3661, 4390, 3022, 2484, 4036, 2253, 3490, 3496};
/// Not among the 53: they move what the file does not hold, or double another shape.
bool isLeftOut(const std::string &name)
{
    return name.starts_with("PupilDilate") || name.starts_with("cheekRaiser");
}

FaceShapes::Points pick(const FaceKit::Shape &shape, const std::vector<int> &vertices)
{
    FaceShapes::Points points;
    for (const int v : vertices)
        points.push_back(shape[std::size_t(v)]);
    return points;
}

Result<FaceShapes> cut(const FaceKit &kit)
{
    if (kit.identities.size() < FaceShapes::kIdentities)
        return fail(Errc::BadData, u"the face kit holds too few identities"_s);
    const Wireframe frame = makeWireframe(kit, kWireframePoints);
    std::vector<int> vertices(frame.vertices.begin(), frame.vertices.begin() + 68);
    vertices.insert(vertices.end(), kOtherJaw.begin(), kOtherJaw.end());
    vertices.insert(vertices.end(), frame.vertices.begin() + 68, frame.vertices.end());

    FaceShapes model;
    model.neutral = pick(kit.neutral, vertices);
    for (std::size_t i = 0; i < FaceShapes::kIdentities; ++i)
        model.identities.push_back(pick(kit.identities[i], vertices));
    for (std::size_t i = 0; i < kit.expressions.size(); ++i) {
        if (isLeftOut(kit.expressionNames[i]))
            continue;
        model.expressions.push_back(pick(kit.expressions[i], vertices));
        model.names.push_back(kit.expressionNames[i]);
    }
    for (cv::Vec3i t : frame.triangles) {
        for (int c = 0; c < 3; ++c)
            t[c] += t[c] >= 68 ? int(kOtherJaw.size()) : 0;
        model.triangles.push_back(t);
    }
    if (model.expressions.size() != FaceShapes::kExpressions)
        return fail(Errc::BadData, u"the face kit does not hold the 53 expressions"_s);
    return model;
}

QString cardText(const FaceShapes &model, const QByteArray &bytes, const QString &licence)
{
    return u"# Head model `ict-head.fwh`\n\n"
           "A head as points that move: what `core/faces` fits to the landmarks of a face.\n\n"
           "| | |\n| --- | --- |\n"
           "| file | `ict-head.fwh`, %1 bytes |\n"
           "| SHA-256 | `%2` |\n"
           "| holds | %3 points in millimetres (68 landmarks, 17 of the other jaw line, %4 of the "
           "wireframe), %5 identities, %6 expressions, %7 triangles |\n"
           "| axes | x to the image right of a frontal head, y down, z away from the camera; origin "
           "= centroid of the 68 neutral landmarks |\n"
           "| made by | `fw-make-head-model --facekit FOLDER --out models/head` "
           "(`models/training/head_model`), from ICT-FaceKit Light; deterministic |\n"
           "| source | Li, R. et al., \"Learning Formation of Physically-Based Face Attributes\", "
           "CVPR 2020; ICT-FaceKit |\n"
           "| licence | MIT, below |\n\n"
           "## What it can and cannot say\n"
           "The identities come from scans of few people under few conditions; a face far from them "
           "is fitted worse. From landmarks alone some expressions cannot be told apart: "
           "tightened or widened lids, lip corners down, pressed lips and a lowered lower lip are "
           "known to half of their range only. A strength of 0..1 is the model's own scale and no "
           "FACS intensity.\n\n"
           "## Layout\n"
           "`FWHEAD1\\n`, the length of a JSON header (32 bits, little endian), the header, then "
           "32-bit floats x, y, z of each point: the neutral head, the identities (offsets for one "
           "standard deviation), the expressions (offsets at full strength); then the triangles as "
           "three 32-bit integers each. Point 0..67 is that landmark, 68..84 the other jaw line.\n\n"
           "## Licence of the source\n```\n%8\n```\n"_s
        .arg(bytes.size())
        .arg(hexText(sha256(bytes)))
        .arg(model.neutral.size())
        .arg(model.neutral.size() - 85)
        .arg(model.identities.size())
        .arg(model.expressions.size())
        .arg(model.triangles.size())
        .arg(licence.trimmed());
}

bool write(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    const bool ok = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
    if (!ok)
        std::fprintf(stderr, "%s: %s\n", qPrintable(path), qPrintable(file.errorString()));
    return ok;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({{u"facekit"_s, u"Folder of the face kit."_s, u"FOLDER"_s},
                       {u"out"_s, u"Folder for the model and its card."_s, u"FOLDER"_s, u"."_s}});
    parser.process(app);
    const QString folder = parser.value(u"facekit"_s);
    const auto kit = FaceKit::load(folder.toStdString());
    if (!kit) {
        std::fprintf(stderr, "%s\n", qPrintable(kit.error().text()));
        return 1;
    }
    const auto model = cut(*kit);
    if (!model) {
        std::fprintf(stderr, "%s\n", qPrintable(model.error().text()));
        return 1;
    }
    QFile licence(folder + u"/LICENSE"_s);
    if (!licence.open(QIODevice::ReadOnly)) {
        std::fprintf(stderr, "%s\n", qPrintable(licence.errorString()));
        return 1;
    }
    const QDir out(parser.value(u"out"_s));
    const QByteArray bytes = model->toBytes();
    if (!write(out.filePath(u"ict-head.fwh"_s), bytes) ||
        !write(out.filePath(u"card.md"_s),
               cardText(*model, bytes, QString::fromUtf8(licence.readAll())).toUtf8()))
        return 1;
    std::printf("%zu points, %zu triangles, %lld bytes, SHA-256 %s\n", model->neutral.size(),
                model->triangles.size(), static_cast<long long>(bytes.size()),
                qPrintable(hexText(sha256(bytes))));
    return 0;
}
