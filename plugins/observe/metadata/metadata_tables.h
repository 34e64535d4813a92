// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "findings/measurement.h"
#include "media/jpeg.h"
#include "media/media_facts.h"
#include "media/metadata.h"

namespace fw {

/// Every tag of the picture (EXIF, IPTC, XMP), of the container and of its streams.
Table tagTable(const MediaFacts &media, const Metadata &metadata);

/// What the container declares of the file and of each stream, one fact a row.
Table streamTable(const MediaFacts &media);

/// Statements of the metadata beside what was measured on the file, and whether they agree. Only
/// pairs of which both sides are known are listed.
Table comparisonTable(const MediaFacts &media, const Metadata &metadata);

/// Coding process, quality estimates, subsampling, trailing bytes.
Table jpegFactTable(const JpegFile &jpeg, const Metadata &metadata);
/// Markers in the order of the file.
Table jpegMarkerTable(const JpegFile &jpeg);
/// The quantisation tables, eight rows each.
Table jpegQuantTable(const JpegFile &jpeg);

/// "SOF0", "APP1", "DQT": the standard's name of a marker code.
QString markerName(int code);
/// "4:2:0", "4:2:2", "4:4:4", ...; the factors themselves when they have no such name.
QString subsamplingName(const std::vector<JpegComponent> &components);
/// "IJG quality 92" for an exact table, else "custom table, nearest to IJG quality 92 (distance 35)".
QString qualityText(const QualityEstimate &estimate);

} // namespace fw
