// SPDX-License-Identifier: GPL-3.0-or-later
#include "infer/conv_chain_p.h"

#include <algorithm>

namespace fw {

namespace {

conv::RowFunction bestRow()
{
#ifdef FW_CONV_X86
    if (__builtin_cpu_supports("avx512f"))
        return conv::rowAvx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return conv::rowAvx2;
#endif
    return conv::rowPlain;
}

int wholeBlocks(int channels)
{
    return (channels + conv::kBlock - 1) / conv::kBlock * conv::kBlock;
}

int sideAfter(int side, int pad, int kernel, int stride)
{
    return side + 2 * pad < kernel ? 0 : (side + 2 * pad - kernel) / stride + 1;
}

bool fits(const ConvStep &s, int channels)
{
    const bool sane = s.in == channels && s.out > 0 && s.kernelHigh > 0 && s.kernelWide > 0 &&
                      s.strideDown > 0 && s.strideAcross > 0 && s.padDown >= 0 && s.padAcross >= 0;
    if (!sane || s.bias.size() != std::size_t(s.out) ||
        s.weights.size() != std::size_t(s.out) * std::size_t(s.in) * std::size_t(s.kernelHigh) *
                                std::size_t(s.kernelWide))
        return false;
    return !s.residual || (s.in == s.out && s.strideDown == 1 && s.strideAcross == 1 &&
                           s.kernelHigh == 2 * s.padDown + 1 && s.kernelWide == 2 * s.padAcross + 1);
}

/// From out x in x high x wide to [block][high][wide][in][kBlock]; what is not there is 0.
std::vector<float> arranged(const ConvStep &s, int inStored, int outStored)
{
    std::vector<float> to(std::size_t(outStored) * std::size_t(s.kernelHigh) *
                          std::size_t(s.kernelWide) * std::size_t(inStored));
    const float *from = s.weights.data();
    for (int o = 0; o < s.out; ++o) {
        for (int i = 0; i < s.in; ++i) {
            for (int y = 0; y < s.kernelHigh; ++y) {
                for (int x = 0; x < s.kernelWide; ++x) {
                    const int inBlock = (y * s.kernelWide + x) * inStored + i;
                    const int block = o / conv::kBlock;
                    const int perBlock = s.kernelHigh * s.kernelWide * inStored;
                    to[(std::size_t(block) * std::size_t(perBlock) + std::size_t(inBlock)) * conv::kBlock +
                       std::size_t(o % conv::kBlock)] = *from++;
                }
            }
        }
    }
    return to;
}

} // namespace

std::optional<ConvChain> ConvChain::make(std::vector<ConvStep> steps)
{
    if (steps.empty())
        return std::nullopt;
    ConvChain chain;
    int channels = steps.front().in, stored = channels;
    for (ConvStep &step : steps) {
        if (!fits(step, channels) || (step.residual && stored != wholeBlocks(step.out)))
            return std::nullopt;
        Layer layer;
        layer.inStored = stored;
        layer.outStored = wholeBlocks(step.out);
        layer.weights = arranged(step, layer.inStored, layer.outStored);
        layer.bias = step.bias;
        layer.bias.resize(std::size_t(layer.outStored));
        channels = step.out;
        stored = layer.outStored;
        step.weights = {};
        step.bias = {};
        layer.step = std::move(step);
        chain.m_layers.push_back(std::move(layer));
    }
    chain.m_row = bestRow();
    return chain;
}

std::size_t ConvChain::outputs(int channels, int height, int width) const
{
    if (channels != m_layers.front().step.in)
        return 0;
    for (const Layer &layer : m_layers) {
        const ConvStep &s = layer.step;
        height = sideAfter(height, s.padDown, s.kernelHigh, s.strideDown);
        width = sideAfter(width, s.padAcross, s.kernelWide, s.strideAcross);
    }
    return std::size_t(m_layers.back().step.out) * std::size_t(height) * std::size_t(width);
}

void ConvChain::prepare(int height, int width)
{
    if (!m_maps.empty() && m_maps.front().height == height && m_maps.front().width == width)
        return;
    m_maps.clear();
    for (std::size_t i = 0; i <= m_layers.size(); ++i) {
        Map map;
        map.height = height;
        map.width = width;
        map.channels = i < m_layers.size() ? m_layers[i].inStored : m_layers.back().outStored;
        if (i < m_layers.size()) {
            const ConvStep &s = m_layers[i].step;
            map.pad[0] = s.padDown;
            map.pad[1] = s.padAcross;
            height = sideAfter(height, s.padDown, s.kernelHigh, s.strideDown);
            width = sideAfter(width, s.padAcross, s.kernelWide, s.strideAcross);
        }
        map.values.assign(std::size_t(map.height + 2 * map.pad[0]) * std::size_t(map.row()), 0.0f);
        m_maps.push_back(std::move(map));
    }
}

void ConvChain::run(const float *planes, int height, int width, float *to)
{
    prepare(height, width);
    Map &first = m_maps.front();
    for (int c = 0; c < first.channels; ++c) {
        for (int y = 0; y < height; ++y) {
            float *pixel = first.pixel(y, 0) + c;
            for (int x = 0; x < width; ++x, pixel += first.channels)
                *pixel = *planes++;
        }
    }
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const Layer &layer = m_layers[i];
        const ConvStep &s = layer.step;
        Map &in = m_maps[i], &out = m_maps[i + 1];
        conv::Row row{};
        row.inStep = std::ptrdiff_t(s.strideAcross) * in.channels;
        row.inRow = in.row();
        row.kernelRows = s.kernelHigh;
        row.run = s.kernelWide * in.channels;
        row.weights = layer.weights.data();
        row.bias = layer.bias.data();
        row.blocks = layer.outStored / conv::kBlock;
        row.outStep = out.channels;
        row.addStep = in.channels;
        row.pixels = out.width;
        row.ramp = s.ramp;
        for (int y = 0; y < out.height; ++y) {
            row.in = in.pixel(y * s.strideDown - s.padDown, -s.padAcross);
            row.out = out.pixel(y, 0);
            row.add = s.residual ? in.pixel(y, 0) : nullptr;
            m_row(row);
        }
    }
    Map &last = m_maps.back();
    for (int c = 0; c < m_layers.back().step.out; ++c) {
        for (int y = 0; y < last.height; ++y) {
            for (int x = 0; x < last.width; ++x)
                *to++ = last.pixel(y, x)[c];
        }
    }
}

} // namespace fw
