// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "infer/conv_kernel_p.h"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace fw {

/// One convolution with what directly follows it.
struct ConvStep
{
    int in = 1, out = 1;            ///< channels
    int kernelHigh = 1, kernelWide = 1;
    int strideDown = 1, strideAcross = 1;
    int padDown = 0, padAcross = 0; ///< zeros on each side
    bool ramp = false;              ///< negative values become 0
    bool residual = false;          ///< its own input is added after the ramp
    std::vector<float> weights;     ///< out x in x high x wide
    std::vector<float> bias;        ///< out
};

/// A network that is nothing but convolutions one after the other, without LibTorch's price for each
/// of them: a small network spends more time between its layers than in them. The sums differ from
/// LibTorch's in the last digits only. One thread at a time.
class ConvChain
{
public:
    /// nullopt when the steps do not fit each other.
    static std::optional<ConvChain> make(std::vector<ConvStep> steps);

    /// Floats of the answer to a picture of this size; 0 when it is too small or has other channels.
    std::size_t outputs(int channels, int height, int width) const;

    /// @param planes  channels x height x width
    /// @param to      outputs() floats: channels, then rows, then columns
    void run(const float *planes, int height, int width, float *to);

private:
    struct Layer
    {
        ConvStep step; ///< without its weights
        int inStored = 1, outStored = 1; ///< channels in memory: whole blocks, or the input's own
        std::vector<float> weights, bias; ///< as conv::Row wants them
    };
    struct Map
    {
        int height = 0, width = 0, channels = 0, pad[2] = {0, 0}; ///< pad: down, across
        std::vector<float> values;

        std::ptrdiff_t row() const { return std::ptrdiff_t(width + 2 * pad[1]) * channels; }
        float *pixel(int y, int x)
        {
            return values.data() + (y + pad[0]) * row() + std::ptrdiff_t(x + pad[1]) * channels;
        }
    };
    void prepare(int height, int width);

    std::vector<Layer> m_layers;
    std::vector<Map> m_maps; ///< the input of each layer, then the answer
    conv::RowFunction m_row = nullptr;
};

} // namespace fw
