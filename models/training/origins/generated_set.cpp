// SPDX-License-Identifier: GPL-3.0-or-later
#include "origins/generated_set.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <QDir>

using namespace Qt::StringLiterals;

namespace fw::lab {
namespace {

struct Folder
{
    QString path, origin; ///< an empty origin: the first part of each file's name
    bool generated;
};

const std::vector<Folder> &folders()
{
    static const std::vector<Folder> all{
        {u"generated/gen-stylegan2-ffhq-256/1_fake_stylegan2"_s, u"StyleGAN2 256"_s, true},
        {u"generated/gen-stylegan2-ffhq-1024/1_fake_stylegan2"_s, u"StyleGAN2 1024"_s, true},
        {u"faces-generated"_s, u"faces-generated"_s, true},
        {u"generated/gen-cyclegan-horse2zebra/1_fake_h2z_base"_s, u"CycleGAN"_s, true},
        {u"generated/gen-cyclegan-horse2zebra/1_fake_h2zfinetune"_s, u"CycleGAN"_s, true},
        {u"generated/gen-cyclegan-horse2zebra/1_fake_horse2zebra_pretrained"_s, u"CycleGAN"_s, true},
        {u"generated/gen-sd1-txt2img-512/1_fake_sd1"_s, u"Stable Diffusion 1"_s, true},
        {u"generated/gen-gpt4o-awesome/1_fake_gpt4o"_s, u"GPT-4o"_s, true},
        {u"camera-natural"_s, {}, false},
        {u"faces-real"_s, u"faces-real"_s, false},
        {u"generated/gen-stylegan2-ffhq-1024/0_real_ffhq"_s, u"ffhq"_s, false},
        {u"generated/gen-cyclegan-horse2zebra/0_real_horse"_s, u"horses"_s, false},
        {u"natural-bsds"_s, u"bsds"_s, false},
    };
    return all;
}

} // namespace

std::vector<OriginPicture> originPictures(const QString &data, int side)
{
    std::vector<OriginPicture> pictures;
    for (const Folder &folder : folders()) {
        const QDir dir(data + u'/' + folder.path);
        for (const QString &name : dir.entryList({u"*.jpg"_s, u"*.jpeg"_s, u"*.png"_s, u"*.JPG"_s, u"*.webp"_s}, QDir::Files, QDir::Name)) {
            const cv::Mat whole = cv::imread(dir.filePath(name).toStdString(), cv::IMREAD_COLOR);
            const int least = std::min(whole.cols, whole.rows);
            if (whole.empty() || least < int(1.3 * side))
                continue;
            const cv::Rect middle((whole.cols - least) / 2, (whole.rows - least) / 2, least, least);
            OriginPicture picture;
            cv::resize(whole(middle), picture.bgr, {side, side}, 0, 0, cv::INTER_AREA);
            picture.origin = folder.origin.isEmpty() ? name.section(u"__"_s, 0, 0) : folder.origin;
            picture.generated = folder.generated;
            pictures.push_back(std::move(picture));
        }
    }
    return pictures;
}

bool inFirstHalf(const QString &origin)
{
    unsigned sum = 0;
    for (const QChar c : origin)
        sum = sum * 31 + c.unicode();
    return sum / 7 % 2 == 0;
}

} // namespace fw::lab
