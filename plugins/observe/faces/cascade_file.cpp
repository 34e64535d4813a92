// SPDX-License-Identifier: GPL-3.0-or-later
#include "landmark_cascade.h"

#include <QFile>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw {

/// Reads dlib's packed numbers: a control byte (sign in bit 7, byte count in bits 0..3), then the
/// magnitude, least byte first. A real number is two of them, mantissa and binary exponent.
/// dlib's own reader takes 1.2 s for the 68-point file, most of it in stream calls.
class CascadeFile
{
public:
    CascadeFile(const uchar *bytes, qint64 size)
        : m_at(bytes)
        , m_end(bytes + size)
    {
    }

    bool read(LandmarkCascade &to);

private:
    qint64 integer();
    float real();
    int count(int atMost); ///< a length; fails the file when it is not 1..atMost

    bool readStages(LandmarkCascade &to);
    bool readTree(LandmarkCascade &to, LandmarkCascade::Stage &stage, std::size_t tree);
    bool readProbes(LandmarkCascade &to);

    const uchar *m_at;
    const uchar *m_end;
    bool m_bad = false;
};

qint64 CascadeFile::integer()
{
    if (m_bad || m_at >= m_end) {
        m_bad = true;
        return 0;
    }
    const uchar control = *m_at++;
    const int size = control & 0x0f;
    if ((control & 0x70) || size > 8 || m_end - m_at < size) {
        m_bad = true;
        return 0;
    }
    quint64 magnitude = 0;
    for (int i = 0; i < size; ++i)
        magnitude |= quint64(*m_at++) << (8 * i);
    if (magnitude > quint64(std::numeric_limits<qint64>::max())) {
        m_bad = true;
        return 0;
    }
    return control & 0x80 ? -qint64(magnitude) : qint64(magnitude);
}

float CascadeFile::real()
{
    const qint64 mantissa = integer();
    const qint64 exponent = integer();
    if (exponent < -2000 || exponent > 2000) // 32000 and up: infinities and not-a-number
        m_bad = true;
    const float value = float(std::ldexp(double(mantissa), int(exponent)));
    if (!std::isfinite(value))
        m_bad = true;
    return m_bad ? 0.0f : value;
}

int CascadeFile::count(int atMost)
{
    const qint64 n = integer();
    if (n < 1 || n > atMost)
        m_bad = true;
    return m_bad ? 0 : int(n);
}

bool CascadeFile::readTree(LandmarkCascade &to, LandmarkCascade::Stage &stage, std::size_t tree)
{
    const int splits = count(255);
    if (to.m_splitsPerTree == 0)
        to.m_splitsPerTree = splits;
    const int leaves = splits + 1;
    if (m_bad || splits != to.m_splitsPerTree || (leaves & splits) != 0)
        return false; // every tree of the same full depth
    for (int i = 0; i < splits && !m_bad; ++i) {
        const qint64 first = integer(), second = integer();
        if (first < 0 || first > 0xffff || second < 0 || second > 0xffff)
            m_bad = true;
        stage.splits.push_back(
            {static_cast<unsigned short>(first), static_cast<unsigned short>(second), real()});
    }
    if (count(leaves) != leaves)
        return false;
    float *next = stage.leaves.data() + tree * std::size_t(leaves) * LandmarkCascade::kNumbers;
    for (int leaf = 0; leaf < leaves && !m_bad; ++leaf) {
        const qint64 rows = std::abs(integer()), columns = std::abs(integer());
        if (rows != LandmarkCascade::kNumbers || columns != 1)
            return false;
        for (int k = 0; k < LandmarkCascade::kNumbers; ++k)
            *next++ = real();
    }
    return !m_bad;
}

bool CascadeFile::readStages(LandmarkCascade &to)
{
    const int stages = count(64);
    for (int s = 0; s < stages && !m_bad; ++s) {
        LandmarkCascade::Stage &stage = to.m_stages.emplace_back();
        const int trees = count(5000);
        if (to.m_treesPerStage == 0)
            to.m_treesPerStage = trees;
        if (trees != to.m_treesPerStage)
            return false;
        for (int t = 0; t < trees && !m_bad; ++t) {
            const int leaves = to.m_splitsPerTree == 0 ? 256 : to.m_splitsPerTree + 1;
            const std::size_t perTree = std::size_t(leaves) * LandmarkCascade::kNumbers;
            if (t == 1)
                stage.leaves.resize(perTree * std::size_t(trees));
            else if (t == 0)
                stage.leaves.resize(perTree);
            if (!readTree(to, stage, std::size_t(t)))
                return false;
        }
    }
    return !m_bad;
}

bool CascadeFile::readProbes(LandmarkCascade &to)
{
    if (count(64) != int(to.m_stages.size()))
        return false;
    for (LandmarkCascade::Stage &stage : to.m_stages) {
        const int probes = count(0xffff);
        for (int i = 0; i < probes && !m_bad; ++i) {
            const qint64 anchor = integer();
            if (anchor < 0 || anchor >= 68)
                m_bad = true;
            stage.anchors.push_back(static_cast<unsigned short>(anchor));
        }
    }
    if (count(64) != int(to.m_stages.size()))
        return false;
    for (LandmarkCascade::Stage &stage : to.m_stages) {
        if (count(0xffff) != int(stage.anchors.size()))
            return false;
        for (std::size_t i = 0; i < stage.anchors.size() && !m_bad; ++i) {
            const float x = real(), y = real();
            stage.offsets.push_back({x, y});
        }
        for (const LandmarkCascade::Split &split : stage.splits)
            if (split.first >= stage.anchors.size() || split.second >= stage.anchors.size())
                return false;
    }
    return !m_bad;
}

bool CascadeFile::read(LandmarkCascade &to)
{
    if (integer() != 1)
        return false;
    if (std::abs(integer()) != LandmarkCascade::kNumbers || std::abs(integer()) != 1)
        return false;
    for (int k = 0; k < LandmarkCascade::kNumbers; ++k)
        to.m_mean.push_back(real());
    return !m_bad && readStages(to) && readProbes(to);
}

Result<std::shared_ptr<const LandmarkCascade>> LandmarkCascade::load(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? Errc::Unreadable : Errc::NotFound, file.errorString(), path);
    const QByteArray bytes = file.readAll();
    auto cascade = std::make_shared<LandmarkCascade>();
    if (!CascadeFile(reinterpret_cast<const uchar *>(bytes.constData()), bytes.size())
             .read(*cascade))
        return fail(Errc::BadData, u"not a 68-point predictor in dlib's format, or damaged"_s,
                    path);
    return std::shared_ptr<const LandmarkCascade>(std::move(cascade));
}

} // namespace fw
