// SPDX-License-Identifier: GPL-3.0-or-later
#include "parts.h"

#include "base/hash.h"
#include "faces/eye_crop.h"
#include "faces/face_crop.h"
#include "infer/network.h"
#include "test_data.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QDir>

using namespace Qt::StringLiterals;

namespace fw::test {

void measureEyePictures(const QString &models, Checks *checks)
{
    constexpr std::size_t kOpenness = 27; // of what the eye network gives
    const QString weights = models + u"/eyes/eyes.fwm"_s;
    const auto hash = hashFile(weights);
    auto network = Network::load(weights, hash ? hexText(hash->sha256) : QString());
    if (!network)
        return;
    std::vector<double> open, shut;
    for (const bool isOpen : {true, false}) {
        const QDir folder(shared(isOpen ? u"eyes-open-closed/Open"_s : u"eyes-open-closed/Closed"_s));
        const QStringList files = folder.entryList(QDir::Files, QDir::Name);
        for (qsizetype i = 0; i < files.size(); i += 5) { // the others were trained on
            const cv::Mat grey = cv::imread(folder.filePath(files[i]).toStdString(), cv::IMREAD_GRAYSCALE);
            if (grey.empty())
                continue;
            Similarity whole;
            whole.real = double(kEyeCropWidth) / grey.cols;
            whole.shift = {0.0, 0.5 * kEyeCropHeight - 0.5 * whole.real * grey.rows};
            cv::Mat part;
            cv::warpAffine(grey, part, whole.matrix(), {kEyeCropWidth, kEyeCropHeight}, cv::INTER_AREA, cv::BORDER_REPLICATE);
            const cv::Mat input = standardised(part);
            if (const auto out = (*network)->forward(std::span(&input, 1)))
                (isOpen ? open : shut).push_back(double(out->front().values[kOpenness]));
        }
    }
    if (open.empty() || shut.empty())
        return;
    double wins = 0;
    for (const double a : open)
        for (const double b : shut)
            wins += a > b ? 1.0 : a == b ? 0.5 : 0.0;
    const double area = wins / double(open.size() * shut.size());
    checks->add({"eyes open or shut, area under the curve", "at least 0.98", text("%.4f (%zu open, %zu shut)", area, open.size(), shut.size()),
                 "the set has no names of people", area >= 0.98});
}

} // namespace fw::test
