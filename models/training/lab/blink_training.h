// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lab/blink_net.h"
#include "lab/blink_sequence.h"
#include "lab/train_loop.h"

namespace fw::lab {

/// What the blink network learns from and is tried on; other people in the test packs.
struct BlinkPacks
{
    std::vector<BlinkScene> scenes, scenesTest;
    std::vector<EyePicture> pictures, picturesTest;
    std::vector<WatchedEye> watched; ///< may be empty
};

/// Trains in three parts, so that little time suffices: the convolutions on short sequences, frame by
/// frame (`steps` batches of `batch` sequences); the LSTM and the dense layers on features of sequences
/// of 48 frames that are computed once (three times as many sequences as `steps`); then all of it
/// together (a third of `steps`, at a tenth of the rate).
/// With `resume` only the last part runs, for `steps` and at the full rate, from the mean.pt that is there, on
/// sequences of 96 frames with more looks down and squints; frames in which lids or eye move count four times.
/// Writes mean.pt, eye.fwm and time.fwm at every validation.
Result<void> trainBlink(const BlinkPacks &packs, const TrainOptions &options);

/// A trained network from the checkpoint of a folder.
Result<BlinkNet> trainedBlink(const std::filesystem::path &folder);

/// Closed (0..1) and closure (0..1) of every frame, the state carried through. @param still  each frame
/// by itself, without the LSTM.
struct BlinkReading
{
    std::vector<float> closed, closure;
};
BlinkReading readSequence(BlinkNet &net, const std::vector<cv::Mat> &parts, bool still = false);

} // namespace fw::lab
