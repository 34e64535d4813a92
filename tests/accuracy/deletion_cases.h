// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deletion_detector.h"

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <functional>
#include <optional>
#include <vector>

namespace fw::accuracy {

/// Never-compressed moving pictures for ffmpeg: input options and a filter chain, 352 x 288.
struct Source
{
    QString name;
    QStringList input;
    QString filter;
};
/// Procedural ones and photographs (shrunk, panned) of a folder, all with noise of every frame.
std::vector<Source> sources(const QString &photoFolder, int photos);
/// Photographs over which the picture moves by two pixels each time, as evenly as fields need it.
std::vector<Source> steadyPans(const QString &photoFolder, int count);
/// The same source, made once and kept without compression in `folder`, from where it is read faster.
Source kept(const Source &source, const QString &folder);

/// Where clips are made. A folder that stays is used again: what lies there is not encoded anew.
class Workshop
{
public:
    /// @param folder  empty: a temporary folder, where every clip overwrites the one before.
    explicit Workshop(const QString &folder);
    QString folder() const { return m_folder; }
    /// Runs `make(path)` unless the clip is there already. @return the path, or empty after a complaint.
    QString clip(const QString &name, const std::function<QString(const QString &)> &make) const;

private:
    QTemporaryDir m_temporary;
    QString m_folder;
    bool m_stays = false;
};
/// Still scenes with noise, as a surveillance camera sees them.
std::vector<Source> stillSources(const QString &photoFolder, int count);

/// One encoding: the words for ffmpeg, without the group length.
struct Encoding
{
    QString name;
    QStringList options;
};
const std::vector<Encoding> &firstEncodings();
const std::vector<Encoding> &secondEncodings();

/// Frames that were taken out or put in (copied from `from`) before the second encoding.
struct Edit
{
    int at = 0;       ///< first frame that is out, or before which frames come in
    int removed = 0;
    int inserted = 0;
    int from = 0;
};

constexpr int kFrames = 270;
constexpr int kSecondGroup = 33;

/// All make `to` and return an empty string, or ffmpeg's complaint.
QString encodeFirst(const Source &source, const Encoding &encoding, int group, const QString &to);
QString encodeAgain(const QString &from, const std::optional<Edit> &edit, const Encoding &encoding, const QString &to);

/// What the detector says of a file.
Result<AnalysisResult> analysed(const QString &path, double *secondsOfMethod = nullptr);
/// The numbers of the deletion detector's fact table.
double fact(const AnalysisResult &result, const QString &startsWith);
std::vector<Finding> breaksIn(const AnalysisResult &result);

} // namespace fw::accuracy
