// SPDX-License-Identifier: GPL-3.0-or-later
#include "head_pose/splice_set.h"

#include "stats/ranking.h"

namespace fw {

std::vector<SpliceFrame> makeSplices(const FaceShapes &shapes, int pairs, int framesPerPair, double low, double high,
                                     const SpliceNoise &noise, std::uint64_t seed)
{
    SimulatedHeads heads(shapes, seed);
    std::vector<SpliceFrame> frames;
    for (int pair = 0; pair < pairs; ++pair) {
        const std::vector<float> target = heads.person(), source = heads.person();
        const auto habit = heads.habit(noise.habit);
        for (int k = 0; k < framesPerPair / 2; ++k) {
            const std::vector<float> expression = heads.expression();
            const HeadModel shown = heads.head(target, expression), pasted = heads.head(source, heads.expression());
            const HeadPose pose = heads.pose();
            const double degrees = heads.uniform(low, high);
            const double jitter = heads.uniform(noise.jitterLow, noise.jitterHigh);
            for (const bool spliced : {false, true}) {
                Landmarks68 points = spliced ? SimulatedHeads::spliced(shown, pasted, pose, heads.turn(degrees))
                                             : SimulatedHeads::seen(shown, pose);
                for (std::size_t i = 0; i < points.size(); ++i)
                    points[i] += habit[i];
                heads.addNoise(points, jitter);
                if (const auto poses = comparePoses(points, SimulatedHeads::camera()))
                    frames.push_back({*poses, pair, spliced, spliced ? degrees : 0.0});
            }
        }
    }
    return frames;
}

double angleArea(const std::vector<SpliceFrame> &frames)
{
    std::vector<double> genuine, spliced;
    for (const SpliceFrame &f : frames)
        (f.spliced ? spliced : genuine).push_back(f.poses.angleRadians);
    const auto area = rocArea(genuine, spliced);
    return area ? area->area : 0.5;
}

} // namespace fw
