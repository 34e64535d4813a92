// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/mesh.h"

#include <cmath>

namespace fw::render {

void Mesh::append(const Mesh &other)
{
    const int base = static_cast<int>(points.size());
    points.insert(points.end(), other.points.begin(), other.points.end());
    normals.insert(normals.end(), other.normals.begin(), other.normals.end());
    rest.insert(rest.end(), other.rest.begin(), other.rest.end());
    open.insert(open.end(), other.open.begin(), other.open.end());
    for (const cv::Vec3i &t : other.triangles)
        triangles.push_back(t + cv::Vec3i::all(base));
    materials.insert(materials.end(), other.materials.begin(), other.materials.end());
}

Mesh makeSphere(const cv::Vec3f &centre, float radius, Material material)
{
    constexpr int kRings = 24, kSides = 36;
    Mesh mesh;
    for (int ring = 0; ring <= kRings; ++ring) {
        const float polar = static_cast<float>(CV_PI) * ring / kRings;
        for (int side = 0; side <= kSides; ++side) {
            const float around = 2 * static_cast<float>(CV_PI) * side / kSides;
            const cv::Vec3f d(std::sin(polar) * std::cos(around), -std::cos(polar),
                              std::sin(polar) * std::sin(around));
            mesh.points.push_back(centre + radius * d);
            mesh.normals.push_back(d);
            mesh.rest.push_back(d);
            mesh.open.push_back(1);
            if (ring == kRings || side == kSides)
                continue;
            const int a = ring * (kSides + 1) + side, b = a + kSides + 1;
            mesh.triangles.insert(mesh.triangles.end(), {{a, b, a + 1}, {a + 1, b, b + 1}});
            mesh.materials.insert(mesh.materials.end(), 2, material);
        }
    }
    return mesh;
}

Mesh makeTorso()
{
    // Cross-sections from the inside of the collar down to the chest, millimetres.
    struct Ring
    {
        float y, tilt, halfWidth, halfDepth, z, sky;
    };
    constexpr Ring kRings[] = {{122, 10, 60, 60, 101, 0.05f},  {107, 15, 65, 64, 102, 0.25f},
                               {103, 16, 69, 67, 102, 0.8f},   {105, 17, 72, 69, 102, 0.9f},
                               {117, 18, 78, 72, 103, 0.55f},  {124, 19, 98, 73, 107, 0.8f},
                               {134, 18, 128, 76, 109, 0.95f}, {147, 13, 165, 84, 108, 1},
                               {163, 8, 192, 92, 107, 1},      {188, 4, 212, 100, 105, 1},
                               {225, 0, 224, 108, 102, 0.95f}, {290, 0, 226, 116, 98, 0.9f},
                               {380, 0, 222, 118, 96, 0.9f},   {520, 0, 215, 116, 96, 0.9f}};
    constexpr int kSides = 96;
    Mesh mesh;
    int ringIndex = 0;
    for (const Ring &ring : kRings) {
        for (int side = 0; side <= kSides; ++side) {
            const float around = 2 * static_cast<float>(CV_PI) * side / kSides;
            const float s = std::sin(around), c = std::cos(around);
            // Between a circle at the neck and a rounder-cornered box at the shoulders.
            const float power = ringIndex < 6 ? 1.0f : 0.82f;
            const auto shaped = [&](float v) {
                return std::copysign(std::pow(std::abs(v), power), v);
            };
            const cv::Vec3f p(ring.halfWidth * shaped(s), ring.y + ring.tilt * c,
                              ring.z - ring.halfDepth * shaped(c));
            mesh.points.push_back(p);
            mesh.rest.push_back(p);
            mesh.open.push_back(ring.sky);
            if (ringIndex + 1 == static_cast<int>(std::size(kRings)) || side == kSides)
                continue;
            const int a = ringIndex * (kSides + 1) + side, b = a + kSides + 1;
            mesh.triangles.insert(mesh.triangles.end(), {{a, b, a + 1}, {a + 1, b, b + 1}});
            mesh.materials.insert(mesh.materials.end(), 2, Material::Cloth);
        }
        ++ringIndex;
    }
    mesh.normals.assign(mesh.points.size(), cv::Vec3f());
    return mesh;
}

} // namespace fw::render
