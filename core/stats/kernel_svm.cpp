// SPDX-License-Identifier: GPL-3.0-or-later
#include "stats/kernel_svm.h"

#include <QCborMap>
#include <QCborValue>

#include <cmath>
#include <cstring>

using namespace Qt::StringLiterals;

namespace fw {

namespace {

double product(std::span<const double> a, std::span<const double> b)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

double squaredDistance(std::span<const double> a, std::span<const double> b)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

QByteArray bytesOf(const std::vector<double> &values)
{
    return QByteArray(reinterpret_cast<const char *>(values.data()), qsizetype(values.size() * sizeof(double)));
}

/// false unless the bytes are whole finite numbers.
bool readNumbers(const QCborValue &value, std::vector<double> *to)
{
    const QByteArray bytes = value.toByteArray();
    if (!value.isByteArray() || bytes.size() % qsizetype(sizeof(double)) != 0)
        return false;
    to->resize(std::size_t(bytes.size()) / sizeof(double));
    if (!bytes.isEmpty())
        std::memcpy(to->data(), bytes.constData(), std::size_t(bytes.size()));
    for (const double v : *to) {
        if (!std::isfinite(v))
            return false;
    }
    return true;
}

} // namespace

double KernelSvm::kernelSum(std::span<const double> sample) const
{
    double sum = 0.0;
    for (std::size_t i = 0; i < m_weights.size(); ++i) {
        sum += m_weights[i] * (m_kernel == SvmKernel::Linear ? product(m_vectors.row(i), sample)
                                                             : std::exp(-m_gamma * squaredDistance(m_vectors.row(i), sample)));
    }
    return sum;
}

std::optional<double> KernelSvm::probability(double decision) const
{
    if (!m_sigmoid)
        return std::nullopt;
    const double z = m_sigmoid->slope * decision + m_sigmoid->shift;
    return z >= 0.0 ? std::exp(-z) / (1.0 + std::exp(-z)) : 1.0 / (1.0 + std::exp(z));
}

QByteArray KernelSvm::toBytes() const
{
    QCborMap map{{u"kernel"_s, m_kernel == SvmKernel::Linear ? u"linear"_s : u"rbf"_s},
                 {u"gamma"_s, m_gamma},
                 {u"offset"_s, m_offset},
                 {u"width"_s, qint64(m_vectors.width)},
                 {u"vectors"_s, bytesOf(m_vectors.values)},
                 {u"weights"_s, bytesOf(m_weights)}};
    if (m_sigmoid) {
        map.insert(u"slope"_s, m_sigmoid->slope);
        map.insert(u"shift"_s, m_sigmoid->shift);
    }
    return map.toCborValue().toCbor();
}

Result<KernelSvm> KernelSvm::fromBytes(const QByteArray &bytes)
{
    const Failure damaged = fail(Errc::BadData, u"this is no whole support vector machine"_s);
    QCborParserError fault;
    const QCborMap map = QCborValue::fromCbor(bytes, &fault).toMap();
    if (fault.error != QCborError::NoError)
        return damaged;
    KernelSvm svm;
    const QString kernel = map.value(u"kernel"_s).toString();
    if (kernel != u"linear"_s && kernel != u"rbf"_s)
        return damaged;
    svm.m_kernel = kernel == u"linear"_s ? SvmKernel::Linear : SvmKernel::Rbf;
    svm.m_gamma = map.value(u"gamma"_s).toDouble(-1.0);
    svm.m_offset = map.value(u"offset"_s).toDouble(std::nan(""));
    const qint64 width = map.value(u"width"_s).toInteger();
    if (!readNumbers(map.value(u"vectors"_s), &svm.m_vectors.values) || !readNumbers(map.value(u"weights"_s), &svm.m_weights))
        return damaged;
    const std::size_t count = svm.m_weights.size();
    if (width < 1 || count < 1 || svm.m_vectors.values.size() % count != 0 || svm.m_vectors.values.size() / count != std::size_t(width)
        || !std::isfinite(svm.m_gamma) || svm.m_gamma < 0.0 || !std::isfinite(svm.m_offset))
        return damaged;
    svm.m_vectors.width = std::size_t(width);
    if (map.contains(u"slope"_s) || map.contains(u"shift"_s)) {
        const Sigmoid sigmoid{map.value(u"slope"_s).toDouble(std::nan("")), map.value(u"shift"_s).toDouble(std::nan(""))};
        if (!std::isfinite(sigmoid.slope) || !std::isfinite(sigmoid.shift))
            return damaged;
        svm.m_sigmoid = sigmoid;
    }
    return svm;
}

} // namespace fw
