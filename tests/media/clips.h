// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "media/video_reader.h"

#include "test_data.h"

#include <QFile>

namespace fw::test {

using namespace Qt::StringLiterals;

/// Arguments of a moving test picture, so that no two frames are alike.
inline QStringList movingPicture(const QString &size, int rate, double seconds)
{
    return {u"-f"_s, u"lavfi"_s, u"-i"_s,
            u"testsrc2=size=%1:rate=%2:duration=%3"_s.arg(size).arg(rate).arg(seconds)};
}

/// All pictures of a clip, as the run reads them.
struct FullRead
{
    std::vector<DecodedPicture> pictures;
    std::optional<Error> error;
    MediaFacts facts;
    int damaged = 0;
};

inline FullRead readAll(const QString &path, const ReaderOptions &options = {},
                        const ByteSourceFactory &source = openFileSource)
{
    FullRead all;
    auto reader = VideoReader::open(path, options, source);
    if (!reader) {
        all.error = reader.error();
        return all;
    }
    while (true) {
        auto picture = (*reader)->next();
        if (!picture) {
            all.error = picture.error();
            break;
        }
        if (!*picture)
            break;
        all.pictures.push_back(std::move(**picture));
    }
    all.facts = (*reader)->facts();
    all.damaged = (*reader)->damaged();
    return all;
}

} // namespace fw::test
