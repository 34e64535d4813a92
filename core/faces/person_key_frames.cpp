// SPDX-License-Identifier: GPL-3.0-or-later
#include "faces/person_key_frames_p.h"

#include "faces/head_axes.h"

#include <algorithm>
#include <cmath>

namespace fw::person {

namespace {

constexpr int kMostKeyFrames = 30;
constexpr double kBinRadians = 0.12; ///< of yaw and pitch: key frames share it unwillingly

} // namespace

void KeyFrames::offer(const Seen &seen, const State &state, int frames)
{
    const EulerAngles turn = eulerAngles(headPoseOf(state.pose).rotation);
    KeyFrame key{seen, state, turn.yawRadians, turn.pitchRadians, state.strength.sum()};
    const auto apart = [](const KeyFrame &a, const KeyFrame &b) {
        return std::hypot(a.yaw - b.yaw, a.pitch - b.pitch) / kBinRadians;
    };
    if (int(m_keys.size()) < kMostKeyFrames) {
        // Neighbours in time look alike: one in three is enough until views differ.
        const bool fresh = m_keys.empty() || frames % 3 == 0 ||
                           std::all_of(m_keys.begin(), m_keys.end(),
                                       [&](const KeyFrame &k) { return apart(k, key) > 0.5; });
        if (fresh) {
            m_keys.push_back(std::move(key));
            m_changed = true;
        }
        return;
    }
    // Replaces the most active frame among the views that are crowded, if it is calmer or rarer.
    const auto crowd = [&](const KeyFrame &of) {
        double sum = 0.0;
        for (const KeyFrame &k : m_keys)
            sum += std::exp(-0.5 * apart(k, of) * apart(k, of));
        return sum;
    };
    std::size_t worst = 0;
    double most = -1.0;
    for (std::size_t i = 0; i < m_keys.size(); ++i) {
        const double badness = crowd(m_keys[i]) - 1.0 + m_keys[i].activity;
        if (badness > most) {
            most = badness;
            worst = i;
        }
    }
    if (crowd(key) + key.activity < most - 0.25) {
        m_keys[worst] = std::move(key);
        m_changed = true;
    }
}

} // namespace fw::person
