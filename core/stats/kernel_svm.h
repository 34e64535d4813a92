// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "stats/sample_matrix.h"

#include <QByteArray>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fw {

enum class SvmKernel {
    Linear, ///< a·b
    Rbf,    ///< exp(-gamma |a - b|²)
};

/// What most of one kind look like.
struct OneClassOptions
{
    /// 0..1: the share of training samples left outside, but for those on the boundary, which fall to
    /// either side by rounding.
    double nu = 0.01;
    double gamma = 0.0; ///< of the RBF kernel; 0: 1 / (width * variance of all values)
};

/// Two kinds apart.
struct ClassifierOptions
{
    SvmKernel kernel = SvmKernel::Rbf;
    double cost = 1.0;
    double gamma = 0.0;        ///< as above; not used by the linear kernel
    bool balanced = true;      ///< both kinds weigh the same however many samples each has
    bool probability = false;  ///< fits Platt's sigmoid to decisions on held-out folds
    int folds = 5;
    /// Samples that must not be torn apart into different folds (one number a source, a person);
    /// empty: each sample by itself.
    std::vector<int> groups;
    std::uint64_t seed = 0;    ///< deals out the folds
};

/// A support vector machine with a kernel. Training is libsvm's (Chang and Lin 2011), what comes out
/// is ours: plain numbers that are evaluated, stored and read back here. Samples are taken as they
/// come; bring their values to one scale before. Deterministic; const functions from any thread.
class KernelSvm
{
public:
    /// Schölkopf et al., Neural Computation 13, 2001; RBF kernel.
    /// Errc::BadData for less than two samples, a value that is not finite or an option out of range.
    static Result<KernelSvm> oneClass(const SampleMatrix &samples, const OneClassOptions &options);

    /// C-SVC. @param labels  > 0: positive. Errors as above, and when only one kind is there.
    static Result<KernelSvm> classifier(const SampleMatrix &samples, const std::vector<int> &labels,
                                        const ClassifierOptions &options);

    std::size_t width() const { return m_vectors.width; }
    std::size_t supportVectors() const { return m_vectors.rows(); }
    double gamma() const { return m_gamma; }
    SvmKernel kernel() const { return m_kernel; }

    /// The weighted sum of kernels before the offset; of one class, how central a sample is.
    double kernelSum(std::span<const double> sample) const;
    /// kernelSum - offset: above 0 inside the class, or positive. @param sample  width() values.
    double decision(std::span<const double> sample) const { return kernelSum(sample) - m_offset; }
    double offset() const { return m_offset; }
    /// P(positive), 0..1; nullopt unless it was asked for in training.
    std::optional<double> probability(double decision) const;

    QByteArray toBytes() const;
    /// Untrusted input: Errc::BadData unless whole and finite.
    static Result<KernelSvm> fromBytes(const QByteArray &bytes);

private:
    struct Sigmoid
    {
        double slope = 0.0, shift = 0.0; ///< P = 1 / (1 + exp(slope * decision + shift))
    };
    friend struct SvmTraining;

    SvmKernel m_kernel = SvmKernel::Rbf;
    double m_gamma = 0.0;
    double m_offset = 0.0;
    SampleMatrix m_vectors;
    std::vector<double> m_weights; ///< one a support vector
    std::optional<Sigmoid> m_sigmoid;
};

/// The decision on each sample of a machine that was trained without it (and without its group);
/// not-a-number where the rest holds one kind only. For choosing options and for honest figures.
Result<std::vector<double>> heldOutDecisions(const SampleMatrix &samples, const std::vector<int> &labels,
                                             const ClassifierOptions &options);

} // namespace fw
