// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the methods of photo forensics on the real material in FW_SHARED, one table per method,
// or lists the pictures of cameras that may be trained on, or of those that may not.
// Usage: photo_accuracy METHOD...
// "references" writes the scores of authentic photographs that ship.
#include "methods.h"
#include "sets.h"

#include "test_data.h"

#include <QCoreApplication>

#include <cstdio>
#include <functional>
#include <map>

using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const std::map<QString, std::function<void()>> methods{
        {u"cfa"_s, fw::accuracy::measureCfa},
        {u"cost"_s, fw::accuracy::measureCost},
        {u"copy-move"_s, fw::accuracy::measureCopyMove},
        {u"cooccurrence"_s, fw::accuracy::measureCooccurrence},
        {u"dimples"_s, fw::accuracy::measureDimples},
        {u"double-jpeg"_s, fw::accuracy::measureDoubleJpeg},
        {u"fingerprint"_s, fw::accuracy::measureFingerprint},
        {u"generators"_s, fw::accuracy::measureGenerators},
        {u"grid"_s, fw::accuracy::measureGrid},
        {u"localisers"_s, fw::accuracy::measureLocalisers},
        {u"pair-zoo"_s, fw::accuracy::measurePairZoo},
        {u"prnu"_s, fw::accuracy::measurePrnu},
        {u"references"_s, fw::accuracy::makeReferences},
        {u"resampling"_s, fw::accuracy::measureResampling},
        {u"residuals"_s, fw::accuracy::measureResiduals},
        {u"spectrum"_s, fw::accuracy::measureSpectrum},
        {u"thumbnail"_s, fw::accuracy::measureThumbnail},
        {u"fitting-list"_s, [] { fw::accuracy::printSplit(true); }},
        {u"unseen-list"_s, [] { fw::accuracy::printSplit(false); }},
    };
    if (!QDir(fw::test::sharedDir() + u"/data"_s).exists()) {
        std::fprintf(stderr, "the folder of real material is not there; name it in FW_SHARED\n");
        return 2;
    }
    const QStringList wanted = app.arguments().mid(1);
    for (const QString &name : wanted) {
        if (!methods.contains(name)) {
            QStringList known;
            for (const auto &[key, run] : methods)
                known.append(key);
            std::fprintf(stderr, "usage: photo_accuracy METHOD..., of %s\n", qPrintable(known.join(u' ')));
            return 1;
        }
        methods.at(name)();
    }
    return wanted.isEmpty() ? 1 : 0;
}
