// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <exception>
#include <type_traits>

namespace fw {

/// Calls into a plugin. An exception must not cross the border between plugin and host, because it
/// would end the program or the thread; here it becomes Errc::Plugin.
/// @param call  returns some Result.
template <class Call> std::invoke_result_t<Call> guarded(const QString &plugin, Call &&call)
{
    try {
        return call();
    } catch (const std::exception &e) {
        return fail(Errc::Plugin,
                    QStringLiteral("threw an exception: ") + QString::fromUtf8(e.what()).trimmed(),
                    plugin);
    } catch (...) {
        return fail(Errc::Plugin, QStringLiteral("threw an exception of an unknown type"), plugin);
    }
}

} // namespace fw
