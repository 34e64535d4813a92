// SPDX-License-Identifier: GPL-3.0-or-later
#include "detect/option_check.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace fw {

std::optional<QString> optionFault(const OptionSpec &option, const QJsonValue &value)
{
    switch (option.type) {
    case OptionSpec::Type::Boolean:
        return value.isBool() ? std::nullopt : std::optional(u"must be true or false"_s);
    case OptionSpec::Type::Choice:
        if (value.isString() && option.choices.contains(value.toString()))
            return std::nullopt;
        return u"must be one of: %1"_s.arg(option.choices.join(u", "_s));
    case OptionSpec::Type::File:
        return value.isString() ? std::nullopt : std::optional(u"must be the path of a file, or empty"_s);
    case OptionSpec::Type::Number:
    case OptionSpec::Type::Integer:
        break;
    }
    if (!value.isDouble() || !std::isfinite(value.toDouble()))
        return u"must be a number"_s;
    const double number = value.toDouble();
    if (option.type == OptionSpec::Type::Integer &&
        (number != std::floor(number) || std::abs(number) > 1e9)) {
        return u"must be a whole number"_s;
    }
    if (option.min && number < *option.min)
        return u"must be at least %1"_s.arg(*option.min);
    if (option.max && number > *option.max)
        return u"must be at most %1"_s.arg(*option.max);
    return std::nullopt;
}

QJsonObject Manifest::defaultOptions() const
{
    QJsonObject defaults;
    for (const OptionSpec &option : options)
        defaults.insert(option.name, option.fallback);
    return defaults;
}

Result<QJsonObject> checkedOptions(const Manifest &manifest, const QJsonObject &given)
{
    QJsonObject complete = manifest.defaultOptions();
    for (auto it = given.begin(); it != given.end(); ++it) {
        if (!complete.contains(it.key()))
            return fail(Errc::BadData, u"there is no option '%1'"_s.arg(it.key()), manifest.id);
    }
    for (const OptionSpec &option : manifest.options) {
        if (!given.contains(option.name))
            continue;
        const QJsonValue value = given.value(option.name);
        if (const auto fault = optionFault(option, value)) {
            return fail(Errc::BadData, u"option '%1' %2"_s.arg(option.name, *fault), manifest.id);
        }
        complete.insert(option.name, value);
    }
    return complete;
}

} // namespace fw
