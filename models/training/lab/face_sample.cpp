// SPDX-License-Identifier: GPL-3.0-or-later
#include "lab/face_sample.h"

#include <QString>

#include <cstdio>
#include <fstream>

using namespace Qt::StringLiterals;

namespace fw::lab {

namespace {

constexpr std::size_t kPixels = std::size_t(kSampleSide) * kSampleSide;
constexpr std::size_t kRecord = sizeof(FaceLabel) + kPixels;

QString nameOf(const std::filesystem::path &file)
{
    return QString::fromStdString(file.string());
}

} // namespace

Result<SamplePack> SamplePack::read(const std::filesystem::path &file)
{
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in)
        return fail(Errc::NotFound, u"no samples there"_s, nameOf(file));
    const std::size_t count = std::size_t(in.tellg()) / kRecord;
    in.seekg(0);
    SamplePack pack;
    pack.m_labels.resize(count);
    pack.m_pixels.resize(count * kPixels);
    for (std::size_t i = 0; i < count; ++i) {
        in.read(reinterpret_cast<char *>(&pack.m_labels[i]), sizeof(FaceLabel));
        in.read(reinterpret_cast<char *>(&pack.m_pixels[i * kPixels]), std::streamsize(kPixels));
    }
    if (!in)
        return fail(Errc::Unreadable, u"the samples cannot be read"_s, nameOf(file));
    return pack;
}

Result<void> SamplePack::append(const std::filesystem::path &file,
                                const std::vector<FaceSample> &samples)
{
    std::ofstream out(file, std::ios::binary | std::ios::app);
    for (const FaceSample &sample : samples) {
        Q_ASSERT(sample.grey.isContinuous() && sample.grey.total() == kPixels);
        out.write(reinterpret_cast<const char *>(&sample.label), sizeof(FaceLabel));
        out.write(reinterpret_cast<const char *>(sample.grey.data), std::streamsize(kPixels));
    }
    out.flush();
    if (!out)
        return fail(Errc::Unreadable, u"the samples cannot be written"_s, nameOf(file));
    return {};
}

cv::Mat SamplePack::grey(std::size_t i) const
{
    return cv::Mat(kSampleSide, kSampleSide, CV_8UC1,
                   const_cast<std::uint8_t *>(&m_pixels[i * kPixels]));
}

} // namespace fw::lab
