// Random operations on any tree of nodes, without knowing its C++ type.
#pragma once

#include "ts_compare.hpp"

#include <cstddef>
#include <random>
#include <string>

namespace ts_test {

class Mutator {
  public:
    explicit Mutator(unsigned seed) : random_(seed) {}

    /// Below `n`, each as likely.
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

    /// One operation somewhere in the tree under `n`.
    void run(const node_ref& n) {
        // Rarely an operation on all of a large part, or trees would never grow.
        if (below(400) == 0) return runtime().invalidate(n);
        if (below(400) == 0) return runtime().clear(n);
        if (below(200) == 0 && (n.type->kind != NodeKind::TS || n.valid())) return runtime().mark_modified(n);
        switch (n.type->kind) {
        case NodeKind::TS: return leaf(n);
        case NodeKind::TSB: return run(field_ref(n, below(n.type->field_count)));
        case NodeKind::TSL: return list(n);
        case NodeKind::TSS: return keyed(n, 12);
        case NodeKind::TSD: return keyed(n, 7);
        case NodeKind::TSW: return window(n);
        default: return;
        }
    }

    /// Sets a TS to a random value.
    void set(const node_ref& n) {
        with_scalar(*n.type->scalar, [&](void* v) {
            n.type->value->ops->move_assign(*n.type->value, n.value, v);
            stamp_leaf(n, n.context->writing_time());
        });
    }

  private:
    template <class F> void with_scalar(const TypeMeta& m, F&& f) {
        switch (m.scalar) {
        case ScalarKind::Bool: {
            bool v = below(2) != 0;
            return f(&v);
        }
        case ScalarKind::Float64: {
            double v = below(1000) / 4.0;
            return f(&v);
        }
        case ScalarKind::Str: {
            std::string v =
                (below(2) ? "k" : "a text that is too long to be stored in place ") + std::to_string(below(8));
            return f(&v);
        }
        default: {
            std::int64_t v = below(16);
            return f(&v);
        }
        }
    }
    void leaf(const node_ref& n) {
        if (below(8) == 0)
            runtime().invalidate(n);
        else
            set(n);
    }
    void list(const node_ref& n) {
        const std::uint32_t length = list_length(n);
        if (n.type->is_dynamic_list()) {
            const std::uint32_t what = below(12);
            if (what == 0) return runtime().touch_empty(n);
            if (what == 1 || length == 0) return runtime().list_resize(n, below(6));
            if (what == 2) return runtime().list_resize(n, length - 1);
            if (what == 3) { // drops elements and has them back, fresh
                runtime().list_resize(n, below(length));
                return runtime().list_resize(n, length);
            }
        }
        run(element_ref(n, below(length)));
    }
    void keyed(const node_ref& n, std::uint32_t most) {
        const std::uint32_t size = n.rows().size(), what = below(16);
        if (what == 0) return runtime().touch_empty(n);
        if (what <= 2 && size != 0) return runtime().erase_row(n, below(size));
        if (what <= 3 && size != 0) return replace(n, below(size));
        if (n.type->child && size != 0 && (what <= 13 || size >= most)) return run(row_ref(n, below(size)));
        if (size >= most) return runtime().erase_row(n, below(size));
        with_scalar(*n.type->scalar, [&](const void* key) { insert(n, key); });
    }
    void insert(const node_ref& n, const void* key) {
        const TypeMeta& k = *n.type->scalar;
        const std::size_t hash = k.ops->hash(k, key);
        if (find_row(*n.type->value, n.rows(), key, hash) == no_row) runtime().insert_row(n, key, hash);
    }
    /// Removes a key and creates it again.
    void replace(const node_ref& n, std::uint32_t row) {
        const TypeMeta& k = *n.type->scalar;
        alignas(std::max_align_t) std::byte key[sizeof(std::string)];
        k.ops->copy_construct(k, key, n.rows().key(*n.type->value, row));
        runtime().erase_row(n, row);
        insert(n, key);
        k.ops->destroy(k, key);
    }
    void window(const node_ref& n) {
        const std::uint32_t what = below(16);
        if (what == 0) return runtime().clear(n);
        if (what == 1) return runtime().invalidate(n);
        with_scalar(*n.type->scalar, [&](const void* v) { runtime().window_push(n, v); });
    }

    std::mt19937 random_;
};

} // namespace ts_test
