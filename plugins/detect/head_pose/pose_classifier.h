// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "pose_difference.h"
#include "stats/kernel_svm.h"

#include <QByteArray>

namespace fw {

/// The paper's classifier: the twelve numbers of a pose pair on one scale, a support vector machine
/// with an RBF kernel, probabilities by Platt's sigmoid from held-out folds.
/// It was trained on poses found with the generic head and sees nothing else.
struct PoseClassifier
{
    std::array<double, 12> mean{}, deviation{}; ///< of the training set
    KernelSvm machine;
    double testArea = 0.5;  ///< area under the ROC on pairs of people never trained on, frames
    double angleArea = 0.5; ///< the same of the plain angle, for comparison

    std::array<double, 12> scaled(const std::array<double, 12> &feature) const;
    /// P(spliced) under equal priors of the training set, 0..1.
    double probability(const PosePair &pair) const;

    QByteArray toBytes() const;
    /// Untrusted input: Errc::BadData unless whole.
    static Result<PoseClassifier> fromBytes(const QByteArray &bytes, const QString &where = {});
    static Result<PoseClassifier> load(const QString &path);
};

} // namespace fw
