// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <array>
#include <optional>
#include <vector>

namespace fw {

struct JpegMarker
{
    int code = 0;           ///< 0xD8 ... second byte of the marker
    std::int64_t offset = 0; ///< bytes from the start of the file
    int length = 0;         ///< payload bytes, without marker and length field
    QString identifier;     ///< APPn identifier ("Exif", "JFIF", "Adobe", ...), else empty
};

struct JpegComponent
{
    int id = 0;
    int horizontalSampling = 1, verticalSampling = 1;
    int tableIndex = 0;
    cv::Mat coefficients; ///< CV_16SC1, (8·blocksHigh) x (8·blocksWide), quantised, natural order
};

/// The nearest IJG quality of a quantisation table.
struct QualityEstimate
{
    int quality = 0;        ///< 1..100
    double distance = 0.0;  ///< sum of absolute differences; 0 = exactly that IJG table
};

/// A JPEG file as it is stored: markers, tables and quantised coefficients, never re-derived from pixels.
struct JpegFile
{
    int width = 0, height = 0; ///< px as coded, before EXIF rotation
    bool progressive = false;
    bool arithmetic = false;
    bool optimizedHuffman = false;
    int restartInterval = 0;
    std::vector<JpegMarker> markers;
    std::int64_t bytesAfterEnd = 0;
    QStringList warnings; ///< damage that did not stop the reading
    std::array<std::optional<std::array<std::uint16_t, 64>>, 4> tables; ///< natural (row-major) order
    std::vector<JpegComponent> components;

    /// Nearest IJG quality of the first (luma) and the second (chroma) component's table.
    std::optional<QualityEstimate> lumaQuality() const;
    std::optional<QualityEstimate> chromaQuality() const;
};

/// The IJG base table scaled to a quality, natural order.
std::array<std::uint16_t, 64> ijgTable(int quality, bool chroma);
QualityEstimate estimateQuality(const std::array<std::uint16_t, 64> &table, bool chroma);

/// Reads all of the above. @param withCoefficients false reads markers and tables only.
Result<JpegFile> readJpeg(const QString &path, bool withCoefficients);
/// The same of a picture inside another file. @param where  named in errors.
Result<JpegFile> readJpeg(const QByteArray &bytes, const QString &where, bool withCoefficients);

} // namespace fw
