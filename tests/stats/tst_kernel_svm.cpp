// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/kernel_svm.h"
#include "stats/ranking.h"

#include <libsvm/svm.h>

#include <QTest>

#include <cmath>
#include <memory>
#include <random>

using namespace fw;

namespace {

SampleMatrix gaussian(std::size_t rows, std::size_t width, unsigned seed, double shift = 0.0)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    SampleMatrix samples{width, {}};
    for (std::size_t i = 0; i < rows * width; ++i)
        samples.values.push_back(normal(random) + shift);
    return samples;
}

/// A disc (negative) in a ring (positive).
std::pair<SampleMatrix, std::vector<int>> ringAndDisc(std::size_t rows, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0.0, 0.3);
    std::uniform_real_distribution<double> turn(0.0, 6.283185307);
    SampleMatrix samples{2, {}};
    std::vector<int> labels;
    for (std::size_t i = 0; i < rows; ++i) {
        const bool outside = i % 2 == 1;
        const double angle = turn(random), radius = outside ? 3.0 : 1.0;
        samples.values.push_back(radius * std::cos(angle) + normal(random));
        samples.values.push_back(radius * std::sin(angle) + normal(random));
        labels.push_back(outside ? 1 : -1);
    }
    return {samples, labels};
}

ClassifierOptions linear()
{
    ClassifierOptions options;
    options.kernel = SvmKernel::Linear;
    return options;
}

struct Reference
{
    std::vector<svm_node> nodes;
    std::vector<svm_node *> rows;
    std::vector<double> labels;
    svm_model *model = nullptr;

    Reference(const SampleMatrix &samples, std::vector<double> y, svm_parameter parameter)
        : labels(std::move(y))
    {
        nodes.reserve(samples.rows() * (samples.width + 1));
        for (std::size_t i = 0; i < samples.rows(); ++i) {
            for (std::size_t k = 0; k < samples.width; ++k)
                nodes.push_back({int(k) + 1, samples.row(i)[k]});
            nodes.push_back({-1, 0.0});
        }
        for (std::size_t i = 0; i < samples.rows(); ++i)
            rows.push_back(&nodes[i * (samples.width + 1)]);
        svm_problem problem{int(rows.size()), labels.data(), rows.data()};
        parameter.cache_size = 100;
        parameter.eps = 1e-3;
        parameter.shrinking = 1;
        svm_set_print_string_function([](const char *) {});
        model = svm_train(&problem, &parameter);
    }
    ~Reference() { svm_free_and_destroy_model(&model); }
    double decision(std::span<const double> sample) const
    {
        std::vector<svm_node> at;
        for (std::size_t k = 0; k < sample.size(); ++k)
            at.push_back({int(k) + 1, sample[k]});
        at.push_back({-1, 0.0});
        double value = 0.0;
        svm_predict_values(model, at.data(), &value);
        return value;
    }
};

} // namespace

class TestKernelSvm : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneClassAgreesWithLibsvm();
    void oneClassLeavesOutAboutNu();
    void classifierAgreesWithLibsvm_data();
    void classifierAgreesWithLibsvm();
    void kernelSeparatesWhatNoLineDoes();
    void probabilitiesAreCalibrated();
    void groupsAreHeldOutWhole();
    void labelsMayComeInAnyOrder();
    void sameTwice();
    void bytesBringItBack();
    void damagedBytesAreRefused();
    void badSamplesAreRefused();
};

void TestKernelSvm::oneClassAgreesWithLibsvm()
{
    const SampleMatrix samples = gaussian(1000, 190, 1), others = gaussian(500, 190, 2, 0.1);
    const auto svm = KernelSvm::oneClass(samples, {0.05, 0.005});
    QVERIFY(svm);
    svm_parameter parameter{};
    parameter.svm_type = ONE_CLASS;
    parameter.kernel_type = RBF;
    parameter.gamma = 0.005;
    parameter.nu = 0.05;
    const Reference reference(samples, std::vector<double>(samples.rows(), 1.0), parameter);
    for (const SampleMatrix *set : {&samples, &others}) {
        for (std::size_t i = 0; i < set->rows(); ++i)
            QVERIFY(std::abs(svm->decision(set->row(i)) - reference.decision(set->row(i))) < 1e-9);
    }
}

void TestKernelSvm::oneClassLeavesOutAboutNu()
{
    const SampleMatrix samples = gaussian(2000, 10, 3);
    for (const double nu : {0.01, 0.1, 0.3}) {
        const auto svm = KernelSvm::oneClass(samples, {nu, 0.0});
        QVERIFY(svm);
        QVERIFY(std::abs(svm->gamma() - 0.1) < 0.005); // 1 / (width * variance)
        int outside = 0;
        for (std::size_t i = 0; i < samples.rows(); ++i)
            outside += svm->decision(samples.row(i)) < 0.0 ? 1 : 0;
        const double share = outside / double(samples.rows());
        // Those on the boundary fall to either side.
        QVERIFY2(share >= 0.5 * nu && share <= 3.0 * nu, qPrintable(QString::number(share)));
    }
}

void TestKernelSvm::classifierAgreesWithLibsvm_data()
{
    QTest::addColumn<bool>("linear");
    QTest::newRow("linear") << true;
    QTest::newRow("rbf") << false;
}

void TestKernelSvm::classifierAgreesWithLibsvm()
{
    QFETCH(bool, linear);
    const auto [samples, labels] = ringAndDisc(400, 4);
    ClassifierOptions options;
    options.kernel = linear ? SvmKernel::Linear : SvmKernel::Rbf;
    options.gamma = 0.5;
    options.balanced = false;
    const auto svm = KernelSvm::classifier(samples, labels, options);
    QVERIFY(svm);
    QVERIFY(!linear || svm->supportVectors() == 1); // one direction
    svm_parameter parameter{};
    parameter.svm_type = C_SVC;
    parameter.kernel_type = linear ? LINEAR : RBF;
    parameter.gamma = 0.5;
    parameter.C = 1.0;
    const Reference reference(samples, {labels.begin(), labels.end()}, parameter);
    for (std::size_t i = 0; i < samples.rows(); ++i)
        QVERIFY(std::abs(svm->decision(samples.row(i)) - reference.decision(samples.row(i))) < 1e-9);
}

void TestKernelSvm::kernelSeparatesWhatNoLineDoes()
{
    const auto [samples, labels] = ringAndDisc(400, 5);
    const auto [fresh, truth] = ringAndDisc(400, 6);
    for (const SvmKernel kernel : {SvmKernel::Linear, SvmKernel::Rbf}) {
        ClassifierOptions options;
        options.kernel = kernel;
        const auto svm = KernelSvm::classifier(samples, labels, options);
        QVERIFY(svm);
        std::vector<double> inside, outside;
        for (std::size_t i = 0; i < fresh.rows(); ++i)
            (truth[i] > 0 ? outside : inside).push_back(svm->decision(fresh.row(i)));
        const double area = rocArea(inside, outside)->area;
        QVERIFY2(kernel == SvmKernel::Rbf ? area > 0.99 : area < 0.75, qPrintable(QString::number(area)));
    }
}

void TestKernelSvm::probabilitiesAreCalibrated()
{
    // Two normal clouds at -1 and +1: the true chance of the positive one is 1 / (1 + exp(-2x)).
    SampleMatrix samples = gaussian(2000, 1, 7);
    std::vector<int> labels;
    for (std::size_t i = 0; i < samples.rows(); ++i) {
        labels.push_back(i % 2 == 0 ? 1 : 0);
        samples.values[i] += i % 2 == 0 ? 1.0 : -1.0;
    }
    ClassifierOptions options = linear();
    options.probability = true;
    const auto svm = KernelSvm::classifier(samples, labels, options);
    QVERIFY(svm);
    for (const double x : {-2.0, -0.5, 0.0, 0.5, 2.0}) {
        const double p = *svm->probability(svm->decision(std::vector<double>{x}));
        QVERIFY2(std::abs(p - 1.0 / (1.0 + std::exp(-2.0 * x))) < 0.05, qPrintable(QString::number(p)));
    }
    options.probability = false;
    QVERIFY(!KernelSvm::classifier(samples, labels, options)->probability(0.0));
}

void TestKernelSvm::groupsAreHeldOutWhole()
{
    // Labels say nothing about the world, but the samples of a group are alike: torn groups shine.
    std::mt19937 random(8);
    std::normal_distribution<double> normal;
    SampleMatrix samples{5, {}};
    std::vector<int> labels, groups;
    for (int group = 0; group < 40; ++group) {
        std::vector<double> centre(5);
        for (double &c : centre)
            c = 3.0 * normal(random);
        for (int i = 0; i < 10; ++i) {
            for (const double c : centre)
                samples.values.push_back(c + 0.1 * normal(random));
            labels.push_back(group % 2);
            groups.push_back(group);
        }
    }
    const auto areaOf = [&](const std::vector<int> &together) {
        ClassifierOptions options;
        options.groups = together;
        const auto decisions = heldOutDecisions(samples, labels, options);
        std::vector<double> negatives, positives;
        for (std::size_t i = 0; i < labels.size(); ++i)
            (labels[i] > 0 ? positives : negatives).push_back((*decisions)[i]);
        return rocArea(negatives, positives)->area;
    };
    QVERIFY(areaOf({}) > 0.95);
    QVERIFY(areaOf(groups) < 0.8);
}

void TestKernelSvm::labelsMayComeInAnyOrder()
{
    const SampleMatrix samples{1, {-2, -1, 1, 2}};
    for (const std::vector<int> &labels : {std::vector<int>{0, 0, 1, 1}, std::vector<int>{1, 1, -1, -1}}) {
        const auto svm = KernelSvm::classifier(samples, labels, linear());
        QVERIFY(svm);
        QCOMPARE(svm->decision(std::vector<double>{2.0}) > 0.0, labels[3] > 0);
    }
}

void TestKernelSvm::sameTwice()
{
    const auto [samples, labels] = ringAndDisc(200, 9);
    ClassifierOptions options;
    options.probability = true;
    QCOMPARE(KernelSvm::classifier(samples, labels, options)->toBytes(), KernelSvm::classifier(samples, labels, options)->toBytes());
}

void TestKernelSvm::bytesBringItBack()
{
    const auto [samples, labels] = ringAndDisc(200, 10);
    ClassifierOptions options;
    options.probability = true;
    for (const auto &svm : {KernelSvm::classifier(samples, labels, options), KernelSvm::oneClass(samples, {0.1, 0.0})}) {
        QVERIFY(svm);
        const auto back = KernelSvm::fromBytes(svm->toBytes());
        QVERIFY(back);
        for (std::size_t i = 0; i < samples.rows(); ++i)
            QCOMPARE(back->decision(samples.row(i)), svm->decision(samples.row(i)));
        QCOMPARE(back->probability(0.3), svm->probability(0.3));
    }
}

void TestKernelSvm::damagedBytesAreRefused()
{
    const QByteArray whole = KernelSvm::oneClass(gaussian(50, 3, 11), {0.1, 0.0})->toBytes();
    QVERIFY(!KernelSvm::fromBytes({}));
    QVERIFY(!KernelSvm::fromBytes("not one"));
    for (qsizetype length = 0; length < whole.size(); length += 7)
        QVERIFY(!KernelSvm::fromBytes(whole.left(length)));
    for (qsizetype i = 0; i < whole.size(); ++i) { // must answer, whatever it says
        QByteArray changed = whole;
        changed[i] = char(changed[i] ^ 0x55);
        if (const auto svm = KernelSvm::fromBytes(changed))
            QVERIFY(svm->width() > 0 && svm->supportVectors() > 0);
    }
}

void TestKernelSvm::badSamplesAreRefused()
{
    SampleMatrix samples = gaussian(20, 3, 12);
    QVERIFY(!KernelSvm::oneClass({}, {}));
    QVERIFY(!KernelSvm::oneClass(samples, {1.5, 0.0}));
    QVERIFY(!KernelSvm::classifier(samples, std::vector<int>(20, 1), {}));
    QVERIFY(!KernelSvm::classifier(samples, std::vector<int>(19, 1), {}));
    samples.values[5] = std::nan("");
    QVERIFY(!KernelSvm::oneClass(samples, {}));
    QCOMPARE(KernelSvm::oneClass(samples, {}).error().code, Errc::BadData);
}

QTEST_GUILESS_MAIN(TestKernelSvm)
#include "tst_kernel_svm.moc"
