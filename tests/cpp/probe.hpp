// A value that watches over itself: how often it was made, copied and moved, and whether it was treated as an object.
#pragma once

#include "catch.hpp"

#include <hgvalue/core/type_of.hpp>

#include <cstdint>
#include <stdexcept>
#include <utility>

/// Thrown by a probe that was told to.
struct probe_failure : std::runtime_error {
    probe_failure() : std::runtime_error("probe") {}
};

class probe {
  public:
    inline static long live = 0;
    inline static long copies = 0;
    inline static long moves = 0;
    inline static long corrupted = 0;  ///< destroyed or read where they were not constructed: moved as bytes, or dead
    inline static long fail_after = 0; ///< the so-manieth construction or copy from now throws; 0: none

    probe() { made(); }
    explicit probe(std::int64_t v) : value_(v) { made(); }
    probe(const probe& o) : value_(o.value()) {
        made();
        ++copies;
    }
    probe(probe&& o) noexcept : value_(std::exchange(o.value_, -1)) {
        ++live;
        ++moves;
    }
    probe& operator=(const probe& o) {
        value_ = o.value();
        ++copies;
        return *this;
    }
    probe& operator=(probe&& o) noexcept {
        value_ = std::exchange(o.value_, -1);
        ++moves;
        return *this;
    }
    ~probe() {
        check();
        self_ = nullptr;
        --live;
    }

    std::int64_t value() const {
        check();
        return value_;
    }

  private:
    void made() {
        if (fail_after != 0 && --fail_after == 0) throw probe_failure();
        ++live;
    }
    void check() const {
        if (self_ != this) ++corrupted;
    }

    const probe* self_ = this;
    std::int64_t value_ = 0;
};

/// Checks at its end that every probe made since its start is gone.
class probe_scope {
  public:
    probe_scope() { probe::live = probe::copies = probe::moves = probe::corrupted = probe::fail_after = 0; }
    probe_scope(const probe_scope&) = delete;
    ~probe_scope() {
        probe::fail_after = 0;
        CHECK(probe::live == 0);
        CHECK(probe::corrupted == 0);
    }
};

template <> inline constexpr hgvalue::TypeFlags hgvalue::flags_of<probe> = hgvalue::ordered_flags;
template <> struct hgvalue::meta_for<probe> {
    static constexpr TypeOps ops = [] {
        TypeOps o = detail::lifetime_ops<probe>();
        o.equals = [](const TypeMeta&, const void* a, const void* b) {
            return detail::as<probe>(a).value() == detail::as<probe>(b).value();
        };
        o.less = [](const TypeMeta&, const void* a, const void* b) {
            return detail::as<probe>(a).value() < detail::as<probe>(b).value();
        };
        // Few distinct hashes, so that equal ones are met, and none mixed.
        o.hash = [](const TypeMeta&, const void* v) {
            return static_cast<std::size_t>(detail::as<probe>(v).value() % 64);
        };
        return o;
    }();
    static constexpr TypeMeta value = [] {
        TypeMeta m = detail::anonymous<probe>(TypeKind::Scalar, ops);
        m.name = "probe";
        return m;
    }();
};
