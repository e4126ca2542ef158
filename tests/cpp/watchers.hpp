// Copies of a container's keys that are kept by what hooks and observers are told, and nothing else.
#pragma once

#include "value_samples.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

/// Operations in a long random test: a million, but where sanitizers make each many times as slow.
inline constexpr int long_run = sanitized ? 200'000 : 1'000'000;

/// The keys by row, by hooks.
template <class C> class row_mirror {
  public:
    using key = typename C::key_type;

    explicit row_mirror(const C& c) : container_(&c) {}
    row_mirror(const row_mirror&) = delete;

    hgvalue::ContainerHooks hooks() {
        return {this, [](void* self, std::size_t row) { as(self).inserted(row); },
                [](void* self, std::size_t a, std::size_t b) { as(self).swapping(a, b); },
                [](void* self, std::size_t row) { as(self).erased(row); }};
    }
    bool in_step() const {
        if (wrong_ != 0 || keys_.size() != container_->size()) return false;
        for (std::size_t row = 0; row < keys_.size(); ++row)
            if (!hgvalue::equal(keys_[row], container_->keys()[row])) return false;
        return true;
    }

    std::vector<key> keys_;
    int calls_ = 0;
    int swaps_ = 0;

  private:
    static row_mirror& as(void* self) { return *static_cast<row_mirror*>(self); }
    void inserted(std::size_t row) {
        ++calls_;
        if (row != keys_.size() || row >= container_->size()) ++wrong_;
        keys_.push_back(container_->keys()[row]);
    }
    void swapping(std::size_t a, std::size_t b) {
        ++calls_, ++swaps_;
        if (a == b || a >= keys_.size() || b >= keys_.size()) ++wrong_;
        // Nothing has moved yet.
        if (keys_.size() != container_->size()) ++wrong_;
        std::swap(keys_[a], keys_[b]);
    }
    void erased(std::size_t row) {
        ++calls_;
        if (row + 1 != keys_.size() || container_->size() > row) ++wrong_;
        keys_.pop_back();
    }

    const C* container_;
    int wrong_ = 0;
};

/// The keys by slot, by an observer.
template <class C> class slot_mirror : public hgvalue::SlotObserver {
  public:
    using key = typename C::key_type;

    explicit slot_mirror(const C& c) : container_(&c) {}

    void on_capacity_change(std::size_t was, std::size_t now) override {
        ++calls_;
        if (was != keys_.size() || was == now) ++wrong_;
        if (now > was && refuse_) throw std::runtime_error("no room");
        for (std::size_t slot = now; slot < keys_.size(); ++slot)
            if (keys_[slot]) ++wrong_;
        keys_.resize(now);
    }
    void on_insert(std::size_t slot) override {
        ++calls_;
        if (slot >= keys_.size() || keys_[slot]) return void(++wrong_);
        const std::uint32_t row = container_->row_in(slot);
        if (row == hgvalue::no_row || container_->slot_of(row) != slot) return void(++wrong_);
        keys_[slot] = container_->keys()[row];
        ++size_;
    }
    void on_erase(std::size_t slot) override {
        ++calls_;
        // The element is still there.
        if (slot >= keys_.size() || !keys_[slot] || !container_->contains(*keys_[slot])) return void(++wrong_);
        keys_[slot].reset();
        --size_;
    }
    void on_clear() override {
        ++calls_;
        if (size_ != container_->size()) ++wrong_;
        for (auto& k : keys_) k.reset();
        size_ = 0;
    }
    void on_detach() override { ++detached_; }
    /// The container was moved to another place.
    void follow(const C& c) { container_ = &c; }

    bool in_step() const {
        if (wrong_ != 0 || size_ != container_->size()) return false;
        for (std::uint32_t row = 0; row < container_->size(); ++row) {
            const std::uint32_t slot = container_->slot_of(row);
            if (slot >= keys_.size() || !keys_[slot] || !hgvalue::equal(*keys_[slot], container_->keys()[row]))
                return false;
        }
        return true;
    }

    std::vector<std::optional<key>> keys_;
    std::size_t size_ = 0;
    int calls_ = 0;
    int detached_ = 0;
    bool refuse_ = false; ///< to grow

  private:
    const C* container_;
    int wrong_ = 0;
};

/// Both mirrors of a container, attached for as long as this lives.
template <class C> class watched {
  public:
    explicit watched(C& c) : by_row(c), by_slot(c), container_(c) {
        c.attach(by_row.hooks());
        c.attach(by_slot);
    }
    watched(const watched&) = delete;
    ~watched() {
        container_.detach(by_slot);
        container_.detach(by_row.hooks());
    }
    bool in_step() const { return by_row.in_step() && by_slot.in_step(); }

    row_mirror<C> by_row;
    slot_mirror<C> by_slot;

  private:
    C& container_;
};
