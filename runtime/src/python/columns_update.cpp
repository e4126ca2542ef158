// resolve() and update_columns(): converted first, then written.
#include "../time_series/pins.hpp"
#include "columns.hpp"
#include "columns_given.hpp"
#include "columns_keys.hpp"
#include "generic_class.hpp"
#include "node_access.hpp"

#include <hgvalue/time_series/describe.hpp>

namespace hgvalue::python {

namespace {

PyTypeObject* slots_class = nullptr;

struct SlotsObject {
    PyObject_HEAD PyObject* dict; ///< the handle of the dict
    KeySlots* slots;
    PyObject* weak_references;
};

SlotsObject* as_slots(PyObject* o) noexcept { return reinterpret_cast<SlotsObject*>(o); }

PyObject* slots_repr(PyObject* self) {
    return guarded([&]() -> PyObject* {
        const std::size_t size = as_slots(self)->slots->elements.size();
        return text_object("<" + std::to_string(size) + " slots of " + path_of(as_node(as_slots(self)->dict)) + ">");
    });
}

Py_ssize_t slots_length(PyObject* self) { return static_cast<Py_ssize_t>(as_slots(self)->slots->elements.size()); }

int slots_traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(as_slots(self)->dict);
    return 0;
}

void slots_destroy(PyObject* self) {
    PyObject_GC_UnTrack(self);
    if (as_slots(self)->weak_references) PyObject_ClearWeakRefs(self);
    delete as_slots(self)->slots;
    Py_XDECREF(as_slots(self)->dict);
    free_instance(self);
}

PyObject* refuse_pickle(PyObject*, PyObject*) {
    return set_error(ErrorKind::Type, "slots cannot be pickled or copied; resolve the keys where they are used");
}
PyMethodDef slots_methods[] = {{"__reduce__", refuse_pickle, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};

/// What names the rows of an update: keys, or slots of the same dict.
struct RowNames {
    KeySlots* slots = nullptr;
    std::unique_ptr<KeyColumn> keys;

    /// From what is given beside the columns.
    RowNames(PyObject* self, PyObject* given, const PathStep* start) {
        if (!PyObject_TypeCheck(given, slots_class)) {
            const PathStep step = PathStep::field(start, "keys");
            take(self, read_column(given, &step), start);
            return;
        }
        slots = as_slots(given)->slots;
        if (&resolve(as_node(as_slots(given)->dict)).keyed() != &resolve(as_node(self)).keyed())
            throw ValueError(prefix(start) + "these are slots of " + path_of(as_node(as_slots(given)->dict)));
    }
    /// From a column of a table.
    RowNames(PyObject* self, GivenColumn&& column, const PathStep* start) { take(self, std::move(column), start); }

    std::size_t size() const noexcept { return slots ? slots->elements.size() : keys->size(); }
    /// The rows, after which no Python code may run until they are written to.
    std::vector<std::uint32_t> find(const node_ref& n, const PathStep* start) const {
        if (slots) return slots->find(n);
        std::vector<std::uint32_t> rows = keys->find(n);
        const PathStep step = PathStep::field(start, "keys");
        keys->check_new(rows, &step);
        return rows;
    }
    std::uint32_t find_or_insert(const node_ref& n, std::size_t i) const {
        return slots ? slots->find_or_insert(n, i) : keys->find_or_insert(n, i);
    }

  private:
    void take(PyObject* self, GivenColumn&& column, const PathStep* start) {
        const PathStep step = PathStep::field(start, "keys");
        const NodeType& type = *resolve_for_write(as_node(self)).type;
        keys = std::make_unique<KeyColumn>(*type.scalar, std::move(column), &step);
    }
};

bool any_given(const std::vector<ColumnCells>& cells, std::size_t i) noexcept {
    for (const ColumnCells& c : cells)
        if (c.is_given(i)) return true;
    return false;
}

/// Writes the cells to the rows of these names; `made` says which keys are made though no cell is for them.
void write(PyObject* self, const RowNames& names, const GivenColumns& columns, const std::vector<bool>& made,
           const PathStep* start) {
    // Converting may have run Python code that moved or removed the node. From here on nothing does.
    const node_ref n = resolve_for_write(as_node(self));
    std::vector<std::uint32_t> rows = names.find(n, start);
    const std::vector<ColumnCells> cells = columns.cells();
    const auto is_new = [&](std::size_t i) {
        return rows[i] == no_row && ((!made.empty() && made[i]) || any_given(cells, i));
    };
    for (std::size_t i = 0; engine::any_pins() && i < rows.size(); ++i)
        if (is_new(i)) engine::refuse_inserting(n.keyed());
    mutation_scope scope(*n.context);
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (is_new(i)) rows[i] = names.find_or_insert(n, i);
    engine::write_columns(n, rows, cells);
    scope.finish();
}

/// The columns that are given by name; `key` names the column of keys if it is a str, which is no column.
nb::object take_named(PyObject* kwargs, nb::object& key) {
    nb::object named = kwargs ? owned(PyDict_Copy(kwargs)) : owned(PyDict_New());
    PyObject* name = PyDict_GetItemString(named.ptr(), "key");
    if (!name || !PyUnicode_Check(name)) return named;
    key = nb::borrow(name);
    checked(PyDict_DelItemString(named.ptr(), "key"));
    return named;
}

} // namespace

std::vector<DictColumn> require_columns(PyObject* self) {
    const NodeType& type = *resolve(as_node(self)).type;
    std::vector<DictColumn> columns = columns_of(type);
    if (columns.empty())
        throw TypeError(path_of(as_node(self)) + " is a " + schema_text(type) +
                        ", which has no columns: those of a TSD are its TS, or the TS fields of its TSB");
    return columns;
}

PyObject* tsd_resolve(PyObject* self, PyObject* keys) {
    return guarded([&]() -> PyObject* {
        const PathStep start = here(self);
        const PathStep step = PathStep::field(&start, "keys");
        GivenColumn column = read_column(keys, &step);
        const KeyColumn given(*resolve(as_node(self)).type->scalar, std::move(column), &step);
        const node_ref n = resolve(as_node(self));
        given.check_new(given.find(n), &step);
        auto slots = std::make_unique<KeySlots>(n, given);
        nb::object made = owned(PyType_GenericAlloc(slots_class, 0));
        as_slots(made.ptr())->dict = Py_NewRef(self);
        as_slots(made.ptr())->slots = slots.release();
        return give(std::move(made));
    });
}

PyObject* tsd_update_columns(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        PyObject *keys = nullptr, *unnamed = nullptr;
        if (!PyArg_UnpackTuple(args, "update_columns", 1, 2, &keys, &unnamed)) throw nb::python_error();
        const ObjectGuard guard;
        const PathStep start = here(self);
        resolve_for_write(as_node(self)).context->writing_time();
        nb::object key;
        const nb::object named = take_named(kwargs, key);
        GivenColumns columns(self, &start);
        if (!unnamed && (key || PyDict_Size(named.ptr()) == 0)) {
            if (PyObject_TypeCheck(keys, slots_class)) columns.throw_empty();
            if (!key) key = owned(PyUnicode_FromString("key"));
            WholeTable table(columns, keys, key.ptr());
            const RowNames names(self, table.take_keys(), &start);
            columns.expect_rows(names.size());
            const std::vector<bool> made = table.add_columns();
            columns.add_named(named);
            write(self, names, columns, made, &start);
            return py_none();
        }
        if (key) throw TypeError(prefix(&start) + "key names the column of keys in a table, but the keys are given");
        const RowNames names(self, keys, &start);
        columns.expect_rows(names.size());
        if (unnamed) columns.add_all(unnamed);
        columns.add_named(named);
        if (columns.empty()) columns.throw_empty();
        write(self, names, columns, {}, &start);
        return py_none();
    });
}

void init_columns(PyObject* module) {
    static PyMemberDef members[] = {weak_references_at(offsetof(SlotsObject, weak_references)), end_of_members};
    slots_class =
        add_class(module, "hgvalue.KeySlots", sizeof(SlotsObject),
                  static_cast<unsigned>(Py_TPFLAGS_HAVE_GC) | static_cast<unsigned>(Py_TPFLAGS_DISALLOW_INSTANTIATION),
                  {{Py_tp_doc, const_cast<char*>("Keys of a TSD, looked up once for many updates.")},
                   {Py_tp_members, members},
                   {Py_tp_methods, slots_methods},
                   {Py_tp_repr, slot(slots_repr)},
                   {Py_tp_traverse, slot(slots_traverse)},
                   {Py_tp_dealloc, slot(slots_destroy)},
                   {Py_sq_length, slot(slots_length)}});
}

} // namespace hgvalue::python
