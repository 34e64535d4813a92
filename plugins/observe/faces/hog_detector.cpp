// SPDX-License-Identifier: GPL-3.0-or-later
#include "face_detector.h"
#include "hog_bytes.h"

#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/opencv.h>

#include <sstream>

namespace fw {

namespace {

dlib::frontal_face_detector readDetector()
{
    std::istringstream bytes{std::string(hogBytes())};
    dlib::frontal_face_detector detector;
    dlib::deserialize(detector, bytes);
    return detector;
}

/// The inner matrices are made from the bytes once for each process.
const dlib::frontal_face_detector &sharedDetector()
{
    static const dlib::frontal_face_detector detector = readDetector();
    return detector;
}

class HogDetector : public FaceDetector
{
public:
    std::vector<FaceHit> detect(const cv::Mat &grey, double leastScore) override
    {
        std::vector<dlib::rect_detection> found;
        // The detector never writes, but dlib's wrapper has no read-only form.
        cv::Mat writable = grey;
        dlib::cv_image<unsigned char> image(writable);
        m_detector(image, found, leastScore);
        std::vector<FaceHit> hits;
        for (const dlib::rect_detection &d : found) {
            hits.push_back({cv::Rect2f(float(d.rect.left()), float(d.rect.top()),
                                       float(d.rect.right() - d.rect.left()),
                                       float(d.rect.bottom() - d.rect.top())),
                            d.detection_confidence});
        }
        return hits;
    }
    double leastSide() const override { return 80.0; }
    double bestSide() const override { return 88.0; }
    double leastFace() const override { return 60.0; }
    double mostGrowth() const override { return 2.0; }
    bool isSure() const override { return true; }
    double surroundings() const override { return 0.0; }
    double searchScale() const override { return 1.0; }

private:
    dlib::frontal_face_detector m_detector = sharedDetector(); ///< a copy: it keeps scratch space
};

} // namespace

std::unique_ptr<FaceDetector> hogDetector()
{
    return std::make_unique<HogDetector>();
}

} // namespace fw
