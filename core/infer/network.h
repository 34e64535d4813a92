// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <opencv2/core.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

namespace fw {

enum class InferDevice { Cpu, Cuda };

/// How 8-bit samples become numbers: (sample / 255 - mean) / deviation, per channel in R, G, B
/// order.
struct Normalization
{
    std::array<float, 3> mean{0, 0, 0};
    std::array<float, 3> deviation{1, 1, 1};
};

/// One tensor that a network gave, row-major.
struct NetworkOutput
{
    std::vector<std::int64_t> shape; ///< the first is the number of pictures
    std::vector<float> values;

    /// Values of one picture.
    std::span<const float> of(std::size_t picture) const;
};

/// A network as TorchScript in a weight file (*.fwm). Linking this pulls LibTorch in, so only
/// plugins that infer do.
///
/// A script that is one chain of convolutions runs without LibTorch, several times as fast; its sums
/// differ in the last digits.
///
/// Threads: LibTorch works with one inner thread here; the engine already runs one worker per core,
/// and inner threads that wait for busy neighbours slow down by orders of magnitude. A program that
/// allows more sets OMP_WAIT_POLICY=PASSIVE before main. One object is used by one thread at a
/// time.
class Network
{
public:
    /// Reads the file once, compares its SHA-256 and loads from the very bytes that were compared.
    /// @param sha256  lower-case hex.
    /// Errors: Errc::NotFound or Unreadable; Errc::Mismatch when the bytes are not the expected
    /// ones; Errc::BadData when they are no TorchScript; Errc::Unsupported for CUDA where there is
    /// none.
    static Result<std::unique_ptr<Network>> load(const QString &path, const QString &sha256,
                                                 InferDevice device = InferDevice::Cpu);
    /// The one with this id of what a manifest names. Errc::NotFound when it was not handed over; else as load.
    static Result<std::unique_ptr<Network>> ofModels(const std::map<QString, QString> &paths, const std::map<QString, QString> &hashes, const QString &id);
    ~Network();

    /// Runs a batch. Deterministic on the CPU.
    /// @param pictures  all of one size; CV_8UC3 (BGR, becomes RGB), CV_8UC1, or CV_32FC(n), which is
    ///                  taken as it is: no scaling, no change of channel order.
    /// @return the output tensors as float: one, or those of the tuple that the network returns.
    Result<std::vector<NetworkOutput>> forward(std::span<const cv::Mat> pictures,
                                               const Normalization &normalization = {});

    static bool cudaAvailable();

private:
    struct Impl;
    explicit Network(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace fw
