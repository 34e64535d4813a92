// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "first_save.h"
#include "photo/evidence_map.h"
#include "shifted_save.h"

#include "media/jpeg.h"

#include <optional>

namespace fw {

/// Limits set on pictures that were saved once, by four cameras: their highest readings are 0.0085, 9 and 77.
struct DoubleJpegLimits
{
    double leastGain = 0.010;    ///< of the mixture, per coefficient, over all bands
    double leastBandGain = 0.01; ///< of a band that is heard in the map
    double leastStrength = 15.0; ///< of an earlier save on another grid
    double leastSharedStrength = 100.0; ///< of one on a grid that shares lines with the file's own,
    double leastLead = 0.3;      ///< which must lead the next grid by this share of its strength as well
    int leastBlocks = 400;       ///< usable ones
    EvidenceSettings sameGrid{3, 6.0, 0.5, 2.0, 30, 100.0};
    EvidenceSettings otherGrid{5, 4.0, 0.4, 2.0, 48, 130.0};
};

/// An earlier save on the file's own grid.
struct SameGridReading
{
    std::vector<FirstSaveBand> bands;
    double gain = 0.0;              ///< per coefficient, mean over bands
    bool seen = false;
    std::optional<int> quality;     ///< IJG quality whose steps fit those of the heard bands best
    int fitting = 0, heard = 0;     ///< of the heard bands, how many have exactly its step
    EvidenceMap map;                ///< yes: saved twice. Empty unless seen
    /// The places cover more than the frequencies as a whole allow: then the blocks are not to be believed.
    bool contradictory = false;
};

/// Earlier saves on other grids.
struct OtherGridReading
{
    std::vector<ShiftedSave> saves; ///< three, strongest first
    bool seen = false;              ///< the first of them
    double share = 0.0;             ///< of blocks that show it
    EvidenceMap map;                ///< yes: was saved on that grid. Empty unless seen
};

struct DoubleJpegReading
{
    cv::Size blocks;
    int usable = 0;
    SameGridReading same;
    OtherGridReading other;
};

/// Errc::NotApplicable for files without luma coefficients or of fewer than `leastBlocks` usable blocks,
/// Errc::Cancelled.
Result<DoubleJpegReading> readDoubleJpeg(const JpegFile &jpeg, const DoubleJpegLimits &limits, std::stop_token stop);

} // namespace fw
