// The buffer protocol: numbers of lists, cyclic buffers, queues and windows, for memoryview and numpy.
//
// Below a Value or in a struct object a buffer is the memory itself; while one is in use, what would move that memory
// raises BufferError. A time series can be written at any time through its own setters, so a buffer of one is a copy.
#include "generic_view.hpp"

#include "generic_view_items.hpp"
#include "numpy.hpp"

#include <hgvalue/value.hpp>
#include <hgvalue/value/format.hpp>

#include <array>
#include <cstring>

namespace hgvalue::python {

namespace {

constexpr std::size_t max_dimensions = 8;

/// What a Py_buffer points to besides the elements.
struct Export {
    std::array<Py_ssize_t, max_dimensions> shape;
    std::array<Py_ssize_t, max_dimensions> strides;
    std::unique_ptr<std::byte[]> copy; ///< null when the memory is the container's own
    bool counted = false;
};

bool is_fixed_list(const TypeMeta& type) noexcept { return type.kind == TypeKind::List && !type.ops->list_size; }

/// Elements as they lie, in one piece or two.
struct Pieces {
    const std::byte* first = nullptr;
    std::size_t count = 0;
    const std::byte* second = nullptr;
    std::size_t rest = 0;
};

Pieces pieces_of(ViewObject* v, std::size_t size) {
    const TypeMeta& type = *v->type;
    void* data = locate(v);
    if (size == 0) return {};
    if (type.kind == TypeKind::List)
        return {static_cast<std::byte*>(type.ops->list_data ? type.ops->list_data(type, data) : data), size};
    const auto& r = *static_cast<const ring*>(data);
    const auto first = static_cast<std::uint32_t>(r.size() - size); // those before it are past their time
    const std::size_t until_end = std::min<std::size_t>(size, r.capacity() - r.position(first));
    const std::size_t width = type.element->size;
    Pieces p{static_cast<const std::byte*>(r.element(width, first)), until_end};
    p.rest = size - until_end;
    if (p.rest)
        p.second = static_cast<const std::byte*>(r.element(width, first + static_cast<std::uint32_t>(until_end)));
    return p;
}

void recenter(ViewObject* v) {
    change_view(v, Effect::Rows, [](const TypeMeta& type, void* data) {
        ValueView view(data, &type);
        if (type.kind == TypeKind::CyclicBuffer)
            view.as_cyclic_buffer().recenter();
        else if (type.kind == TypeKind::Queue)
            view.as_queue().recenter();
        else
            view.as_window().recenter();
    });
}

std::unique_ptr<std::byte[]> copy_of(const Pieces& p, std::size_t width) {
    auto copy = std::make_unique<std::byte[]>((p.count + p.rest) * width + 1);
    if (p.count) std::memcpy(copy.get(), p.first, p.count * width);
    if (p.rest) std::memcpy(copy.get() + p.count * width, p.second, p.rest * width);
    return copy;
}

/// Fills shape and strides; the number of dimensions.
int lay_out(Export& e, const TypeMeta& container, std::size_t size, const TypeMeta*& number) {
    int dimensions = 1;
    e.shape[0] = static_cast<Py_ssize_t>(size);
    e.strides[0] = container.element->size;
    number = container.element;
    while (is_fixed_list(*number) && static_cast<std::size_t>(dimensions) < max_dimensions) {
        e.shape[dimensions] = static_cast<Py_ssize_t>(number->fixed_size);
        e.strides[dimensions] = number->element->size;
        number = number->element;
        ++dimensions;
    }
    return dimensions;
}

void fill(ViewObject* v, Py_buffer* buffer, int flags) {
    if (flags & PyBUF_WRITABLE) throw_buffer_error(place_text(v) + ": buffers of values are read-only");
    auto made = std::make_unique<Export>();
    const TypeMeta* number = nullptr;
    const std::size_t size = view_size(v);
    const int dimensions = lay_out(*made, *v->type, size, number);
    const char* format = number->kind == TypeKind::Scalar ? buffer_format(*number) : nullptr;
    if (!format) throw_buffer_error(place_text(v) + ": a " + type_name(*v->type) + " is no array of numbers");
    static std::byte nothing[16] = {}; // an address for an array of no elements
    if (v->standing == Standing::Stored && pieces_of(v, size).rest) recenter(v);
    const Pieces p = pieces_of(v, size);
    const bool own = v->standing == Standing::Node || v->standing == Standing::Payload || p.rest;
    if (own) made->copy = copy_of(p, v->type->element->size);
    if (v->standing == Standing::Stored) {
        ++v->exports;
        ++as_value(v->root->subject)->exports;
        made->counted = true;
    }
    const std::byte* start = own ? made->copy.get() : p.first;
    buffer->buf = const_cast<std::byte*>(start ? start : nothing);
    buffer->obj = Py_NewRef(as_object(v));
    buffer->len = static_cast<Py_ssize_t>(size * v->type->element->size);
    buffer->itemsize = number->size;
    buffer->readonly = 1;
    buffer->ndim = dimensions;
    buffer->format = (flags & PyBUF_FORMAT) ? const_cast<char*>(format) : nullptr;
    buffer->shape = (flags & PyBUF_ND) ? made->shape.data() : nullptr;
    buffer->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? made->strides.data() : nullptr;
    buffer->suboffsets = nullptr;
    buffer->internal = made.release();
}

} // namespace

int view_get_buffer(PyObject* self, Py_buffer* buffer, int flags) {
    buffer->obj = nullptr;
    return guarded_status([&] { fill(as_view(self), buffer, flags); });
}

void view_release_buffer(PyObject* self, Py_buffer* buffer) {
    const std::unique_ptr<Export> made(static_cast<Export*>(buffer->internal));
    if (!made->counted) return;
    --as_view(self)->exports;
    --as_value(as_view(self)->root->subject)->exports;
}

} // namespace hgvalue::python
