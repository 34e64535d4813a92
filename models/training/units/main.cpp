// SPDX-License-Identifier: GPL-3.0-or-later
// fw-train-units PACK FACEKIT MODELS OUT: learns to read action units from the scenes of PACK (made by
// "fw-samples render --scenes") as the networks in MODELS measure them, and writes OUT.
#include "render/face_kit.h"
#include "units/unit_ridge.h"

#include <opencv2/core/utility.hpp>

#include <QCoreApplication>
#include <QFile>

#include <cstdio>

using namespace fw;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    cv::setNumThreads(1);
    if (argc != 5) {
        std::fprintf(stderr, "usage: fw-train-units PACK FACEKIT MODELS OUT\n");
        return 2;
    }
    const auto pack = lab::SamplePack::read(argv[1]);
    const auto kit = render::FaceKit::load(argv[2]);
    auto meter = lab::FaceMeter::load(QString::fromLocal8Bit(argv[3]));
    if (!pack || !kit || !meter) {
        const Error &e = !pack ? pack.error() : !kit ? kit.error() : meter.error();
        std::fprintf(stderr, "%s\n", qPrintable(e.text()));
        return 1;
    }
    const auto samples = lab::unitSamples(*pack, *kit, *meter, true);
    std::string table;
    const UnitReader reader = lab::learnUnits(samples, &table);
    std::printf("%zu faces, mirror images included\n%s", samples.size(), table.c_str());
    QFile file(QString::fromLocal8Bit(argv[4]));
    const QByteArray bytes = reader.bytes();
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        std::fprintf(stderr, "%s: %s\n", argv[4], qPrintable(file.errorString()));
        return 1;
    }
    return 0;
}
