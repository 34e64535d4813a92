// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/face_kit.h"

#include "base/json.h"
#include "render/npy.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace fw::render {
namespace {

constexpr int kVertices = 26719;
// Centroid of the 68 neutral landmarks in millimetres, after the turn to head axes.
const cv::Vec3f kCentroid(0.0f, 2.6f, -94.36f);

Failure refuse(const std::filesystem::path &path, const QString &why)
{
    return fail(Errc::BadData, why, QString::fromStdString(path.string()));
}

std::vector<cv::Vec3f> shapeAt(const std::vector<float> &values, std::size_t first)
{
    std::vector<cv::Vec3f> shape(kVertices);
    const float *v = values.data() + first;
    for (cv::Vec3f &point : shape) {
        point = {10 * v[0], -10 * v[1], -10 * v[2]};
        v += 3;
    }
    return shape;
}

/// Shapes of an n x 26719 x 3 file, or of a 26719 x 3 one as a single shape.
Result<std::vector<FaceKit::Shape>> readShapes(const std::filesystem::path &path)
{
    const auto array = readNpy(path);
    if (!array)
        return Failure{array.error()};
    const std::vector<std::size_t> &extent = array->shape;
    const bool one = extent.size() == 2;
    if (extent.size() < 2 || extent.size() > 3 || extent[one ? 0 : 1] != kVertices ||
        extent.back() != 3)
        return refuse(path, u"does not hold shapes of 26719 points"_s);
    const auto values = array->floats();
    if (!values)
        return refuse(path, values.error().what);
    std::vector<FaceKit::Shape> shapes;
    for (std::size_t i = 0; i < (one ? 1 : extent[0]); ++i)
        shapes.push_back(shapeAt(*values, i * kVertices * 3));
    return shapes;
}

Result<std::vector<cv::Vec3i>> readTriangles(const std::filesystem::path &path, int limit)
{
    const auto array = readNpy(path);
    if (!array)
        return Failure{array.error()};
    const auto values = array->integers();
    if (!values)
        return refuse(path, values.error().what);
    if (array->shape.size() != 2 || array->shape[1] != 3)
        return refuse(path, u"is not n x 3"_s);
    if (std::any_of(values->begin(), values->end(), [=](int v) { return v < 0 || v >= limit; }))
        return refuse(path, u"names a vertex that does not exist"_s);
    std::vector<cv::Vec3i> triangles(array->shape[0]);
    for (std::size_t i = 0; i < triangles.size(); ++i)
        triangles[i] = {(*values)[3 * i], (*values)[3 * i + 1], (*values)[3 * i + 2]};
    return triangles;
}

Result<std::vector<cv::Vec2f>> readUv(const std::filesystem::path &path)
{
    const auto array = readNpy(path);
    if (!array)
        return Failure{array.error()};
    const auto values = array->floats();
    if (!values || array->shape.size() != 2 || array->shape[1] != 2)
        return refuse(path, u"is not n x 2 floats"_s);
    std::vector<cv::Vec2f> uv(array->shape[0]);
    for (std::size_t i = 0; i < uv.size(); ++i)
        uv[i] = {(*values)[2 * i], (*values)[2 * i + 1]};
    return uv;
}

HeadPart partOf(const QString &material, int vertex)
{
    if (material == "M_Face"_L1)
        return HeadPart::Skin;
    if (material == "M_BackHead"_L1)
        return vertex >= 13294   ? HeadPart::EyeSocket
               : vertex >= 11248 ? HeadPart::MouthSocket
                                 : HeadPart::Scalp;
    if (material == "M_GumsTongue"_L1)
        return HeadPart::Gums;
    if (material == "M_Teeth"_L1)
        return HeadPart::Teeth;
    // The other materials help a film renderer (tear line, lid shadow) or are replaced by our eyes.
    return material == "M_EyeLashes"_L1 ? HeadPart::Lashes : HeadPart::Unused;
}

/// Takes the value of a result or returns its error from the function around.
#define FW_TAKE(target, call)                                                                      \
    if (auto taken = (call); !taken)                                                               \
        return Failure{taken.error()};                                                             \
    else                                                                                           \
        target = std::move(taken).value()

} // namespace

int FaceKit::expression(std::string_view name) const
{
    const auto it = std::find(expressionNames.begin(), expressionNames.end(), name);
    return it == expressionNames.end() ? -1 : static_cast<int>(it - expressionNames.begin());
}

Result<FaceKit> FaceKit::load(const std::filesystem::path &folder)
{
    const auto jsonPath = folder / "facekit.json";
    QJsonObject facts;
    FW_TAKE(facts, readJsonObject(QString::fromStdString(jsonPath.string())));

    FaceKit kit;
    for (const QString &name : stringsOf(facts.value("expressions"_L1)))
        kit.expressionNames.push_back(name.toStdString());
    const QJsonArray landmarks = facts.value("landmarks68"_L1).toArray();
    if (landmarks.size() != 68 || facts.value("vertices"_L1).toInt() != kVertices)
        return refuse(jsonPath, u"is not the description of the light model"_s);
    for (int i = 0; i < 68; ++i) {
        const int vertex = landmarks.at(i).toInt(-1);
        if (vertex < 0 || vertex >= kVertices)
            return refuse(jsonPath, u"names a landmark vertex that does not exist"_s);
        kit.landmarks[i] = vertex;
    }

    std::vector<Shape> neutral;
    FW_TAKE(neutral, readShapes(folder / "neutral_vertices.npy"));
    if (neutral.empty())
        return refuse(folder / "neutral_vertices.npy", u"is empty"_s);
    kit.neutral = std::move(neutral.front());
    for (cv::Vec3f &point : kit.neutral)
        point -= kCentroid;
    FW_TAKE(kit.identities, readShapes(folder / "identity_deltas.npy"));
    FW_TAKE(kit.expressions, readShapes(folder / "expression_deltas.npy"));
    if (kit.expressions.size() != kit.expressionNames.size())
        return refuse(folder / "expression_deltas.npy", u"does not have one mode for each name"_s);
    FW_TAKE(kit.uv, readUv(folder / "uv.npy"));
    FW_TAKE(kit.triangles, readTriangles(folder / "triangles.npy", kVertices));
    FW_TAKE(kit.uvTriangles,
            readTriangles(folder / "triangle_uv_indices.npy", static_cast<int>(kit.uv.size())));

    NpyArray material;
    FW_TAKE(material, readNpy(folder / "triangle_material.npy"));
    const auto materials = material.integers();
    if (!materials || materials->size() != kit.triangles.size() ||
        kit.uvTriangles.size() != kit.triangles.size())
        return refuse(folder, u"its triangle files differ in length or type"_s);
    const QStringList names = stringsOf(facts.value("materials"_L1));
    for (std::size_t i = 0; i < materials->size(); ++i)
        kit.parts.push_back(partOf(names.value((*materials)[i]), kit.triangles[i][0]));
    for (int v = 21451; v <= 22220; ++v)
        kit.leftEyeball.push_back(v);
    for (int v = 23021; v <= 23790; ++v)
        kit.rightEyeball.push_back(v);
    return kit;
}

#undef FW_TAKE

} // namespace fw::render
