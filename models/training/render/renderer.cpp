// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/renderer.h"

#include "render/hair.h"
#include "render/mesh.h"
#include "render/noise.h"
#include "render/rasteriser.h"
#include "render/shading.h"
#include "render/wrinkles.h"

#include <opencv2/core/utility.hpp>

#include <cmath>
#include <optional>

namespace fw::render {
namespace {

constexpr float kNear = 50; // millimetres; nothing of ours comes nearer

std::optional<Material> materialOf(HeadPart part)
{
    switch (part) {
    case HeadPart::Skin:
    case HeadPart::Scalp:
        return Material::Skin;
    case HeadPart::MouthSocket:
        return Material::MouthSocket;
    case HeadPart::EyeSocket:
        return Material::EyeSocket;
    case HeadPart::Gums:
        return Material::Gums;
    case HeadPart::Teeth:
        return Material::Teeth;
    default:
        return std::nullopt;
    }
}

/// Unit vector in head axes.
cv::Vec3f gazeDirection(const Gaze &g)
{
    return {std::sin(g.right) * std::cos(g.down), std::sin(g.down),
            -std::cos(g.right) * std::cos(g.down)};
}

/// 1 where a vertex moves with the head, 0 where it stays with the body; the neck lies between.
float headShare(const cv::Vec3f &rest)
{
    const float start = 84 - 0.35f * std::clamp(rest[2], 0.0f, 170.0f);
    return 1 - smoothStep(start, start + 62, rest[1]);
}

/// Pulls the model's bust in to a plain neck that goes down into the collar; it would stick out of
/// the shoulders. @param rest  the vertex on the neutral head  @param p  the same on this head
cv::Vec3f intoCollar(const cv::Vec3f &rest, cv::Vec3f p)
{
    constexpr float kRadius = 60, kAxisZ = 101; // inside the collar of makeTorso()
    const float amount = smoothStep(88, 112, rest[1]);
    const float x = p[0], z = p[2] - kAxisZ;
    const float radius = std::sqrt(x * x + z * z);
    if (amount <= 0 || radius <= kRadius)
        return p;
    const float scale = 1 + amount * (kRadius / radius - 1);
    return {x * scale, p[1], kAxisZ + z * scale};
}

} // namespace

/// Lists that do not change from picture to picture.
struct Renderer::Impl
{
    Impl(std::shared_ptr<const FaceKit> k, const Person &p, int side)
        : kit(std::move(k))
        , person(p)
        , geometry(kit, person.identity, person.eyeRadius)
        , skin(*kit, person.looks, side)
        , hair(*kit, person.looks.hairLength, person.looks.seed)
        , wrinkles(*kit, person.looks.wrinkles, person.looks.seed + 91)
    {
        for (std::size_t t = 0; t < kit->triangles.size(); ++t) {
            if (kit->parts[t] == HeadPart::Lashes)
                lashes.push_back(static_cast<int>(t));
            const auto material = materialOf(kit->parts[t]);
            const cv::Vec3i &v = kit->triangles[t];
            if (!material || kit->neutral[v[0]][1] > 150)
                continue; // deep under the shirt
            head.triangles.push_back(v);
            head.materials.push_back(*material);
            headUv.push_back(kit->uvTriangles[t]);
        }
        // Skylight is read on a mouth that is a little open, or its inside would be black for ever.
        std::vector<float> ajar(kit->expressions.size(), 0.0f);
        if (const int jaw = kit->expression("jawOpen"); jaw >= 0)
            ajar[jaw] = 0.12f;
        head.rest = kit->neutral;
        head.open = computeOcclusion(geometry.shape(ajar), head.triangles);
        for (const cv::Vec3f &p : kit->neutral)
            share.push_back(headShare(p));
        torso = makeTorso();
    }

    void place(const Shot &shot, const FaceKit::Shape &shape, Mesh &scene) const;
    void drawHair(const Mesh &scene, const Shot &shot, SampleBuffer &buffer) const;
    std::vector<float> drawLashes(const Mesh &scene, const Shot &shot,
                                  const SampleBuffer &buffer) const;
    Truth truthOf(const Shot &shot, const FaceKit::Shape &shape) const;
    EyeTruth eyeTruth(const Shot &shot, const Truth &truth, int side) const;
    std::vector<ScreenPoint> onScreen(const std::vector<cv::Vec3f> &points, const Shot &shot) const;

    std::shared_ptr<const FaceKit> kit;
    Person person;
    HeadGeometry geometry;
    SkinTexture skin;
    Hair hair;
    Wrinkles wrinkles;
    Mesh head; ///< triangles, materials, rest and open; points per picture
    std::vector<cv::Vec3i> headUv;
    std::vector<int> lashes; ///< triangles of the kit
    std::vector<float> share;
    Mesh torso;
};

std::vector<ScreenPoint> Renderer::Impl::onScreen(const std::vector<cv::Vec3f> &points,
                                                  const Shot &shot) const
{
    std::vector<ScreenPoint> screen(points.size());
    const auto scale = static_cast<double>(shot.samples);
    for (std::size_t i = 0; i < points.size(); ++i) {
        const cv::Vec3d p = points[i];
        if (p[2] < kNear) {
            screen[i] = {1e9f, 1e9f, 0}; // the rasteriser leaves such triangles out
            continue;
        }
        const cv::Point2d q = shot.camera.project(p);
        screen[i] = {static_cast<float>((q.x + 0.5) * scale - 0.5),
                     static_cast<float>((q.y + 0.5) * scale - 0.5), static_cast<float>(1 / p[2])};
    }
    return screen;
}

void Renderer::Impl::place(const Shot &shot, const FaceKit::Shape &shape, Mesh &scene) const
{
    const cv::Matx33f headTurn(shot.head.rotation), bodyTurn(shot.body.rotation);
    const cv::Vec3f headAt(shot.head.translation), bodyAt(shot.body.translation);
    scene = head;
    scene.points.resize(shape.size());
    for (std::size_t i = 0; i < shape.size(); ++i) {
        cv::Vec3f p = headTurn * shape[i] + headAt;
        if (share[i] < 1) {
            const cv::Vec3f neck = intoCollar(kit->neutral[i], shape[i]);
            p = share[i] * (headTurn * neck + headAt) + (1 - share[i]) * (bodyTurn * neck + bodyAt);
        }
        scene.points[i] = p;
    }
    for (const bool left : {true, false}) {
        const Eyeball &eye = left ? geometry.leftEye() : geometry.rightEye();
        Mesh ball =
            makeSphere(eye.centre, eye.radius, left ? Material::LeftEye : Material::RightEye);
        for (cv::Vec3f &p : ball.points)
            p = headTurn * p + headAt;
        scene.append(ball);
    }
    Mesh shirt = torso;
    for (cv::Vec3f &p : shirt.points)
        p = bodyTurn * p + bodyAt;
    scene.append(shirt);
    computeNormals(scene.points, scene.triangles, scene.normals);
}

void Renderer::Impl::drawHair(const Mesh &scene, const Shot &shot, SampleBuffer &buffer) const
{
    const std::vector<cv::Vec3i> &triangles = hair.triangles();
    const int first = static_cast<int>(scene.triangles.size());
    std::vector<cv::Vec3f> shell;
    // From the outside in, so that most inner samples are already hidden when their turn comes.
    for (int s = hair.shells() - 1; s >= 0; --s) {
        hair.shell(s, scene.points, scene.normals, shell);
        const std::vector<ScreenPoint> screen = onScreen(shell, shot);
        const auto accept = [&](int t, const cv::Vec3f &w) {
            const cv::Vec3i &v = triangles[t];
            const std::vector<float> &g = hair.growth();
            return hair.covers(
                s, w[0] * head.rest[v[0]] + w[1] * head.rest[v[1]] + w[2] * head.rest[v[2]],
                w[0] * g[v[0]] + w[1] * g[v[1]] + w[2] * g[v[2]]);
        };
        drawTriangles(screen, triangles, first + s * static_cast<int>(triangles.size()),
                      Facing::Both, buffer, accept);
    }
}

std::vector<float> Renderer::Impl::drawLashes(const Mesh &scene, const Shot &shot,
                                              const SampleBuffer &buffer) const
{
    std::vector<float> clear(buffer.triangle.size(), 1.0f);
    const std::vector<ScreenPoint> screen = onScreen(scene.points, shot);
    for (const int t : lashes) {
        const cv::Vec3i &v = kit->triangles[t];
        const cv::Vec3i &uv = kit->uvTriangles[t];
        float tip[3];
        for (int c = 0; c < 3; ++c) {
            const cv::Vec3f &p = kit->neutral[v[c]];
            const cv::Vec3f d = p - cv::Vec3f(p[0] > 0 ? 31.05f : -31.05f, -38.6f, 15.5f);
            tip[c] = smoothStep(17, 26, std::sqrt(d.dot(d)));
        }
        const bool upper = kit->neutral[v[0]][1] < -37;
        const auto visit = [&](int x, int y, const cv::Vec3f &w) {
            const std::size_t i = buffer.at(x, y);
            const float near = w[0] * screen[v[0]].nearness + w[1] * screen[v[1]].nearness +
                               w[2] * screen[v[2]].nearness;
            if (near < buffer.nearness[i] * 0.999f)
                return;
            const float u =
                w[0] * kit->uv[uv[0]][0] + w[1] * kit->uv[uv[1]][0] + w[2] * kit->uv[uv[2]][0];
            const float out = w[0] * tip[0] + w[1] * tip[1] + w[2] * tip[2];
            const float strand = smoothStep(-0.3f, 0.5f, valueNoise({u * 260, 0, 0}, 7));
            clear[i] *= 1 - (upper ? 0.42f : 0.03f) * (1 - 0.8f * out) * strand;
        };
        coverTriangle(screen[v[0]], screen[v[1]], screen[v[2]], buffer.width, buffer.height,
                      Facing::Both, visit);
    }
    return clear;
}

/// @param side  0 the subject's left eye, 1 the right one
EyeTruth Renderer::Impl::eyeTruth(const Shot &shot, const Truth &truth, int side) const
{
    const Eyeball &ball = side == 0 ? geometry.leftEye() : geometry.rightEye();
    EyeTruth eye;
    eye.centre = shot.head.map(ball.centre);
    eye.direction = shot.head.rotation * cv::Vec3d(gazeDirection(shot.gaze[side]));
    eye.irisRadius = kIrisRadius;
    eye.iris = eye.centre + std::sqrt(ball.radius * ball.radius - kIrisRadius * kIrisRadius) *
                                eye.direction;
    const int first = side == 0 ? 42 : 36;
    const auto gap = [&](int a, int b) {
        return cv::norm(truth.points3d[first + a] - truth.points3d[first + b]);
    };
    eye.lidGap = 0.5 * (gap(1, 5) + gap(2, 4));
    return eye;
}

Truth Renderer::Impl::truthOf(const Shot &shot, const FaceKit::Shape &shape) const
{
    Truth truth;
    truth.head = shot.head;
    for (int i = 0; i < 68; ++i) {
        truth.points3d[i] = shot.head.map(shape[kit->landmarks[i]]);
        truth.points[i] = shot.camera.project(truth.points3d[i]);
    }
    truth.eyeAspectRatio = {eyeAspectRatio(truth.points, 36), eyeAspectRatio(truth.points, 42)};
    truth.eyes = {eyeTruth(shot, truth, 1), eyeTruth(shot, truth, 0)};
    return truth;
}

Renderer::Renderer(std::shared_ptr<const FaceKit> kit, const Person &person, int textureSide)
    : m_impl(std::make_unique<Impl>(std::move(kit), person, textureSide))
{
}

Renderer::~Renderer() = default;

Truth Renderer::measure(const Shot &shot) const
{
    return m_impl->truthOf(shot, m_impl->geometry.shape(shot.expression));
}

Picture Renderer::render(const Shot &shot) const
{
    const Impl &d = *m_impl;
    const FaceKit::Shape shape = d.geometry.shape(shot.expression);
    Mesh scene;
    d.place(shot, shape, scene);

    const int n = shot.samples;
    const cv::Size size = shot.camera.size;
    SampleBuffer buffer(size.width * n, size.height * n);
    drawTriangles(d.onScreen(scene.points, shot), scene.triangles, 0, Facing::Front, buffer);
    d.drawHair(scene, shot, buffer);
    const std::vector<float> clear = d.drawLashes(scene, shot, buffer);

    // The outer hair throws shadows too.
    std::vector<cv::Vec3f> casters = scene.points;
    if (d.hair.shells() > 0)
        d.hair.shell(d.hair.shells() / 2, scene.points, scene.normals, casters);
    const ShadowMap shadow(casters, scene.triangles, shot.light.keyDirection);

    ShadingContext context;
    context.light = &shot.light;
    context.shadow = &shadow;
    context.skin = &d.skin;
    context.looks = &d.person.looks;
    context.headRotation = cv::Matx33f(shot.head.rotation);
    context.eyeRadius = d.person.eyeRadius;
    for (int i = 0; i < 2; ++i)
        context.gaze[i] = gazeDirection(shot.gaze[i]);
    const cv::Vec3f gap = shape[d.kit->landmarks[66]] - shape[d.kit->landmarks[62]];
    context.mouthOpen = smoothStep(1, 16, std::sqrt(gap.dot(gap)));

    const Wrinkles::Acting creases = d.wrinkles.acting(shot.expression);
    const int solid = static_cast<int>(scene.triangles.size());
    const int hairCount = std::max(1, static_cast<int>(d.hair.triangles().size()));
    const auto pointAt = [&](int id, int sx, int sy) {
        SurfacePoint p;
        const bool isHair = id >= solid;
        const int local = isHair ? (id - solid) % hairCount : id;
        const cv::Vec3i &v = isHair ? d.hair.triangles()[local] : scene.triangles[local];
        // The ray through the sample meets the triangle's plane; no need to keep screen corners.
        const cv::Vec3d ray(((sx + 0.5) / n - 0.5 - shot.camera.centre.x) / shot.camera.focal,
                            ((sy + 0.5) / n - 0.5 - shot.camera.centre.y) / shot.camera.focal, 1);
        const cv::Vec3d a = scene.points[v[0]], b = scene.points[v[1]], c = scene.points[v[2]];
        const double wa = ray.dot(b.cross(c)), wb = ray.dot(c.cross(a)), wc = ray.dot(a.cross(b));
        const double sum = wa + wb + wc;
        cv::Vec3f w = std::abs(sum) > 1e-12 ? cv::Vec3f(cv::Vec3d(wa, wb, wc) * (1 / sum))
                                            : cv::Vec3f(1 / 3.f, 1 / 3.f, 1 / 3.f);
        for (int i = 0; i < 3; ++i)
            w[i] = std::clamp(w[i], 0.0f, 1.0f);
        w *= 1 / std::max(1e-6f, w[0] + w[1] + w[2]);
        for (int i = 0; i < 3; ++i) {
            p.position += w[i] * scene.points[v[i]];
            p.normal += w[i] * scene.normals[v[i]];
            p.rest += w[i] * scene.rest[v[i]];
            p.open += w[i] * scene.open[v[i]];
        }
        p.open -= 1;
        p.normal *= 1 / std::max(1e-6f, std::sqrt(p.normal.dot(p.normal)));
        p.material = isHair ? Material::Hair : scene.materials[local];
        if (isHair)
            p.height = static_cast<float>((id - solid) / hairCount + 1) / d.hair.shells();
        if (p.material == Material::Skin && local < static_cast<int>(d.headUv.size())) {
            const cv::Vec3i &uv = d.headUv[local];
            const std::vector<float> &grown = d.hair.growth();
            p.height = w[0] * grown[v[0]] + w[1] * grown[v[1]] + w[2] * grown[v[2]];
            p.uv = w[0] * d.kit->uv[uv[0]] + w[1] * d.kit->uv[uv[1]] + w[2] * d.kit->uv[uv[2]];
            p.crease = d.wrinkles.slope(p.rest, creases);
        }
        return p;
    };

    Picture picture;
    picture.truth = d.truthOf(shot, shape);
    picture.image.create(size, CV_8UC3);
    const cv::Vec3f lash = d.person.looks.hair * 0.25f;
    const cv::Vec3f lashShown(displayValue(lash[2]), displayValue(lash[1]), displayValue(lash[0]));
    cv::parallel_for_(cv::Range(0, size.height), [&](const cv::Range &rows) {
        for (int y = rows.start; y < rows.end; ++y) {
            for (int x = 0; x < size.width; ++x) {
                const cv::Vec3f behind = shot.background.empty()
                                             ? cv::Vec3f(110, 110, 110)
                                             : cv::Vec3f(shot.background.at<cv::Vec3b>(y, x));
                // Samples of one surface share one shading: only edges are worth the extra work.
                struct Shaded
                {
                    bool hair;
                    Material material;
                    float nearness;
                    cv::Vec3f colour;
                };
                Shaded done[16];
                int count = 0;
                cv::Vec3f sum;
                for (int s = 0; s < n * n; ++s) {
                    const int sx = x * n + s % n, sy = y * n + s / n;
                    const std::size_t i = buffer.at(sx, sy);
                    const int id = buffer.triangle[i];
                    cv::Vec3f colour = behind;
                    if (id >= 0) {
                        const bool isHair = id >= solid;
                        const Material m = isHair ? Material::Hair : scene.materials[id];
                        const float near = buffer.nearness[i];
                        const Shaded *same = nullptr;
                        for (int k = 0; k < count && !isHair; ++k) {
                            if (done[k].material == m &&
                                std::abs(done[k].nearness - near) < 0.006f * near)
                                same = &done[k];
                        }
                        if (same) {
                            colour = same->colour;
                        } else {
                            const cv::Vec3f linear = shade(pointAt(id, sx, sy), context);
                            colour = {displayValue(linear[2]), displayValue(linear[1]),
                                      displayValue(linear[0])};
                            if (count < 16)
                                done[count++] = {isHair, m, near, colour};
                        }
                    }
                    sum += lashShown + (colour - lashShown) * clear[i];
                }
                picture.image.at<cv::Vec3b>(y, x) = cv::Vec3b(sum * (1.0f / (n * n)));
            }
        }
    });
    return picture;
}

double eyeAspectRatio(const std::array<cv::Point2d, 68> &points, int first)
{
    const auto length = [&](int a, int b) {
        return cv::norm(points[first + a] - points[first + b]);
    };
    return (length(1, 5) + length(2, 4)) / (2 * length(0, 3));
}

void addSensorNoise(cv::Mat &image, double deviation, std::uint64_t seed)
{
    Random random(seed);
    for (int y = 0; y < image.rows; ++y) {
        for (int x = 0; x < image.cols; ++x) {
            cv::Vec3b &pixel = image.at<cv::Vec3b>(y, x);
            // Mostly brightness, a little colour, as a demosaiced sensor gives.
            const double shared = random.normal();
            for (int c = 0; c < 3; ++c) {
                const double level = deviation * (0.55 + 0.9 * std::sqrt(pixel[c] / 255.0) * 0.7);
                const double noise = level * (0.85 * shared + 0.5 * random.normal());
                pixel[c] = cv::saturate_cast<std::uint8_t>(pixel[c] + noise);
            }
        }
    }
}

} // namespace fw::render
