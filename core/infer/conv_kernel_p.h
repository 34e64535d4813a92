// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of a convolution. Three source files include this, each compiled for another
// generation of processors and with another FW_CONV_NAME and FW_CONV_LANES, so nothing with a body
// may come in from elsewhere: the linker could take an inline function from the wrong one.
#pragma once

#include <cstddef>

namespace fw::conv {

constexpr int kBlock = 16; ///< output channels that are computed together

/// Neighbouring pixels of one row of outputs. Pictures are rows of pixels of channels, padded.
struct Row
{
    const float *in;          ///< the first pixel under the kernel of the first output
    std::ptrdiff_t inStep;    ///< floats from one output's input to the next one's
    std::ptrdiff_t inRow;     ///< floats from row to row of the input
    int kernelRows;
    int run;                  ///< floats of one row under the kernel: its width times the channels
    const float *weights;     ///< [block][kernel row][run][kBlock]
    const float *bias;        ///< [block][kBlock]
    int blocks;
    float *out;
    std::ptrdiff_t outStep;   ///< floats from output pixel to output pixel
    const float *add;         ///< added to each output after the ramp; null: nothing
    std::ptrdiff_t addStep;
    int pixels;
    bool ramp;                ///< negative values become 0
};

/// Each output is summed up in the same order on every processor; only one without fused
/// multiplication rounds differently.
using RowFunction = void (*)(const Row &);
void rowPlain(const Row &row);
void rowAvx2(const Row &row);   ///< needs AVX2 and FMA
void rowAvx512(const Row &row); ///< needs AVX-512 F

} // namespace fw::conv

#ifdef FW_CONV_NAME

namespace fw::conv {

namespace {

constexpr int kLanes = FW_CONV_LANES, kParts = kBlock / kLanes;
constexpr int kMostPixels = FW_CONV_PIXELS;
typedef float Vector __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));

inline Vector at(const float *p)
{
    return *reinterpret_cast<const Vector *>(p);
}

/// P pixels of B blocks, all sums in registers. S: inStep where it is known, else 0.
template <int P, int B, int S> void tile(const Row &r, int pixel, int block)
{
    constexpr int kVectors = B * kParts;
    const std::ptrdiff_t step = S > 0 ? S : r.inStep;
    const std::ptrdiff_t blockStep = std::ptrdiff_t(r.kernelRows) * r.run * kBlock;
    const float *weights = r.weights + block * blockStep;
    Vector sum[P][kVectors];
#pragma GCC unroll 32
    for (int p = 0; p < P; ++p) {
#pragma GCC unroll 32
        for (int v = 0; v < kVectors; ++v)
            sum[p][v] = at(r.bias + block * kBlock + v * kLanes);
    }
    for (int y = 0; y < r.kernelRows; ++y) {
        const float *in = r.in + y * r.inRow + pixel * step;
        const float *w = weights + std::ptrdiff_t(y) * r.run * kBlock;
        for (int k = 0; k < r.run; ++k, ++in, w += kBlock) {
            Vector factor[kVectors];
#pragma GCC unroll 32
            for (int v = 0; v < kVectors; ++v)
                factor[v] = at(w + (v / kParts) * blockStep + (v % kParts) * kLanes);
#pragma GCC unroll 32
            for (int p = 0; p < P; ++p) {
                const float x = in[p * step];
#pragma GCC unroll 32
                for (int v = 0; v < kVectors; ++v)
                    sum[p][v] += factor[v] * x;
            }
        }
    }
#pragma GCC unroll 32
    for (int p = 0; p < P; ++p) {
        float *out = r.out + (pixel + p) * r.outStep + block * kBlock;
        const float *add = r.add ? r.add + (pixel + p) * r.addStep + block * kBlock : nullptr;
#pragma GCC unroll 32
        for (int v = 0; v < kVectors; ++v) {
            Vector value = sum[p][v];
            if (r.ramp)
                value = value > 0.0f ? value : Vector{};
            if (add)
                value += at(add + v * kLanes);
            *reinterpret_cast<Vector *>(out + v * kLanes) = value;
        }
    }
}

template <int P, int S> void blocksOf(const Row &r, int pixel)
{
    // Few pixels leave registers for more blocks, and a sum must not wait for the one before.
    constexpr int kTogether = P == 1 ? 4 : 2 * P <= kMostPixels ? 2 : 1;
    int block = 0;
    for (; block + kTogether <= r.blocks; block += kTogether)
        tile<P, kTogether, S>(r, pixel, block);
    for (; block < r.blocks; ++block)
        tile<P, 1, S>(r, pixel, block);
}

template <int P, int S> void pixelsOf(const Row &r, int pixel, int count)
{
    if (count == P)
        blocksOf<P, S>(r, pixel);
    else if constexpr (P > 1)
        pixelsOf<P - 1, S>(r, pixel, count);
}

template <int S> void wholeRow(const Row &r)
{
    const int parts = (r.pixels + kMostPixels - 1) / kMostPixels;
    for (int part = 0; part < parts; ++part) {
        const int from = r.pixels * part / parts;
        pixelsOf<kMostPixels, S>(r, from, r.pixels * (part + 1) / parts - from);
    }
}

} // namespace

void FW_CONV_NAME(const Row &row)
{
    switch (row.inStep) { // what the networks of this program have
    case 2: return wholeRow<2>(row);
    case 32: return wholeRow<32>(row);
    case 64: return wholeRow<64>(row);
    case 128: return wholeRow<128>(row);
    default: return wholeRow<0>(row);
    }
}

} // namespace fw::conv

#endif
