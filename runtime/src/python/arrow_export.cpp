// What is given out owns itself: each struct has a holder that its `release` deletes, and each child can be taken out
// of its parent, as the interface allows.
#include "arrow_export.hpp"

#include "errors.hpp"

#include <cerrno>

namespace hgvalue::python {

namespace {

using Table = std::shared_ptr<const ArrowTable>;

/// What a schema or an array points to.
template <class T> struct Holder {
    Table table;
    std::vector<T> children;
    std::vector<T*> pointers;
    const void* buffers[3] = {};

    void point() {
        for (T& child : children) pointers.push_back(&child);
    }
};

template <class T> void release(T* s) noexcept {
    auto* holder = static_cast<Holder<T>*>(s->private_data);
    for (T& child : holder->children)
        if (child.release) child.release(&child);
    s->release = nullptr;
    delete holder;
}

/// Gives `s`, of which the rest is filled in, its holder.
template <class T> void hold(T& s, std::unique_ptr<Holder<T>> holder) noexcept {
    s.n_children = static_cast<std::int64_t>(holder->children.size());
    s.children = holder->children.empty() ? nullptr : holder->pointers.data();
    s.release = release<T>;
    s.private_data = holder.release();
}

/// Makes the children of a holder, each by `fill(child, its holder, column)`.
template <class T, class Fill> std::unique_ptr<Holder<T>> make_holder(const Table& table, const Fill& fill) {
    auto holder = std::make_unique<Holder<T>>();
    holder->table = table;
    holder->children.resize(table->size()); // without `release`, if making one of them fails
    holder->point();
    struct Undo {
        Holder<T>* of;
        ~Undo() {
            if (!of) return;
            for (T& child : of->children)
                if (child.release) child.release(&child);
        }
    } undo{holder.get()};
    for (std::size_t i = 0; i < table->size(); ++i) {
        auto own = std::make_unique<Holder<T>>();
        own->table = table;
        fill(holder->children[i], *own, (*table)[i]);
        hold(holder->children[i], std::move(own));
    }
    undo.of = nullptr;
    return holder;
}

void fill_schema(arrow::Schema& to, const Table& table) {
    auto holder = make_holder<arrow::Schema>(table, [](arrow::Schema& s, auto&, const ArrowColumn& column) {
        s.format = column.format();
        s.name = column.name().c_str();
        s.flags = arrow::nullable;
    });
    to = {};
    to.format = "+s";
    to.name = "";
    hold(to, std::move(holder));
}

void fill_array(arrow::Array& to, const Table& table) {
    auto holder = make_holder<arrow::Array>(table, [](arrow::Array& a, auto& own, const ArrowColumn& column) {
        a.length = static_cast<std::int64_t>(column.size());
        a.null_count = column.null_count();
        a.n_buffers = static_cast<std::int64_t>(column.buffers(own.buffers));
        a.buffers = own.buffers;
    });
    to = {};
    to.length = table->empty() ? 0 : static_cast<std::int64_t>(table->front().size());
    to.n_buffers = 1; // validity, of which there is none
    to.buffers = holder->buffers;
    hold(to, std::move(holder));
}

/// A stream of one array.
struct StreamHolder {
    Table table;
    bool done = false;
};

/// Runs `f` where a C library calls: 0, or an errno.
template <class F> int status_of(F&& f) noexcept {
    try {
        f();
        return 0;
    } catch (...) {
        return ENOMEM; // nothing else can go wrong
    }
}

StreamHolder& holder_of(arrow::Stream* s) noexcept { return *static_cast<StreamHolder*>(s->private_data); }

int get_schema(arrow::Stream* s, arrow::Schema* to) noexcept {
    return status_of([&] { fill_schema(*to, holder_of(s).table); });
}
int get_next(arrow::Stream* s, arrow::Array* to) noexcept {
    return status_of([&] {
        *to = {};
        if (holder_of(s).done) return;
        fill_array(*to, holder_of(s).table);
        holder_of(s).done = true;
    });
}
const char* get_last_error(arrow::Stream*) noexcept { return nullptr; }
void release_stream(arrow::Stream* s) noexcept {
    delete static_cast<StreamHolder*>(s->private_data);
    s->release = nullptr;
}

template <class T> void destroy_capsule(PyObject* capsule) noexcept {
    auto* s = static_cast<T*>(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
    if (s->release) s->release(s); // else somebody took it
    delete s;
}

template <class T, class Fill> PyObject* make_capsule(const char* name, const Fill& fill) {
    auto made = std::make_unique<T>();
    fill(*made);
    PyObject* capsule = PyCapsule_New(made.get(), name, destroy_capsule<T>);
    if (!capsule) {
        made->release(made.get());
        throw_python_error();
    }
    made.release();
    return capsule;
}

} // namespace

PyObject* schema_capsule(const Table& table) {
    return make_capsule<arrow::Schema>(arrow::schema_capsule, [&](arrow::Schema& s) { fill_schema(s, table); });
}

PyObject* array_capsule(const Table& table) {
    return make_capsule<arrow::Array>(arrow::array_capsule, [&](arrow::Array& a) { fill_array(a, table); });
}

PyObject* stream_capsule(const Table& table) {
    return make_capsule<arrow::Stream>(arrow::stream_capsule, [&](arrow::Stream& s) {
        s = {get_schema, get_next, get_last_error, release_stream, new StreamHolder{table}};
    });
}

} // namespace hgvalue::python
