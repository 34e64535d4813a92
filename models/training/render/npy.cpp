// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/npy.h"

#include <cctype>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

using namespace Qt::StringLiterals;

namespace fw::render {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 31;

std::size_t elementSize(const std::string &type)
{
    if (type == "<f2")
        return 2;
    if (type == "<f4" || type == "<i4")
        return 4;
    return type == "|u1" ? 1 : 0;
}

/// The text after `'key':` in the header, a Python dictionary; empty where the key is missing.
std::string valueOf(const std::string &header, const std::string &key)
{
    const auto at = header.find("'" + key + "'");
    if (at == std::string::npos)
        return {};
    const auto colon = header.find(':', at);
    if (colon == std::string::npos)
        return {};
    const auto begin = header.find_first_not_of(' ', colon + 1);
    return begin == std::string::npos ? std::string{} : header.substr(begin);
}

bool parseShape(const std::string &text, std::vector<std::size_t> &shape)
{
    if (text.empty() || text.front() != '(')
        return false;
    std::size_t number = 0;
    bool inNumber = false;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const char c = text[i];
        if (std::isdigit(static_cast<unsigned char>(c))) {
            number = number * 10 + static_cast<std::size_t>(c - '0');
            if (number > kMaxBytes)
                return false;
            inNumber = true;
        } else if (c == ',' || c == ')') {
            if (inNumber)
                shape.push_back(number);
            number = 0;
            inNumber = false;
            if (c == ')')
                return true;
        } else if (c != ' ') {
            return false;
        }
    }
    return false;
}

} // namespace

float floatFromHalf(std::uint16_t bits)
{
    const int sign = bits >> 15;
    const int exponent = (bits >> 10) & 31;
    const int fraction = bits & 1023;
    float value = 0;
    if (exponent == 31)
        value = fraction ? std::numeric_limits<float>::quiet_NaN()
                         : std::numeric_limits<float>::infinity();
    else if (exponent == 0)
        value = std::ldexp(static_cast<float>(fraction), -24);
    else
        value = std::ldexp(static_cast<float>(fraction + 1024), exponent - 25);
    return sign ? -value : value;
}

std::size_t NpyArray::count() const
{
    std::size_t product = 1;
    for (const std::size_t extent : shape)
        product *= extent;
    return product;
}

Result<std::vector<float>> NpyArray::floats() const
{
    std::vector<float> values(count());
    if (type == "<f4") {
        std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    } else if (type == "<f2") {
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] =
                floatFromHalf(static_cast<std::uint16_t>(bytes[2 * i] | (bytes[2 * i + 1] << 8)));
    } else {
        return fail(Errc::Mismatch,
                    u"holds %1 where floats are wanted"_s.arg(QString::fromStdString(type)));
    }
    return values;
}

Result<std::vector<int>> NpyArray::integers() const
{
    if (type == "|u1")
        return std::vector<int>(bytes.begin(), bytes.end());
    if (type != "<i4")
        return fail(Errc::Mismatch,
                    u"holds %1 where integers are wanted"_s.arg(QString::fromStdString(type)));
    std::vector<int> values(count());
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(int));
    return values;
}

Result<NpyArray> readNpy(const std::filesystem::path &path)
{
    const QString where = QString::fromStdString(path.string());
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return fail(Errc::Unreadable, u"cannot be opened"_s, where);
    char start[8] = {};
    if (!file.read(start, 8) || std::memcmp(start, "\x93NUMPY", 6) != 0)
        return fail(Errc::BadData, u"not a NumPy array"_s, where);
    const int version = start[6];
    if (version != 1 && version != 2)
        return fail(Errc::Unsupported, u"format version is not 1 or 2"_s, where);
    std::uint8_t length[4] = {};
    if (!file.read(reinterpret_cast<char *>(length), version == 1 ? 2 : 4))
        return fail(Errc::BadData, u"cut short in its header"_s, where);
    const std::size_t headerSize = length[0] | (std::size_t{length[1]} << 8) |
                                   (std::size_t{length[2]} << 16) | (std::size_t{length[3]} << 24);
    if (headerSize > 65536)
        return fail(Errc::BadData, u"header is too long"_s, where);
    std::string header(headerSize, '\0');
    if (!file.read(header.data(), static_cast<std::streamsize>(headerSize)))
        return fail(Errc::BadData, u"cut short in its header"_s, where);

    NpyArray array;
    const std::string type = valueOf(header, "descr");
    if (type.size() < 5 || type.front() != '\'')
        return fail(Errc::BadData, u"has no element type"_s, where);
    array.type = type.substr(1, 3);
    const std::size_t size = type[4] == '\'' ? elementSize(array.type) : 0;
    if (size == 0)
        return fail(Errc::Unsupported, u"element type is not f2, f4, i4 or u1"_s, where);
    if (valueOf(header, "fortran_order").rfind("False", 0) != 0)
        return fail(Errc::Unsupported, u"is not in C order"_s, where);
    if (!parseShape(valueOf(header, "shape"), array.shape))
        return fail(Errc::BadData, u"shape cannot be read"_s, where);
    std::size_t total = size;
    for (const std::size_t extent : array.shape) {
        if (extent != 0 && total > kMaxBytes / extent)
            return fail(Errc::Unsupported, u"is larger than 2 GiB"_s, where);
        total *= extent;
    }
    array.bytes.resize(total);
    if (!file.read(reinterpret_cast<char *>(array.bytes.data()),
                   static_cast<std::streamsize>(total)))
        return fail(Errc::BadData, u"cut short in its data"_s, where);
    if (file.peek() != std::ifstream::traits_type::eof())
        return fail(Errc::BadData, u"has data after its end"_s, where);
    return array;
}

} // namespace fw::render
