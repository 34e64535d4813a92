// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

using namespace Qt::StringLiterals;

namespace fw {

QString errcName(Errc code)
{
    switch (code) {
    case Errc::Cancelled: return u"cancelled"_s;
    case Errc::NotFound: return u"not-found"_s;
    case Errc::Unreadable: return u"unreadable"_s;
    case Errc::Unwritable: return u"unwritable"_s;
    case Errc::Unsupported: return u"unsupported"_s;
    case Errc::BadData: return u"bad-data"_s;
    case Errc::NotApplicable: return u"not-applicable"_s;
    case Errc::Mismatch: return u"mismatch"_s;
    case Errc::Plugin: return u"plugin"_s;
    case Errc::Internal: return u"internal"_s;
    }
    return u"internal"_s;
}

} // namespace fw
