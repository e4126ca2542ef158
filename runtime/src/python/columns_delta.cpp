// to_arrow() of a delta of a dict: a row for each key that went, came or changed.
#include "columns_out.hpp"
#include "generic_class.hpp"
#include "generic_delta.hpp"
#include "node_access.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/delta/delta_view.hpp>

#include <algorithm>
#include <optional>

namespace hgvalue::python {

namespace {

/// A scalar below each child; `cell` is its place among those of a child.
struct DeltaColumn {
    std::string name;
    const TypeMeta* type;
    std::size_t cell;
};

bool is_bundle(const TypeMeta& t) noexcept { return t.kind == TypeKind::Bundle && t.is(TypeFlags::Partial); }

/// The scalars below what a child holds: itself, or those among the fields of its bundles. How many there are.
std::size_t add_columns(std::vector<DeltaColumn>* to, const std::string& name, const TypeMeta& type, std::size_t cell) {
    if (type.kind == TypeKind::Optional) return add_columns(to, name, *type.element, cell);
    if (is_bundle(type)) {
        std::size_t count = 0;
        for (std::uint32_t i = 0; i < type.field_count; ++i)
            count += add_columns(to, name.empty() ? type.fields[i].name : name + "." + type.fields[i].name,
                                 *type.fields[i].type, cell + count);
        return count;
    }
    if (type.kind != TypeKind::Scalar) return 0;
    if (to) to->push_back({name.empty() ? "value" : name, &type, cell});
    return 1;
}

std::size_t count_cells(const TypeMeta& type) { return add_columns(nullptr, "", type, 0); }

using RowCells = std::vector<const void*>; ///< null: nothing to show

void fill_value(RowCells& to, std::size_t cell, const TypeMeta& type, const void* data) {
    if (type.kind == TypeKind::Optional) {
        if (const void* held = type.ops->optional_get(type, const_cast<void*>(data)))
            fill_value(to, cell, *type.element, held);
    } else if (is_bundle(type)) {
        for (std::uint32_t i = 0; i < type.field_count; ++i) {
            fill_value(to, cell, *type.fields[i].type, static_cast<const std::byte*>(data) + type.fields[i].offset);
            cell += count_cells(*type.fields[i].type);
        }
    } else if (type.kind == TypeKind::Scalar) {
        to[cell] = data;
    }
}

void fill_change(RowCells& to, std::size_t cell, const ConstDeltaView& change) {
    const TypeMeta& type = *change.value_schema();
    const auto fill = [&](const ConstValueView& v) {
        if (v.valid()) fill_value(to, cell, *v.schema(), v.data());
    };
    if (type.kind == TypeKind::Optional) {
        const ConstOptionalDeltaView optional = change.as_optional_delta();
        fill(optional.new_value());
        if (optional.has_inside()) fill_change(to, cell, optional.inside());
    } else if (is_bundle(type)) {
        const ConstBundleDeltaView bundle = change.as_bundle_delta();
        for (std::uint32_t i = 0; i < type.field_count; ++i) {
            if (bundle.is_changed(i)) fill_change(to, cell, bundle.field(i));
            cell += count_cells(*type.fields[i].type);
        }
    } else if (type.kind == TypeKind::Scalar) {
        fill(change.as_atomic_delta().new_value());
    }
}

/// The columns that are asked for by name, or all that Arrow has a type for.
std::vector<DeltaColumn> choose(const TypeMeta& child, const nb::object& names) {
    std::vector<DeltaColumn> all;
    add_columns(&all, "", child, 0);
    if (names.is_none()) {
        std::erase_if(all, [](const DeltaColumn& c) { return !has_arrow_form(*c.type); });
        return all;
    }
    return choose_columns(all, names, "", [](const DeltaColumn& c) -> const TypeMeta& { return *c.type; });
}

ArrowTable make_table_of(PyObject* self, const TableRequest& request) {
    const UsedDelta delta(self);
    const TypeMeta& type = delta.value_type();
    if (type.kind != TypeKind::Map || count_cells(*type.element) == 0)
        throw TypeError("a delta of " + type_name(type) +
                        " is no table: those of a dict of scalars are, and of a dict of bundles with scalars");
    if (!has_arrow_form(*type.key)) throw TypeError("Arrow has no type for keys of " + type_name(*type.key));
    const ConstMapDeltaView changes = delta.view().as_map_delta();
    const ViewRange removed = changes.removed_keys(), updated = changes.updated_keys();
    const ViewPairRange added = changes.added_items();
    const std::size_t size = removed.size() + added.size() + updated.size(), cells = count_cells(*type.element);

    const std::vector<DeltaColumn> chosen = choose(*type.element, request.columns);
    ArrowTable table;
    for (const DeltaColumn& c : chosen) table.emplace_back(c.name, *c.type, size);
    std::optional<ArrowColumn> keys;
    if (!request.key.is_none()) keys.emplace(request.key_name(table), *type.key, size);
    if (keys && keys->name() == "op") throw ValueError("there is a column op; give the key column another name");
    for (const ArrowColumn& c : table)
        if (c.name() == "op") throw ValueError("there is a column op; name the columns that are wanted, without it");
    ArrowColumn operations("op", type_of<std::string>(), size);

    const auto row = [&](const std::string& operation, const ConstValueView& key, const auto& fill) {
        RowCells found(cells, nullptr);
        fill(found);
        operations.append(&operation);
        if (keys) keys->append(key.data());
        for (std::size_t c = 0; c < chosen.size(); ++c) {
            const void* cell = found[chosen[c].cell];
            if (cell)
                table[c].append(cell);
            else
                table[c].append_null();
        }
    };
    const std::string names[] = {"removed", "added", "updated"};
    for (std::size_t i = 0; i < removed.size(); ++i) row(names[0], removed[i], [](RowCells&) {});
    for (std::size_t i = 0; i < added.size(); ++i) {
        const auto [key, value] = added[i];
        row(names[1], key, [&](RowCells& to) { fill_value(to, 0, *value.schema(), value.data()); });
    }
    for (std::size_t i = 0; i < updated.size(); ++i)
        row(names[2], updated[i], [&](RowCells& to) { fill_change(to, 0, changes.updated(i)); });

    ArrowTable whole;
    if (keys) whole.push_back(std::move(*keys));
    whole.push_back(std::move(operations));
    std::move(table.begin(), table.end(), std::back_inserter(whole));
    for (ArrowColumn& c : whole) c.finish();
    return whole;
}

PyObject* to_arrow(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* { return table_to_python(make_table_of(self, TableRequest(args, kwargs))); });
}

PyObject* arrow_stream(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        return stream_of(args, kwargs, [&](const TableRequest& r) { return make_table_of(self, r); });
    });
}

} // namespace

PyMethodDef delta_table_methods[] = {
    {"to_arrow", with_keywords(to_arrow), METH_VARARGS | METH_KEYWORDS,
     "to_arrow($self, *, key='key', columns=None)\n--\n\nOf a dict, an Arrow table: a row for each key that went, came "
     "or changed."},
    {"__arrow_c_stream__", with_keywords(arrow_stream), METH_VARARGS | METH_KEYWORDS, nullptr},
    {nullptr, nullptr, 0, nullptr}};

} // namespace hgvalue::python
