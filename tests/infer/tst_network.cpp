// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"
#include "infer/network.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <torch/script.h>

using namespace Qt::StringLiterals;
using namespace fw;

namespace {

/// A picture of one colour.
cv::Mat flat(int blue, int green, int red)
{
    return cv::Mat(4, 6, CV_8UC3, cv::Scalar(blue, green, red));
}

} // namespace

class TestNetwork : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(u"."_s)); }
    void numbersArriveAsTheNetworkComputesThem();
    void samplesAreNormalizedPerChannel();
    void floatsAreTakenAsTheyAre();
    void tuplesGiveOneOutputEach();
    void aBatchEqualsItsPictures();
    void aChainOfConvolutionsGivesLibTorchsNumbers();
    void aChangedByteIsRefused();
    void otherFilesAreRefused_data();
    void otherFilesAreRefused();
    void unfitPicturesAreRefused();
    void anErrorInsideTheNetworkIsAnError();
    void cudaIsRefusedWhereThereIsNone();

private:
    QString save(const QString &name, const std::string &body)
    {
        torch::jit::Module module("net");
        module.register_parameter("gain", torch::tensor({2.0f}), false);
        module.define(body);
        const QString path = m_folder.filePath(name);
        module.save(path.toStdString());
        return path;
    }
    static Result<std::unique_ptr<Network>> load(const QString &path)
    {
        return Network::load(path, hexText(hashFile(path)->sha256));
    }
    QTemporaryDir m_folder;
    QString m_means; ///< gives twice the mean of each channel: N x 3
};

void TestNetwork::initTestCase()
{
    m_means = save(u"means.fwm"_s, "def forward(self, x):\n"
                                   "    return x.mean([2, 3]) * self.gain\n");
}

void TestNetwork::numbersArriveAsTheNetworkComputesThem()
{
    const auto network = load(m_means);
    QVERIFY2(network, network ? "" : qPrintable(network.error().text()));
    const std::vector<cv::Mat> pictures{flat(0, 51, 255)};
    const auto outputs = (*network)->forward(pictures);
    QVERIFY2(outputs, outputs ? "" : qPrintable(outputs.error().text()));
    QCOMPARE(outputs->size(), 1u);
    QCOMPARE(outputs->front().shape, (std::vector<std::int64_t>{1, 3}));
    const auto values = outputs->front().of(0);
    QCOMPARE(values.size(), 3u);
    QCOMPARE(values[0], 2.0f); // red comes first
    QVERIFY(std::abs(values[1] - 0.4f) < 1e-6f);
    QCOMPARE(values[2], 0.0f);
    QVERIFY(outputs->front().of(1).empty());
}

void TestNetwork::samplesAreNormalizedPerChannel()
{
    const auto network = load(m_means);
    const std::vector<cv::Mat> pictures{flat(255, 255, 255)};
    const auto outputs = (*network)->forward(pictures, {{0.5f, 0.25f, 0.0f}, {0.5f, 1.0f, 2.0f}});
    QVERIFY(outputs);
    const auto values = outputs->front().of(0);
    QCOMPARE(values[0], 2.0f * (1.0f - 0.5f) / 0.5f);
    QCOMPARE(values[1], 2.0f * (1.0f - 0.25f));
    QCOMPARE(values[2], 2.0f * 0.5f);
}

void TestNetwork::floatsAreTakenAsTheyAre()
{
    const auto network = load(m_means);
    const std::vector<cv::Mat> pictures{cv::Mat(2, 2, CV_32FC3, cv::Scalar(7, 8, -9))};
    const auto outputs = (*network)->forward(pictures, {{1, 1, 1}, {2, 2, 2}});
    QVERIFY(outputs);
    QCOMPARE(outputs->front().values, (std::vector<float>{14, 16, -18}));
}

void TestNetwork::tuplesGiveOneOutputEach()
{
    const QString path = save(u"two.fwm"_s, "def forward(self, x):\n"
                                            "    return (x.amax([1, 2, 3]), x.amin([1, 2, 3]))\n");
    const auto network = load(path);
    const std::vector<cv::Mat> pictures{flat(0, 51, 255)};
    const auto outputs = (*network)->forward(pictures);
    QVERIFY(outputs);
    QCOMPARE(outputs->size(), 2u);
    QCOMPARE(outputs->at(0).values, std::vector<float>{1.0f});
    QCOMPARE(outputs->at(1).values, std::vector<float>{0.0f});
}

void TestNetwork::aBatchEqualsItsPictures()
{
    const auto network = load(m_means);
    const std::vector<cv::Mat> pictures{flat(1, 2, 3), flat(40, 50, 60), flat(255, 0, 9)};
    const auto together = (*network)->forward(pictures);
    QVERIFY(together);
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        const auto alone = (*network)->forward(std::span(pictures).subspan(i, 1));
        const auto values = together->front().of(i);
        QCOMPARE(std::vector<float>(values.begin(), values.end()), alone->front().values);
    }
}

void TestNetwork::aChainOfConvolutionsGivesLibTorchsNumbers()
{
    torch::manual_seed(5);
    torch::jit::Module module("chain");
    module.register_buffer("w0", torch::randn({16, 3, 3, 3}));
    module.register_buffer("b0", torch::randn({16}));
    module.register_buffer("w1", torch::randn({16, 16, 3, 3}));
    module.register_buffer("b1", torch::randn({16}));
    module.register_buffer("w2", torch::randn({9, 16, 4, 6}));
    module.register_buffer("b2", torch::randn({9}));
    module.define(R"(
def forward(self, x):
    x = torch.relu(torch.conv2d(x, self.w0, self.b0, [2, 2], [1, 1], [1, 1], 1))
    x = x + torch.relu(torch.conv2d(x, self.w1, self.b1, [1, 1], [1, 1], [1, 1], 1))
    x = torch.conv2d(x, self.w2, self.b2, [1, 2], [0, 0], [1, 1], 1)
    return torch.flatten(x, 1)
)");
    const QString path = m_folder.filePath(u"chain.fwm"_s);
    module.save(path.toStdString());
    const auto network = load(path);
    QVERIFY2(network, network ? "" : qPrintable(network.error().text()));
    cv::RNG random(9);
    std::vector<cv::Mat> pictures(2);
    std::vector<torch::Tensor> planes;
    for (cv::Mat &picture : pictures) {
        picture.create(22, 31, CV_32FC3);
        random.fill(picture, cv::RNG::NORMAL, 0, 1);
        planes.push_back(torch::from_blob(picture.data, {22, 31, 3}).permute({2, 0, 1}));
    }
    const torch::Tensor expected = module.forward({torch::stack(planes)}).toTensor().contiguous();
    const auto outputs = (*network)->forward(pictures);
    QVERIFY2(outputs, outputs ? "" : qPrintable(outputs.error().text()));
    QCOMPARE(outputs->front().shape, expected.sizes().vec());
    for (std::size_t i = 0; i < outputs->front().values.size(); ++i) {
        const float truth = expected.data_ptr<float>()[i];
        QVERIFY(std::abs(outputs->front().values[i] - truth) < 1e-3f * (1.0f + std::abs(truth)));
    }
}

void TestNetwork::aChangedByteIsRefused()
{
    const QString hash = hexText(hashFile(m_means)->sha256);
    QFile file(m_means);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray bytes = file.readAll();
    bytes[bytes.size() / 2] = char(bytes[bytes.size() / 2] ^ 1);
    const QString path = m_folder.filePath(u"changed.fwm"_s);
    QFile changed(path);
    QVERIFY(changed.open(QIODevice::WriteOnly));
    changed.write(bytes);
    changed.close();
    const auto network = Network::load(path, hash);
    QVERIFY(!network);
    QCOMPARE(network.error().code, Errc::Mismatch);
    QVERIFY(network.error().text().contains(hash));
}

void TestNetwork::otherFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QFile whole(m_means);
    QVERIFY(whole.open(QIODevice::ReadOnly));
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("no network");
    QTest::newRow("half") << whole.readAll().left(whole.size() / 2);
}

void TestNetwork::otherFilesAreRefused()
{
    QFETCH(QByteArray, bytes);
    const QString path = m_folder.filePath(u"other.fwm"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    file.close();
    const auto network = load(path);
    QVERIFY(!network);
    QCOMPARE(network.error().code, Errc::BadData);
    QCOMPARE(Network::load(u"/nowhere/net.fwm"_s, {}).error().code, Errc::NotFound);
}

void TestNetwork::unfitPicturesAreRefused()
{
    const auto network = load(m_means);
    const std::vector<cv::Mat> none, sizes{flat(1, 2, 3), cv::Mat(5, 5, CV_8UC3)},
        type{cv::Mat(5, 5, CV_16UC3)}, hollow{cv::Mat()};
    for (const auto &pictures : {none, sizes, type, hollow}) {
        const auto outputs = (*network)->forward(pictures);
        QVERIFY(!outputs);
        QCOMPARE(outputs.error().code, Errc::BadData);
    }
}

void TestNetwork::anErrorInsideTheNetworkIsAnError()
{
    const QString path = save(u"picky.fwm"_s, "def forward(self, x):\n"
                                              "    return x.reshape([7, 7, 7])\n");
    const auto network = load(path);
    QVERIFY(network);
    const std::vector<cv::Mat> pictures{flat(1, 2, 3)};
    const auto outputs = (*network)->forward(pictures);
    QVERIFY(!outputs);
    QCOMPARE(outputs.error().where, path);
    QVERIFY(!outputs.error().what.contains(u'\n'));
}

void TestNetwork::cudaIsRefusedWhereThereIsNone()
{
    if (Network::cudaAvailable())
        QSKIP("this machine has a CUDA device");
    const auto network =
        Network::load(m_means, hexText(hashFile(m_means)->sha256), InferDevice::Cuda);
    QVERIFY(!network);
    QCOMPARE(network.error().code, Errc::Unsupported);
}

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
