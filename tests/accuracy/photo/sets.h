// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../../plugins/model_job.h"

#include <opencv2/core.hpp>

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace fw::accuracy {

/// One picture of the sets, with the camera that took it ("make model" of EXIF, else the source's name).
struct Photo
{
    QString path;
    QString name;
    QString camera;
    cv::Mat bgr() const; ///< as coded, CV_8UC3
};

/// All pictures of data/<folder>, by name.
std::vector<Photo> photosOf(const QString &folder);

/// Cameras in alphabetical order: those at even places set limits, those at odd places are measured.
bool isForFitting(const std::vector<Photo> &all, const QString &camera);

/// Every so many of the pictures of data/<folder> by cameras that set limits, or by the others.
std::vector<Photo> photosBy(const QString &folder, bool forFitting, std::size_t every = 1);

/// Prints the paths of pictures by cameras that set limits and train networks, or by the others, which measure.
void printSplit(bool forFitting);

using MakeDetector = std::function<std::unique_ptr<Detector>()>;

/// Runs a detector on a file as the program would, with the manifest's default options.
Result<AnalysisResult> examine(const MakeDetector &make, const QString &path, const QString &pluginFolder);
/// The same on a picture that never was a file.
Result<AnalysisResult> examine(const MakeDetector &make, const cv::Mat &bgr, const QString &pluginFolder);

/// The same after a save. @param quality  of JPEG; 0: PNG.
Result<AnalysisResult> examineSaved(const MakeDetector &make, const cv::Mat &bgr, int quality, const QString &pluginFolder);

/// Processor time of this thread, s.
double threadSeconds();

/// Writes bytes into a temporary file for `examine`; removed at the end of the program.
QString asFile(const QByteArray &bytes, const QString &suffix);

/// Prints verdicts per camera on authentic pictures and the worst camera.
void printFalseAlarms(const QString &method, const MakeDetector &make, const QString &pluginFolder);

/// Printing in columns.
void line(const QString &text);
QString areaText(const std::vector<double> &negatives, const std::vector<double> &positives);

} // namespace fw::accuracy
