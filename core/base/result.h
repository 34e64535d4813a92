// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <utility>
#include <variant>

namespace fw {

/// Why something failed. Closed, so that the interface can translate it and tests can compare it.
enum class Errc {
    Cancelled,     ///< the user or the program asked to stop
    NotFound,      ///< no such file, frame, plugin or record
    Unreadable,    ///< exists, but the system will not give the bytes
    Unwritable,    ///< the system will not take the bytes (full disk, read-only folder)
    Unsupported,   ///< well formed, but of a kind that we do not handle
    BadData,       ///< damaged, truncated or contradicting itself
    NotApplicable, ///< the method cannot be used on this evidence; not a fault
    Mismatch,      ///< a hash, a version or an identity differs from what was recorded
    Plugin,        ///< a plugin broke its contract or threw
    Internal,      ///< our own mistake
};

/// One failure: what, where and of which kind, in words a user can act on.
struct Error
{
    Errc code = Errc::Internal;
    QString what;  ///< one plain sentence or clause, no full stop
    QString where; ///< the file, plugin or frame it is about; may be empty

    /// "where: what", or only "what" when there is no place.
    QString text() const { return where.isEmpty() ? what : where + QStringLiteral(": ") + what; }
    friend bool operator==(const Error &, const Error &) = default;
};

/// A stable lower-case word for logs, JSON and tests ("cancelled", "bad-data", ...).
QString errcName(Errc code);

/// Carries an error into any Result.
struct Failure
{
    Error error;
};

inline Failure fail(Errc code, QString what, QString where = {})
{
    return Failure{Error{code, std::move(what), std::move(where)}};
}

/// A value or the reason why there is none. Names follow std::expected, which will replace it.
template <class T> class [[nodiscard]] Result
{
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failure) : m_state(std::in_place_index<1>, std::move(failure.error)) {}

    bool has_value() const { return m_state.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T &value() & { return std::get<0>(m_state); }
    const T &value() const & { return std::get<0>(m_state); }
    T &&value() && { return std::get<0>(std::move(m_state)); }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T &&operator*() && { return std::move(*this).value(); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }
    const Error &error() const { return std::get<1>(m_state); }
    T value_or(T other) const { return has_value() ? value() : std::move(other); }

private:
    std::variant<T, Error> m_state;
};

template <> class [[nodiscard]] Result<void>
{
public:
    Result() = default;
    Result(Failure failure) : m_error(std::move(failure.error)), m_ok(false) {}

    bool has_value() const { return m_ok; }
    explicit operator bool() const { return m_ok; }
    const Error &error() const { return m_error; }

private:
    Error m_error;
    bool m_ok = true;
};

} // namespace fw
