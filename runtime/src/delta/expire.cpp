// Elements of windows by time whose time is over.
#include "content.hpp"

#include "../value/value_functions.hpp"

#include <hgvalue/delta/algebra.hpp>

#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace hgvalue {
namespace detail {
namespace {

bool has_time_windows(const TypeMeta& v);

bool find_time_windows(const TypeMeta& v) {
    switch (v.kind) {
    case TypeKind::Window: return v.by_time;
    case TypeKind::Optional:
    case TypeKind::List:
    case TypeKind::Map: return has_time_windows(*v.element);
    case TypeKind::Bundle:
    case TypeKind::Tuple:
        for (std::uint32_t i = 0; i < v.field_count; ++i)
            if (has_time_windows(*v.fields[i].type)) return true;
        return false;
    default: return false; // windows are parts of time series, which have no others
    }
}

/// Remembered by type: a type may hold another many times over.
bool has_time_windows(const TypeMeta& v) {
    if (v.kind == TypeKind::Scalar || v.kind == TypeKind::Set) return false;
    struct Known {
        std::shared_mutex lock;
        std::unordered_map<const TypeMeta*, bool> answers;
    };
    static Known& known = *new Known; // as types, it outlives whoever may still ask while the process ends
    const TypeMeta& type = TypeRegistry::instance().intern(v);
    {
        const std::shared_lock guard(known.lock);
        if (const auto at = known.answers.find(&type); at != known.answers.end()) return at->second;
    }
    const bool answer = find_time_windows(type);
    const std::unique_lock guard(known.lock);
    return known.answers.emplace(&type, answer).first->second;
}

/// Calls `f(window type, window)` for each window by time until it returns true, and returns whether it did.
template <class F> bool any_window(const TypeMeta& v, const void* value, const F& f) {
    switch (v.kind) {
    case TypeKind::Window: return v.by_time && f(v, as_window(value));
    case TypeKind::Optional: {
        const void* payload = optional_payload(v, value);
        return payload && any_window(*v.element, payload, f);
    }
    case TypeKind::List: {
        const column elements(v, value);
        for (std::size_t i = 0; i < elements.size; ++i)
            if (any_window(*v.element, elements[i], f)) return true;
        return false;
    }
    case TypeKind::Map:
        for (std::uint32_t row = 0; row < as_rows(value).size(); ++row)
            if (any_window(*v.element, as_rows(value).value(v, row), f)) return true;
        return false;
    case TypeKind::Bundle:
    case TypeKind::Tuple:
        for (std::uint32_t i = 0; i < v.field_count; ++i)
            if (any_window(*v.fields[i].type, field_at(v, value, i), f)) return true;
        return false;
    default: return false;
    }
}

/// An element is there while its time is not before `now` less the duration.
bool is_over(const TypeMeta& v, const window_storage& w, engine_time_t now) {
    return !w.empty() && w.time(0) < now - v.fixed_size;
}

} // namespace

bool expires(const TypeMeta& v, const void* value, engine_time_t now) {
    if (now == MIN_DT || !has_time_windows(v)) return false;
    return any_window(v, value, [&](const TypeMeta& t, const window_storage& w) { return is_over(t, w, now); });
}

} // namespace detail

void expire(Value& value, engine_time_t now) {
    if (!value.valid() || !value.has_value()) return;
    if (now == MIN_DT || !detail::has_time_windows(*value.schema())) return;
    detail::any_window(*value.schema(), value.data(), [&](const TypeMeta& t, const window_storage& w) {
        auto& window = const_cast<window_storage&>(w);
        while (detail::is_over(t, window, now)) detail::ring_pop(t, window);
        return false;
    });
}

} // namespace hgvalue
