// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan.h"

#include <algorithm>
#include <array>
#include <cstdlib>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

constexpr double kFieldRatio = 1.04; ///< FFmpeg's idet
constexpr double kFrameRatio = 1.5;
constexpr double kMostly = 0.9;      ///< of the decided frames
constexpr double kSome = 0.1;
constexpr int kLeastDecided = 10;
constexpr int kStretch = 8;          ///< decided frames of one kind in a row

/// Sum of |a + b - 2 c| over a row: how badly c lies between its neighbours a and b.
std::int64_t between(const uchar *a, const uchar *b, const uchar *c, int count)
{
    int sum = 0;
    for (int x = 0; x < count; ++x)
        sum += std::abs(int(a[x]) + int(b[x]) - 2 * int(c[x]));
    return sum;
}

bool isCombed(FrameScan scan)
{
    return scan == FrameScan::TopFirst || scan == FrameScan::BottomFirst;
}

/// The longest run of frames of one kind; frames that tell nothing do not end it.
int longestRun(const std::vector<FrameScan> &frames, FrameScan kind)
{
    int longest = 0, run = 0;
    for (const FrameScan scan : frames) {
        if (scan == FrameScan::Unknown)
            continue;
        run = scan == kind ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

/// Whether which frames are combed repeats after five, with some of the five combed and some not.
bool hasPatternOfFive(const std::vector<FrameScan> &frames)
{
    std::array<int, 5> combed{}, clean{};
    for (std::size_t n = 0; n < frames.size(); ++n) {
        combed[n % 5] += isCombed(frames[n]);
        clean[n % 5] += frames[n] == FrameScan::Progressive;
    }
    int combedPlaces = 0, cleanPlaces = 0;
    for (std::size_t p = 0; p < 5; ++p) {
        const int all = combed[p] + clean[p];
        if (all < 3)
            return false;
        combedPlaces += combed[p] >= 0.8 * all;
        cleanPlaces += clean[p] >= 0.8 * all;
    }
    return combedPlaces >= 1 && cleanPlaces >= 2 && combedPlaces + cleanPlaces == 5;
}

} // namespace

FrameScan frameScan(const cv::Mat &before, const cv::Mat &here, const cv::Mat &after)
{
    if (before.size() != here.size() || after.size() != here.size() || here.rows < 16)
        return FrameScan::Unknown;
    // alpha[0]: the top field lies nearer to the frame before, the bottom field to the one after.
    std::array<std::int64_t, 2> alpha{};
    std::int64_t inFrame = 0;
    for (int y = 2; y + 3 < here.rows; y += 6) {
        for (int row = y; row < y + 2; ++row) {
            const uchar *up = here.ptr(row - 1), *down = here.ptr(row + 1);
            alpha[std::size_t(row & 1)] += between(up, down, before.ptr(row), here.cols);
            alpha[std::size_t((row & 1) ^ 1)] += between(up, down, after.ptr(row), here.cols);
            inFrame += between(up, down, here.ptr(row), here.cols);
        }
    }
    if (double(alpha[0]) > kFieldRatio * double(alpha[1]))
        return FrameScan::TopFirst;
    if (double(alpha[1]) > kFieldRatio * double(alpha[0]))
        return FrameScan::BottomFirst;
    return double(alpha[1]) > kFrameRatio * double(inFrame) ? FrameScan::Progressive : FrameScan::Unknown;
}

QString scanName(ScanClass scan)
{
    switch (scan) {
    case ScanClass::Progressive: return u"progressive"_s;
    case ScanClass::TopFirst: return u"interlaced, top field first"_s;
    case ScanClass::BottomFirst: return u"interlaced, bottom field first"_s;
    case ScanClass::Telecined: return u"telecined: film spread over fields"_s;
    case ScanClass::Mixed: return u"mixed: interlaced and progressive stretches"_s;
    case ScanClass::Unknown: break;
    }
    return u"unknown: too little motion"_s;
}

ScanCounts countScans(const std::vector<FrameScan> &frames)
{
    ScanCounts counts;
    for (const FrameScan scan : frames) {
        counts.unknown += scan == FrameScan::Unknown;
        counts.progressive += scan == FrameScan::Progressive;
        counts.topFirst += scan == FrameScan::TopFirst;
        counts.bottomFirst += scan == FrameScan::BottomFirst;
    }
    return counts;
}

ScanClass scanClass(const std::vector<FrameScan> &frames)
{
    const ScanCounts counts = countScans(frames);
    const int decided = counts.decided();
    if (decided < std::min<int>(kLeastDecided, std::max<int>(3, int(frames.size()) / 2)))
        return ScanClass::Unknown;
    const double combed = counts.topFirst + counts.bottomFirst;
    if (counts.progressive >= kMostly * decided)
        return ScanClass::Progressive;
    if (counts.topFirst >= kMostly * decided)
        return ScanClass::TopFirst;
    if (counts.bottomFirst >= kMostly * decided)
        return ScanClass::BottomFirst;
    if (hasPatternOfFive(frames))
        return ScanClass::Telecined;
    const double oneOrder = std::max(counts.topFirst, counts.bottomFirst);
    // Both orders side by side is chance, not scanning: noise or flicker decides each frame.
    if (combed < kSome * decided || oneOrder < kMostly * combed)
        return counts.progressive > combed ? ScanClass::Progressive : ScanClass::Unknown;
    // Nor are single frames stretches: where little moves, the coder's noise decides them.
    const FrameScan order = counts.topFirst >= counts.bottomFirst ? FrameScan::TopFirst : FrameScan::BottomFirst;
    if (longestRun(frames, order) < kStretch || longestRun(frames, FrameScan::Progressive) < kStretch)
        return counts.progressive > combed ? ScanClass::Progressive : ScanClass::Unknown;
    return ScanClass::Mixed;
}

} // namespace fw
