// SPDX-License-Identifier: GPL-3.0-or-later
#include "spectrum_reading.h"

#include "photo/residual.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {
namespace {

/// Rules on the lattice, see the method's table: learned kernels stand far above what fixed ones leave.
constexpr double kLearnedZ = 20.0, kRepeatedZ1 = -6.0, kRepeatedZ2 = -15.0, kOrdinaryZ = 4.0;

void finish(SpectrumReading *reading, std::uint64_t seed)
{
    reading->medianLattice = latticeLevels(reading->median.logPower, seed);
    reading->laplacianLattice = latticeLevels(reading->laplacian.logPower, seed);
    reading->profile = radialProfile(reading->laplacian.logPower);
    reading->law = fitPowerLaw(reading->profile, kSpectrumSide);
    double sum = 0.0;
    int count = 0;
    for (std::size_t i = 1; i < reading->profile.size(); ++i) {
        const double f = double(i) / kSpectrumSide;
        if (f < 0.375 || f > 0.475)
            continue;
        sum += reading->profile[i] - reading->law.at(f);
        ++count;
    }
    reading->decay = sum / std::max(1, count);
}

} // namespace

Result<SpectrumReading> readSpectrum(const cv::Mat &bgr, std::uint64_t seed, std::stop_token stop)
{
    const cv::Mat luma = lumaOf(bgr);
    SpectrumReading reading;
    if (stop.stop_requested())
        return fail(Errc::Cancelled, u"stopped"_s);
    auto median = tileSpectrum(luma, medianResidual(luma), stop);
    if (!median)
        return Failure{median.error()};
    auto laplacian = tileSpectrum(luma, laplacianResidual(luma), stop);
    if (!laplacian)
        return Failure{laplacian.error()};
    if (median->tiles == 0 || laplacian->tiles == 0)
        return fail(Errc::NotApplicable, u"no place of 256 x 256 px has texture"_s);
    reading.median = std::move(median).value();
    reading.laplacian = std::move(laplacian).value();
    finish(&reading, seed);
    return reading;
}

Result<SpectrumReading> readTile(const cv::Mat &luma, const cv::Mat &medianPart, const cv::Mat &laplacianPart,
                                 cv::Point corner, std::uint64_t seed)
{
    if (!tileIsUsable(luma, medianPart, corner))
        return fail(Errc::NotApplicable, u"the place has no texture"_s);
    SpectrumReading reading;
    reading.median = {tileLogPower(medianPart, corner), 1};
    reading.laplacian = {tileLogPower(laplacianPart, corner), 1};
    finish(&reading, seed);
    return reading;
}

std::vector<double> latticeFeatures(const SpectrumReading &reading)
{
    std::vector<double> features;
    for (const auto *levels : {&reading.medianLattice, &reading.laplacianLattice}) {
        for (const LatticeLevel &level : *levels) {
            for (const double excess : {level.offAxis, level.onAxis}) {
                features.push_back(std::clamp(excess, 0.0, 6.0));
                features.push_back(std::clamp(-excess, 0.0, 3.0));
            }
        }
    }
    return features;
}

LatticeKind latticeKind(const SpectrumReading &reading)
{
    const auto &median = reading.medianLattice, &laplacian = reading.laplacianLattice;
    if (laplacian[0].offAxisZ < kRepeatedZ1 && laplacian[1].offAxisZ < kRepeatedZ2)
        return LatticeKind::Repeated;
    if (median[0].offAxisZ > kLearnedZ || median[1].offAxisZ > kLearnedZ)
        return LatticeKind::Learned;
    if (laplacian[0].offAxisZ > kOrdinaryZ)
        return LatticeKind::Ordinary;
    return LatticeKind::None;
}

} // namespace fw
