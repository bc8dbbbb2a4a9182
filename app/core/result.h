#pragma once

#include "core/error.h"

#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

namespace Core {

/// A value or an Error: the small part of C++23's std::expected that this program needs, over std::variant.
template<typename T>
class [[nodiscard]] Result
{
    using Stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

public:
    using value_type = T;

    Result()
        requires std::is_void_v<T>
    = default;
    Result(Stored value)
        requires(!std::is_void_v<T>)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const { return m_state.index() == 0; }
    explicit operator bool() const { return has_value(); }

    const Stored &value() const & { return std::get<0>(m_state); }
    Stored &value() & { return std::get<0>(m_state); }
    Stored &&value() && { return std::get<0>(std::move(m_state)); }
    const Stored &operator*() const & { return value(); }
    Stored &operator*() & { return value(); }
    Stored &&operator*() && { return std::move(*this).value(); }
    const Stored *operator->() const { return &value(); }
    Stored *operator->() { return &value(); }

    const Error &error() const { return std::get<1>(m_state); }

    Stored value_or(Stored other) const { return has_value() ? value() : std::move(other); }

private:
    std::variant<Stored, Error> m_state;
};

/// What an asynchronous member function calls once, through the event loop; never after its context died.
template<typename T>
using Done = std::function<void(Result<T>)>;

} // namespace Core
