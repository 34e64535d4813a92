// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/conv_net.h"

#include <sstream>

namespace fw::lab {

/// Writes the TorchScript of a network line by line, with the weights that it names.
class ScriptText
{
public:
    struct Weight
    {
        std::string name;
        torch::Tensor value;
        bool trained = true;
    };

    /// A line of the body of forward(self, x).
    ScriptText &operator<<(const std::string &line);
    /// @return "self.<name>", to be written into lines.
    std::string weight(const std::string &name, const torch::Tensor &value, bool trained = true);

    // Expressions. `name` makes the weights' names, `of` is what the layer is applied to.
    std::string convolution(const std::string &name, const std::string &of, int in, int out, int kernel, int stride, int padding);
    /// Enlarges `factor` times; begins as bilinear interpolation, where channels beyond `out` are added to those before.
    std::string enlargement(const std::string &name, const std::string &of, int in, int out, int factor);
    std::string normalised(const std::string &name, const std::string &of, int channels);

    std::string code() const;
    const std::vector<Weight> &weights() const { return m_weights; }

private:
    std::ostringstream m_body;
    std::vector<Weight> m_weights;
};

/// A network that is written once, in TorchScript: the same lines are trained and shipped.
class ScriptNet : public TrainableNet
{
public:
    /// @param multiplications  of one picture.
    ScriptNet(const ScriptText &text, std::int64_t multiplications);

    torch::Tensor forward(torch::Tensor x) override;
    void train(bool on = true) override;
    torch::jit::Module script(const std::string &name) const override;
    void takeOver(const torch::jit::Module &script, torch::Tensor pictures) override;
    std::int64_t multiplications(int height, int width) const override;

private:
    std::string m_code;
    std::vector<ScriptText::Weight> m_weights;
    torch::jit::Module m_script;
    std::int64_t m_multiplications;
};

} // namespace fw::lab
