// SPDX-License-Identifier: GPL-3.0-or-later
// The only place that knows libsvm: it fills libsvm's problem and takes the numbers out of its model.
#include "stats/kernel_svm.h"
#include "stats/platt_p.h"

#include <libsvm/svm.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <random>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

constexpr double kCacheMegabytes = 200.0;
constexpr double kTolerance = 1e-3;

void sayNothing(const char *) {}

/// Samples in libsvm's sparse form: pairs of index and value, closed by -1.
struct Problem
{
    std::vector<svm_node> nodes;
    std::vector<svm_node *> rows;
    std::vector<double> labels;

    Problem(const SampleMatrix &samples, const std::vector<std::size_t> &which, const std::vector<int> &signs)
    {
        nodes.reserve(which.size() * (samples.width + 1));
        for (const std::size_t i : which) {
            int index = 0;
            for (const double v : samples.row(i))
                nodes.push_back({++index, v});
            nodes.push_back({-1, 0.0});
            labels.push_back(signs.empty() || signs[i] > 0 ? 1.0 : -1.0);
        }
        for (std::size_t r = 0; r < which.size(); ++r)
            rows.push_back(&nodes[r * (samples.width + 1)]);
    }
    svm_problem raw() { return {int(rows.size()), labels.data(), rows.data()}; }
};

struct FreeModel
{
    void operator()(svm_model *model) const { svm_free_and_destroy_model(&model); }
};

std::vector<std::size_t> everyRow(const SampleMatrix &samples)
{
    std::vector<std::size_t> which(samples.rows());
    for (std::size_t i = 0; i < which.size(); ++i)
        which[i] = i;
    return which;
}

std::optional<Failure> refuse(const SampleMatrix &samples)
{
    if (samples.width == 0 || samples.values.size() % samples.width != 0 || samples.rows() < 2)
        return fail(Errc::BadData, u"a support vector machine needs two samples or more"_s);
    if (!std::all_of(samples.values.begin(), samples.values.end(), [](double v) { return std::isfinite(v); }))
        return fail(Errc::BadData, u"a sample holds a value that is not finite"_s);
    return std::nullopt;
}

/// 1 / (width * variance), as "scale" of scikit-learn: distances then are about 2 for any width.
double chosenGamma(double given, const SampleMatrix &samples)
{
    if (given > 0.0)
        return given;
    double sum = 0.0, squares = 0.0;
    for (const double v : samples.values)
        sum += v;
    const double count = double(samples.values.size()), mean = sum / count;
    for (const double v : samples.values)
        squares += (v - mean) * (v - mean);
    return 1.0 / (double(samples.width) * std::max(squares / count, 1e-12));
}

/// Which fold each sample belongs to. Groups stay whole; both kinds spread over the folds.
std::vector<int> dealFolds(const std::vector<int> &labels, const ClassifierOptions &options)
{
    std::map<int, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < labels.size(); ++i)
        groups[options.groups.empty() ? int(i) : options.groups[i]].push_back(i);
    std::vector<const std::vector<std::size_t> *> order[2];
    for (const auto &[id, members] : groups) {
        const auto positives = std::count_if(members.begin(), members.end(), [&](std::size_t i) { return labels[i] > 0; });
        order[2 * positives > std::ptrdiff_t(members.size()) ? 1 : 0].push_back(&members);
    }
    std::mt19937_64 random(options.seed);
    std::vector<int> folds(labels.size());
    std::size_t dealt = 0;
    for (auto &kind : order) {
        for (std::size_t i = kind.size(); i > 1; --i) // own shuffle: the library's differs between systems
            std::swap(kind[i - 1], kind[std::size_t(random() % i)]);
        for (const auto *members : kind) {
            const int fold = int(dealt++ % std::size_t(options.folds));
            for (const std::size_t i : *members)
                folds[i] = fold;
        }
    }
    return folds;
}

bool bothKinds(const std::vector<int> &labels, const std::vector<std::size_t> &which)
{
    const auto positives = std::count_if(which.begin(), which.end(), [&](std::size_t i) { return labels[i] > 0; });
    return positives > 0 && positives < std::ptrdiff_t(which.size());
}

} // namespace

struct SvmTraining
{
    static Result<KernelSvm> run(Problem &problem, svm_parameter parameter, std::size_t width)
    {
        svm_set_print_string_function(&sayNothing);
        parameter.cache_size = kCacheMegabytes;
        parameter.eps = kTolerance;
        parameter.shrinking = 1;
        svm_problem raw = problem.raw();
        if (const char *fault = svm_check_parameter(&raw, &parameter))
            return fail(Errc::BadData, QString::fromLatin1(fault));
        const std::unique_ptr<svm_model, FreeModel> model(svm_train(&raw, &parameter));
        KernelSvm svm;
        svm.m_kernel = parameter.kernel_type == LINEAR ? SvmKernel::Linear : SvmKernel::Rbf;
        svm.m_gamma = parameter.kernel_type == LINEAR ? 0.0 : parameter.gamma;
        svm.m_offset = model->rho[0];
        svm.m_vectors.width = width;
        for (int s = 0; s < model->l; ++s) {
            for (std::size_t k = 0; k < width; ++k)
                svm.m_vectors.values.push_back(model->SV[s][k].value);
            svm.m_weights.push_back(model->sv_coef[0][s]);
        }
        if (svm.m_weights.empty())
            return fail(Errc::BadData, u"the samples leave no support vector"_s);
        if (svm.m_kernel == SvmKernel::Linear)
            collapse(svm);
        return svm;
    }

    /// A linear machine is one direction, however many support vectors it came from.
    static void collapse(KernelSvm &svm)
    {
        std::vector<double> direction(svm.m_vectors.width, 0.0);
        for (std::size_t s = 0; s < svm.m_weights.size(); ++s) {
            const auto row = svm.m_vectors.row(s);
            for (std::size_t k = 0; k < row.size(); ++k)
                direction[k] += svm.m_weights[s] * row[k];
        }
        svm.m_vectors.values = std::move(direction);
        svm.m_weights = {1.0};
    }

    static Result<KernelSvm> classify(const SampleMatrix &samples, const std::vector<int> &labels,
                                      const std::vector<std::size_t> &which, const ClassifierOptions &options, double gamma)
    {
        Problem problem(samples, which, labels);
        const double positives = double(std::count(problem.labels.begin(), problem.labels.end(), 1.0));
        const double all = double(which.size());
        int signs[2] = {1, -1};
        double weights[2] = {all / (2.0 * positives), all / (2.0 * (all - positives))};
        svm_parameter parameter{};
        parameter.svm_type = C_SVC;
        parameter.kernel_type = options.kernel == SvmKernel::Linear ? LINEAR : RBF;
        parameter.gamma = gamma;
        parameter.C = options.cost;
        if (options.balanced) {
            parameter.nr_weight = 2;
            parameter.weight_label = signs;
            parameter.weight = weights;
        }
        return run(problem, parameter, samples.width);
    }

    static void calibrate(KernelSvm &svm, const std::vector<double> &decisions, const std::vector<int> &labels)
    {
        const auto [slope, shift] = plattSigmoid(decisions, labels);
        svm.m_sigmoid = KernelSvm::Sigmoid{slope, shift};
    }
};

Result<KernelSvm> KernelSvm::oneClass(const SampleMatrix &samples, const OneClassOptions &options)
{
    if (const auto fault = refuse(samples))
        return *fault;
    svm_parameter parameter{};
    parameter.svm_type = ONE_CLASS;
    parameter.kernel_type = RBF;
    parameter.gamma = chosenGamma(options.gamma, samples);
    parameter.nu = options.nu;
    Problem problem(samples, everyRow(samples), {});
    return SvmTraining::run(problem, parameter, samples.width);
}

namespace {

std::optional<Failure> refuse(const SampleMatrix &samples, const std::vector<int> &labels, const ClassifierOptions &options)
{
    if (auto fault = refuse(samples))
        return fault;
    if (labels.size() != samples.rows() || (!options.groups.empty() && options.groups.size() != labels.size()))
        return fail(Errc::BadData, u"each sample needs one label, and one group when there are groups"_s);
    if (!bothKinds(labels, everyRow(samples)))
        return fail(Errc::BadData, u"a classifier needs samples of both kinds"_s);
    if (options.folds < 2)
        return fail(Errc::BadData, u"two folds are the least"_s);
    return std::nullopt;
}

} // namespace

Result<KernelSvm> KernelSvm::classifier(const SampleMatrix &samples, const std::vector<int> &labels,
                                        const ClassifierOptions &options)
{
    if (const auto fault = refuse(samples, labels, options))
        return *fault;
    auto svm = SvmTraining::classify(samples, labels, everyRow(samples), options, chosenGamma(options.gamma, samples));
    if (!svm || !options.probability)
        return svm;
    const auto decisions = heldOutDecisions(samples, labels, options);
    if (!decisions)
        return Failure{decisions.error()};
    SvmTraining::calibrate(*svm, *decisions, labels);
    return svm;
}

Result<std::vector<double>> heldOutDecisions(const SampleMatrix &samples, const std::vector<int> &labels,
                                             const ClassifierOptions &options)
{
    if (const auto fault = refuse(samples, labels, options))
        return *fault;
    const double gamma = chosenGamma(options.gamma, samples);
    const std::vector<int> folds = dealFolds(labels, options);
    std::vector<double> decisions(labels.size(), std::nan(""));
    for (int fold = 0; fold < options.folds; ++fold) {
        std::vector<std::size_t> rest;
        for (std::size_t i = 0; i < folds.size(); ++i) {
            if (folds[i] != fold)
                rest.push_back(i);
        }
        if (rest.size() == folds.size() || !bothKinds(labels, rest))
            continue;
        const auto svm = SvmTraining::classify(samples, labels, rest, options, gamma);
        if (!svm)
            return Failure{svm.error()};
        for (std::size_t i = 0; i < folds.size(); ++i) {
            if (folds[i] == fold)
                decisions[i] = svm->decision(samples.row(i));
        }
    }
    return decisions;
}

} // namespace fw
