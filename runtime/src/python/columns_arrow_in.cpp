// Columns from Arrow's PyCapsule interface.
#include "arrow_cells.hpp"

#include <cerrno>
#include <cstring>
#include <string>

namespace hgvalue::python {

namespace {

using OwnedSchema = arrow::Owned<arrow::Schema>;
using OwnedArray = arrow::Owned<arrow::Array>;

/// What a capsule holds. ValueError if somebody took it before: all that is left then is a struct without release.
template <class T> T* opened(PyObject* capsule, const char* name, const PathStep* where) {
    if (!PyCapsule_IsValid(capsule, name))
        throw TypeError(prefix(where) + "expected a capsule of an " + name + ", got " + describe(capsule));
    auto* p = static_cast<T*>(PyCapsule_GetPointer(capsule, name));
    if (reinterpret_cast<std::uintptr_t>(p) % alignof(T) != 0) arrow::throw_broken("a misplaced struct", where);
    if (!p->release) throw ValueError(prefix(where) + "the " + name + " was consumed already");
    return p;
}

/// What an object gives: arrays of one schema. They live as long as the lists they are in.
struct Given {
    std::shared_ptr<OwnedSchema> schema;
    std::vector<std::shared_ptr<OwnedArray>> arrays;

    const arrow::Schema& type() const noexcept { return **schema; }

    void keep(GivenColumn& column) const {
        column.kept.push_back(schema);
        column.kept.insert(column.kept.end(), arrays.begin(), arrays.end());
    }
};

void take_array(Given& to, const nb::object& method, const PathStep* where) {
    const nb::object pair = owned(PyObject_CallNoArgs(method.ptr()));
    if (!PyTuple_Check(pair.ptr()) || PyTuple_Size(pair.ptr()) != 2)
        throw TypeError(prefix(where) + "__arrow_c_array__ must give a pair of capsules");
    auto* schema = opened<arrow::Schema>(PyTuple_GetItem(pair.ptr(), 0), arrow::schema_capsule, where);
    auto* array = opened<arrow::Array>(PyTuple_GetItem(pair.ptr(), 1), arrow::array_capsule, where);
    to.schema = std::make_shared<OwnedSchema>();
    to.arrays.push_back(std::make_shared<OwnedArray>());
    *to.schema = OwnedSchema(*schema);
    *to.arrays[0] = OwnedArray(*array);
}

void take_stream(Given& to, const nb::object& method, const PathStep* where) {
    const nb::object capsule = owned(PyObject_CallNoArgs(method.ptr()));
    arrow::Owned<arrow::Stream> stream(*opened<arrow::Stream>(capsule.ptr(), arrow::stream_capsule, where));
    if (!stream->get_schema || !stream->get_next) arrow::throw_broken("a stream that gives nothing", where);
    const auto require = [&](int status, auto& made) {
        if (status == 0 && !PyErr_Occurred()) return;
        made->release = nullptr; // there is nothing to release after a failure, whatever was left there
        if (PyErr_Occurred()) throw_python_error();
        const char* what = stream->get_last_error ? stream->get_last_error(stream.get()) : nullptr;
        throw ValueError(prefix(where) + "the Arrow stream cannot be read: " + (what ? what : std::strerror(status)));
    };
    to.schema = std::make_shared<OwnedSchema>();
    require(stream->get_schema(stream.get(), to.schema->get()), *to.schema);
    if (!*to.schema) throw ValueError(prefix(where) + "the Arrow stream has no schema");
    while (true) {
        auto array = std::make_shared<OwnedArray>();
        require(stream->get_next(stream.get(), array->get()), *array);
        if (!*array) return;
        to.arrays.push_back(std::move(array));
    }
}

/// Takes all that an object gives and checks it; false if it speaks no Arrow. Once this is done no more Python code
/// runs: what was checked is as it was, until it has been read.
bool take(Given& to, PyObject* from, const PathStep* where, std::size_t rows) {
    if (PyType_Check(from)) return false;
    if (const nb::object array = find_attribute(from, "__arrow_c_array__"))
        take_array(to, array, where);
    else if (const nb::object stream = find_attribute(from, "__arrow_c_stream__"))
        take_stream(to, stream, where);
    else
        return false;
    arrow::check(to.type(), nullptr, where);
    std::size_t count = 0;
    for (const auto& a : to.arrays) {
        arrow::check(to.type(), a->get(), where);
        count += static_cast<std::size_t>((*a)->length);
    }
    // A length can be wrong as all else, and this is all that there is to compare it with.
    if (rows != any_rows) require_rows(count, rows, where);
    return true;
}

/// All arrays as one column; false if there is a type among them that we do not read.
bool read_pieces(GivenColumn& to, const Given& given, const PathStep* where) {
    for (const auto& array : given.arrays) {
        Cells cells;
        if (!arrow::read_cells(cells, to, given.type(), **array, arrow::whole(**array), where)) return false;
        to.add(std::move(cells));
    }
    given.keep(to);
    to.names_members = true;
    return true;
}

/// Structs are rows of a table, unless they may be the cells of the only column that there is.
bool is_table(const arrow::Schema& schema, const TypeMeta* only) {
    if (std::string_view(schema.format) != "+s") return false;
    if (!only) return true;
    for (std::int64_t i = 0; i < schema.n_children; ++i)
        if (!schema.children[i]->name || std::string_view(schema.children[i]->name) != "value") return false;
    if (schema.n_children == 0) return false;
    // A struct may have a field of that name itself.
    const bool in_struct = only->kind == TypeKind::Bundle && field_index(*only, "value") != only->field_count;
    return !in_struct || std::string_view(schema.children[0]->format) == "+s";
}

/// Nulls of the struct that a column is part of are nulls of the column.
void add_nulls_of_rows(GivenColumn& column, Cells& cells, const arrow::Array& rows, const PathStep* where) {
    std::uint8_t* given = arrow::read_validity(column, rows, arrow::whole(rows), where);
    if (!given) return;
    for (std::size_t i = 0; i < cells.count; ++i) given[i] = given[i] && cells.is_given(i);
    cells.given = given;
}

} // namespace

bool speaks_arrow(PyObject* o) {
    return !PyType_Check(o) && (has_attribute(o, "__arrow_c_array__") || has_attribute(o, "__arrow_c_stream__"));
}

bool read_arrow(GivenColumn& to, PyObject* from, const PathStep* where, std::size_t rows) {
    Given given;
    if (!take(given, from, where, rows)) return false;
    GivenColumn read;
    if (!read_pieces(read, given, where)) return false;
    to = std::move(read);
    return true;
}

bool read_arrow_table(NamedColumns& to, PyObject* from, const TypeMeta* only, const PathStep* where, std::size_t rows) {
    Given given;
    if (!take(given, from, where, rows)) return false;
    const arrow::Schema& schema = given.type();
    if (!is_table(schema, only)) {
        if (!only)
            throw TypeError(prefix(where) + "expected an Arrow table, got one column of format " + schema.format);
        GivenColumn& column = to.emplace_back().second;
        if (!read_pieces(column, given, where)) to.clear();
        return !to.empty();
    }
    for (std::int64_t c = 0; c < schema.n_children; ++c) { // a table may have columns and no batch of them
        to.emplace_back(schema.children[c]->name ? schema.children[c]->name : "", GivenColumn{});
        auto& [name, column] = to.back();
        column.names_members = true;
        const PathStep step = PathStep::field(where, name.c_str());
        for (const auto& array : given.arrays) {
            const arrow::Array &a = **array, &child = *a.children[c];
            const arrow::Extent all = arrow::whole(a);
            Cells cells;
            if (!arrow::read_cells(cells, column, *schema.children[c], child,
                                   arrow::extent_of(child, all.offset, all.length, &step), &step))
                throw TypeError(prefix(&step) + "a column of Arrow format " + schema.children[c]->format +
                                " holds nothing that we know");
            add_nulls_of_rows(column, cells, a, &step);
            column.add(std::move(cells));
        }
        given.keep(column);
    }
    return true;
}

} // namespace hgvalue::python
