// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods.h"
#include "photo/fingerprint.h"
#include "photo/sensor_noise.h"
#include "sets.h"

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

/// "flatfield_Nikon_D70_0_19929.JPG" -> "Nikon_D70_0".
QString bodyOf(const QString &name)
{
    return name.section(u'_', 1, 3);
}

} // namespace

void measurePrnu()
{
    const std::vector<Photo> photos = photosOf(u"camera-prnu"_s);
    std::map<QString, FingerprintMaker> makers;
    for (const Photo &photo : photos) {
        if (!photo.name.startsWith(u"flatfield"_s))
            continue;
        if (const auto taken = makers[bodyOf(photo.name)].add(photo.bgr()); !taken)
            line(photo.name + u": "_s + taken.error().text());
    }
    std::map<QString, cv::Mat> bodies;
    for (const auto &[body, maker] : makers) {
        line(u"%1: %2 flat fields, halves agree %3"_s.arg(body, -16).arg(maker.count()).arg(maker.halvesAgree(), 0, 'f', 3));
        if (maker.count() >= 3)
            bodies[body] = *maker.fingerprint();
    }
    QString head = u"PCE at zero shift of natural pictures: "_s;
    for (const auto &[body, fingerprint] : bodies)
        head += body + u' ';
    line(head);
    int right = 0, wrong = 0, none = 0, made = 0;
    double highestForeign = -1e9, lowestOwn = 1e9;
    for (const Photo &photo : photos) {
        if (!photo.name.startsWith(u"natural"_s))
            continue;
        const cv::Mat bgr = photo.bgr(), noise = pictureNoise(bgr);
        QString row = u"  %1"_s.arg(photo.name, -32), best;
        double highest = kFingerprintPce;
        for (const auto &[body, fingerprint] : bodies) {
            const auto match = matchFingerprint(fingerprint, bgr, noise);
            const double pce = match ? match->pce : 0.0;
            row += u"%1"_s.arg(pce, 10, 'f', 1);
            if (pce > highest) {
                highest = pce;
                best = body;
            }
            if (body == bodyOf(photo.name))
                lowestOwn = std::min(lowestOwn, pce);
            else
                highestForeign = std::max(highestForeign, pce);
        }
        ++made;
        right += best == bodyOf(photo.name);
        none += best.isEmpty();
        wrong += !best.isEmpty() && best != bodyOf(photo.name);
        line(row);
    }
    line(u"%1 natural pictures: %2 right, %3 wrong, %4 none of these; lowest PCE of the own body %5, highest of another %6"_s
             .arg(made).arg(right).arg(wrong).arg(none).arg(lowestOwn, 0, 'f', 1).arg(highestForeign, 0, 'f', 1));

    // Pictures of other cameras: the fingerprints are cut to their size, where nothing can match.
    int foreign = 0, above = 0;
    double highest = -1e9;
    const std::vector<Photo> natural = photosOf(u"camera-natural"_s);
    for (std::size_t i = 0; i < natural.size(); i += 4) {
        const cv::Mat bgr = natural[i].bgr(), noise = pictureNoise(bgr);
        for (const auto &[body, fingerprint] : bodies) {
            if (bgr.cols > fingerprint.cols || bgr.rows > fingerprint.rows)
                continue;
            const auto match = matchFingerprint(fingerprint(cv::Rect({0, 0}, bgr.size())).clone(), bgr, noise);
            ++foreign;
            above += match && match->pce > kFingerprintPce;
            highest = std::max(highest, match ? match->pce : 0.0);
        }
    }
    line(u"pictures of other cameras: %1 comparisons, %2 above %3, highest %4"_s.arg(foreign).arg(above).arg(kFingerprintPce).arg(highest, 0, 'f', 1));
}

} // namespace fw::accuracy
