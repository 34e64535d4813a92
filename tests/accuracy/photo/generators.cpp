// SPDX-License-Identifier: GPL-3.0-or-later
// Generated pictures against photographs: every method, every generator left out of training, every last save.
#include "base/hash.h"
#include "base/paths.h"
#include "infer/network.h"
#include "methods.h"
#include "origins/origin_pool.h"
#include "origins/pair_planes.h"
#include "photo/generator_fingerprint.h"
#include "photo/pair_counts.h"
#include "photo/residual_codes.h"
#include "sets.h"
#include "spectrum_detector.h"
#include "stats/fisher_ensemble.h"
#include "stats/ranking.h"

#include <opencv2/imgproc.hpp>

#include <set>

using namespace Qt::StringLiterals;

namespace fw::accuracy {
namespace {

using namespace fw::lab;

/// Scores of measured tiles by origin; photographs under an empty name, those of faces under kFaces as well.
const QString kFaces = u"faces"_s;
using ByOrigin = std::map<QString, std::vector<double>>;
using Values = std::vector<double>;

/// What is seen of every tile after one last save; nothing where it is not needed.
using Views = std::vector<Values>;

bool isMeasured(const PoolTile &tile)
{
    return tile.middle && (tile.generated || !tile.train);
}

bool isFaces(const PoolTile &tile)
{
    return !tile.generated && (tile.origin == u"faces-real" || tile.origin == u"ffhq");
}

void add(ByOrigin *scores, const PoolTile &tile, double score)
{
    (*scores)[tile.generated ? tile.origin : QString()].push_back(score);
    if (isFaces(tile))
        (*scores)[kFaces].push_back(score);
}

/// The short form of the rich model: residuals of luma and of the two differences of colour (Li et al. 2018).
Values residualValues(const cv::Mat &bgr)
{
    cv::Mat wide, planes[3];
    bgr.convertTo(wide, CV_32F, 1.0 / 255.0);
    cv::cvtColor(wide, wide, cv::COLOR_BGR2YCrCb);
    cv::split(wide, planes);
    Values values;
    for (const cv::Mat &plane : planes) {
        const std::vector<float> some = shortDescriptor(plane * 255.0);
        values.insert(values.end(), some.begin(), some.end());
    }
    return values;
}

/// Matrices of pairs within R, G and B in 32 x 32 cells.
Values pairValues(const cv::Mat &bgr)
{
    Values values;
    const auto counts = pairCounts(bgr);
    for (std::size_t i = 0; i < 3; ++i) {
        const cv::Mat picture = pairPicture(counts[i], 32);
        values.insert(values.end(), picture.begin<float>(), picture.end<float>());
    }
    return values;
}

std::vector<Views> viewsOf(const std::vector<PoolTile> &pool, Values (*valuesOf)(const cv::Mat &))
{
    std::vector<Views> all(lastSaves().size(), Views(pool.size()));
    for (std::size_t save = 0; save < all.size(); ++save) {
        for (std::size_t i = 0; i < pool.size(); ++i) {
            const bool trained = save < kTrainedSaves && (pool[i].generated || pool[i].train);
            if (trained || isMeasured(pool[i]))
                all[save][i] = valuesOf(savedLast(pool[i].bgr, lastSaves()[save]));
        }
    }
    return all;
}

/// Discriminants trained on every trained save of all generators but one and of the photographs that are trained on.
std::vector<ByOrigin> leftOut(const std::vector<PoolTile> &pool, const std::vector<Views> &views, const QString &generator)
{
    SampleMatrix negatives, positives;
    for (std::size_t save = 0; save < kTrainedSaves; ++save) {
        for (std::size_t i = 0; i < pool.size(); ++i) {
            if (pool[i].generated ? pool[i].origin != generator : pool[i].train)
                (pool[i].generated ? positives : negatives).add(views[save][i]);
        }
    }
    const FisherEnsemble ensemble = FisherEnsemble::train(negatives, positives);
    std::vector<ByOrigin> scores(views.size());
    for (std::size_t save = 0; save < views.size(); ++save) {
        for (std::size_t i = 0; i < pool.size(); ++i) {
            if (isMeasured(pool[i]) && (!pool[i].generated || pool[i].origin == generator))
                add(&scores[save], pool[i], ensemble.score(views[save][i]));
        }
    }
    return scores;
}

/// The shipped classifier of the spectrum, which saw no real generator.
ByOrigin spectrumScores(const std::vector<PoolTile> &pool, const LastSave &save)
{
    const auto manifest = test::manifestOf(u"detect/upsampling_spectrum"_s);
    const ModelSpec &model = manifest->models.front();
    static const auto scale = SpectrumScale::load(InstallPaths::ofProgram().models() + u'/' + model.file, model.sha256);
    ByOrigin scores;
    for (const PoolTile &tile : pool) {
        if (!isMeasured(tile))
            continue;
        if (const cv::Mat bgr = savedLast(tile.bgr, save); std::min(bgr.cols, bgr.rows) >= 256) {
            if (const auto reading = readSpectrum(bgr, 1))
                add(&scores, tile, scale->classifier.logOdds(latticeFeatures(*reading)));
        }
    }
    return scores;
}

/// The network of `fw-train-photo pairs`, which saw auto-encoders and no real generator; its file is named in FW_PAIRS. Nothing
/// without it.
ByOrigin pairNetworkScores(const std::vector<PoolTile> &pool, const LastSave &save)
{
    static const std::unique_ptr<Network> network = []() -> std::unique_ptr<Network> {
        const QString path = qEnvironmentVariable("FW_PAIRS");
        const auto hash = hashFile(path);
        auto loaded = hash ? Network::load(path, hexText(hash->sha256)) : fail(Errc::NotFound, u"no network"_s);
        return loaded ? std::move(loaded).value() : nullptr;
    }();
    ByOrigin scores;
    for (const PoolTile &tile : pool) {
        const cv::Mat bgr = isMeasured(tile) ? savedLast(tile.bgr, save) : cv::Mat();
        if (network && std::min(bgr.cols, bgr.rows) >= kPairTile) {
            const cv::Rect middle((bgr.cols - kPairTile) / 2 / 8 * 8, (bgr.rows - kPairTile) / 2 / 8 * 8, kPairTile, kPairTile);
            const cv::Mat planes = pairPlanes(bgr(middle));
            if (const auto output = network->forward(std::span(&planes, 1)))
                add(&scores, tile, double(output->front().values.front()));
        }
    }
    return scores;
}

/// Correlation with the fingerprint of one generator, made from its other pictures after the same save. This finds no
/// unknown generator: pictures of this very one are enrolled.
ByOrigin fingerprintScores(const std::vector<PoolTile> &pool, const LastSave &save, const QString &generator)
{
    GeneratorFingerprintMaker maker;
    std::vector<std::pair<const PoolTile *, cv::Mat>> residuals;
    for (const PoolTile &tile : pool) {
        if (!isMeasured(tile) || (tile.generated && tile.origin != generator))
            continue;
        residuals.emplace_back(&tile, generatorResidual(savedLast(tile.bgr, save)));
        if (tile.generated)
            (void)maker.add(residuals.back().second);
    }
    ByOrigin scores;
    const auto print = maker.fingerprint();
    if (!print || maker.count() < kLeastEnrolled)
        return scores;
    for (const auto &[tile, residual] : residuals) {
        if (const auto rho = generatorCorrelation(tile->generated ? maker.without(residual) : *print, residual))
            add(&scores, *tile, *rho);
    }
    return scores;
}

/// @param against  which photographs.
QString cell(const ByOrigin &scores, const QString &origin, const QString &against)
{
    const auto real = scores.find(against), made = scores.find(origin);
    if (real == scores.end() || made == scores.end())
        return u"-"_s;
    const auto area = rocArea(real->second, made->second);
    return area ? QString::number(area->area, 'f', 3) : u"-"_s;
}

} // namespace

void measureGenerators()
{
    const std::vector<PoolTile> pool = originPool(test::sharedDir() + u"/data"_s);
    std::map<QString, int> counts;
    std::set<QString> cameras;
    int faces = 0;
    for (const PoolTile &tile : pool) {
        if (!isMeasured(tile))
            continue;
        ++counts[tile.generated ? tile.origin : QString()];
        if (!tile.generated)
            cameras.insert(tile.origin);
        faces += isFaces(tile);
    }
    line(u"areas under the curve, squares of 256 px, one shared save at 90 to 99, then the named one; %1 photographs (%3 of faces) by %2 cameras and sources "
         "that were not trained on; each generator left out of training (fingerprint: its other pictures enrolled; spectrum and network of pairs: trained on no generator)"_s
             .arg(counts[QString()]).arg(cameras.size()).arg(faces));
    QString head = QString(u"generator (pictures), method"_s).leftJustified(44);
    for (const LastSave &save : lastSaves())
        head += save.name.rightJustified(10);
    line(head);
    std::vector<ByOrigin> spectrum, pairNetwork;
    for (const LastSave &save : lastSaves()) {
        spectrum.push_back(spectrumScores(pool, save));
        pairNetwork.push_back(pairNetworkScores(pool, save));
    }
    const std::vector<Views> pairs = viewsOf(pool, pairValues), residuals = viewsOf(pool, residualValues);
    for (const auto &[origin, count] : counts) {
        if (origin.isEmpty())
            continue;
        // Generators of faces are compared with photographs of faces, too: what tells faces from landscapes is no trace.
        const bool ofFaces = origin.startsWith(u"StyleGAN2"_s) || origin == u"faces-generated"_s;
        const auto row = [&](const QString &method, const std::vector<ByOrigin> &scores) {
            for (const QString &against : ofFaces ? QStringList{QString(), kFaces} : QStringList{QString()}) {
                QString text = u"%1 (%2), %3%4"_s.arg(origin).arg(count).arg(method, against.isEmpty() ? QString() : u", "_s + against).leftJustified(44);
                for (const ByOrigin &of : scores)
                    text += cell(of, origin, against).rightJustified(10);
                line(text);
            }
        };
        row(u"spectrum"_s, spectrum);
        if (!pairNetwork.front().empty())
            row(u"pairs, network"_s, pairNetwork);
        row(u"pairs of values"_s, leftOut(pool, pairs, origin));
        row(u"residuals"_s, leftOut(pool, residuals, origin));
        if (count < kLeastEnrolled)
            continue;
        std::vector<ByOrigin> prints;
        for (const LastSave &save : lastSaves())
            prints.push_back(fingerprintScores(pool, save, origin));
        row(u"fingerprint"_s, prints);
    }
}

} // namespace fw::accuracy
