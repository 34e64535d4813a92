// SPDX-License-Identifier: GPL-3.0-or-later
#include "parts.h"

#include "media/video_reader.h"
#include "test_data.h"

#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/opencv.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>

#include <span>

using namespace Qt::StringLiterals;

namespace fw::test {

void measureSteadiness(LandmarkNetwork &own, Checks *checks)
{
    const QTemporaryDir folder;
    const QStringList stills = QDir(test::shared(u"faces-real"_s)).entryList({u"*.jpg"_s, u"*.png"_s});
    std::vector<double> motions;
    for (const QString &still : stills.mid(0, 12)) {
        const cv::Mat picture = cv::imread(test::shared(u"faces-real/"_s + still).toStdString());
        cv::Mat grey;
        cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
        dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
        const auto hits = detector(dlib::cv_image<unsigned char>(grey));
        if (hits.empty())
            continue;
        const cv::Rect2f box(float(hits[0].left()), float(hits[0].top()), float(hits[0].width()), float(hits[0].height()));
        const double corners = eyeCornerDistance(own.place(grey, box).points);
        cv::Mat scaled;
        cv::resize(picture, scaled, {}, 130 / corners, 130 / corners, cv::INTER_AREA);
        scaled = scaled(cv::Rect(0, 0, scaled.cols & ~1, scaled.rows & ~1));
        const QString png = folder.filePath(u"still.png"_s), clip = folder.filePath(u"still.mp4"_s);
        cv::imwrite(png.toStdString(), scaled);
        QProcess::execute(u"ffmpeg"_s, {u"-v"_s, u"error"_s, u"-y"_s, u"-loop"_s, u"1"_s, u"-i"_s, png,
                                        u"-t"_s, u"5"_s, u"-r"_s, u"25"_s, u"-c:v"_s, u"libx264"_s,
                                        u"-crf"_s, u"28"_s, u"-pix_fmt"_s, u"yuv420p"_s, clip});
        auto reader = VideoReader::open(clip, {});
        if (!reader)
            continue;
        std::vector<Landmarks68> frames;
        std::optional<PlacedFace> last;
        for (;;) {
            auto next = (*reader)->next();
            if (!next || !*next)
                break;
            cv::Mat g;
            cv::cvtColor((*next)->bgr, g, cv::COLOR_BGR2GRAY);
            const float f = float(130 / corners);
            last = last ? own.follow(g, *last)
                        : own.place(g, {box.x * f, box.y * f, box.width * f, box.height * f});
            frames.push_back(last->points);
        }
        // Around the mean place; and, to tell trembling from settling, without the first ten frames and
        // from frame to frame.
        const auto motionOf = [](std::span<const Landmarks68> list) {
            double squares = 0;
            for (std::size_t i = 0; i < 68; ++i) {
                cv::Point2d centre(0, 0);
                for (const Landmarks68 &p : list)
                    centre += cv::Point2d(p[i]) * (1.0 / double(list.size()));
                for (const Landmarks68 &p : list)
                    squares += std::pow(cv::norm(cv::Point2d(p[i]) - centre), 2) / double(list.size() * 68);
            }
            return std::sqrt(squares);
        };
        double steps = 0;
        for (std::size_t f = 1; f < frames.size(); ++f)
            for (std::size_t i = 0; i < 68; ++i)
                steps += std::pow(cv::norm(frames[f][i] - frames[f - 1][i]), 2) / double((frames.size() - 1) * 68);
        std::printf("  %-28s %zu frames  motion %.3f px, settled %.3f, from frame to frame %.3f\n", qPrintable(still.left(28)),
                    frames.size(), motionOf(frames), motionOf(std::span(frames).subspan(std::min<std::size_t>(10, frames.size() / 2))),
                    std::sqrt(steps));
        motions.push_back(motionOf(frames));
    }
    std::printf("%-34s %-10s n %4zu  motion of a still: mean %.3f px, worst %.3f px at 130 px between the outer eye corners\n",
                "faces-real as 5 s of H.264", "network", motions.size(), mean(motions), quantile(motions, 1.0));
    checks->add({"a still as 5 s of H.264, motion at 130 px", "at most 0.25 px, each", text("mean %.3f px (%zu stills)", mean(motions), motions.size()),
                 text("worst still %.3f px", quantile(motions, 1.0)), quantile(motions, 1.0) <= 0.25});
}

} // namespace fw::test
