// resolve() and update_columns(): converted first, then written.
#include "../time_series/pins.hpp"
#include "collections.hpp"
#include "columns.hpp"
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
    delete as_slots(self)->slots;
    Py_XDECREF(as_slots(self)->dict);
    free_instance(self);
}

/// What names the rows of an update: keys, or slots of the same dict.
struct RowNames {
    KeySlots* slots = nullptr;
    std::unique_ptr<KeyColumn> keys;

    RowNames(PyObject* self, PyObject* given, const PathStep* start) {
        const NodeType& type = *resolve_for_write(as_node(self)).type;
        if (!PyObject_TypeCheck(given, slots_class)) {
            const PathStep step = PathStep::field(start, "keys");
            keys = std::make_unique<KeyColumn>(*type.scalar, given, &step);
            return;
        }
        slots = as_slots(given)->slots;
        if (&resolve(as_node(as_slots(given)->dict)).keyed() != &resolve(as_node(self)).keyed())
            throw ValueError(prefix(start) + "these are slots of " + path_of(as_node(as_slots(given)->dict)));
    }
    std::size_t size() const noexcept { return slots ? slots->elements.size() : keys->size(); }
    std::vector<std::uint32_t> find(const node_ref& n) const { return slots ? slots->find(n) : keys->find(n); }
    std::uint32_t find_or_insert(const node_ref& n, std::size_t i) const {
        return slots ? slots->find_or_insert(n, i) : keys->find_or_insert(n, i);
    }
};

/// A mapping, or the columns of a pandas DataFrame (its index is none of them), as a dict; empty for anything else.
nb::object dict_of_columns(PyObject* given) {
    if (!has_attribute(given, "iloc") || !has_attribute(given, "items")) return dict_of_mapping(given);
    const nb::object items = owned(PyObject_CallMethod(given, "items", nullptr));
    nb::object dict = owned(PyDict_New());
    checked(PyDict_MergeFromSeq2(dict.ptr(), items.ptr(), 1));
    return dict;
}

/// Columns converted for the fields they are given for.
class Update {
  public:
    Update(PyObject* self, const PathStep* start) : columns_(require_columns(self)), start_(start) {}

    void add(PyObject* name, PyObject* cells) {
        const DictColumn& column = find(name);
        const PathStep step = PathStep::field(start_, column.name.c_str());
        add(column, read_column(cells, &step), &step);
    }
    /// What is given at once: a mapping, else a column where there is just one, else an Arrow table.
    void add_all(PyObject* given) {
        if (const nb::object dict = dict_of_columns(given)) {
            const nb::object items = owned(PyDict_Items(dict.ptr()));
            for (Py_ssize_t i = 0; i < PyList_Size(items.ptr()); ++i) {
                PyObject* item = PyList_GetItem(items.ptr(), i);
                add(PyTuple_GetItem(item, 0), PyTuple_GetItem(item, 1));
            }
            return;
        }
        if (is_only_column()) {
            const PathStep step = PathStep::field(start_, columns_[0].name.c_str());
            return add(columns_[0], read_column(given, &step), &step);
        }
        std::vector<std::pair<std::string, GivenColumn>> table;
        if (!read_arrow_table(table, given, start_))
            throw_wrong_type("a dict of columns or an Arrow table", given, start_);
        for (auto& [name, cells] : table) {
            const nb::object text =
                owned(PyUnicode_FromStringAndSize(name.data(), static_cast<Py_ssize_t>(name.size())));
            const DictColumn& column = find(text.ptr());
            const PathStep step = PathStep::field(start_, column.name.c_str());
            add(column, std::move(cells), &step);
        }
    }
    bool empty() const noexcept { return staged_.empty(); }
    std::string names() const {
        std::string names;
        for (const DictColumn& c : columns_) names += (names.empty() ? "" : ", ") + c.name;
        return names;
    }
    void require_length(std::size_t keys) const {
        for (const auto& [column, cells] : staged_)
            if (cells.size() != keys)
                throw ValueError(prefix(start_) + "the column " + column->name + " has " +
                                 std::to_string(cells.size()) + " rows, but there are " + std::to_string(keys) +
                                 " keys");
    }
    std::vector<ColumnCells> cells() const {
        std::vector<ColumnCells> all;
        for (const auto& [column, cells] : staged_)
            all.push_back({column, cells.first(), cells.stride(), cells.given()});
        return all;
    }

  private:
    /// Of a dict of TS.
    bool is_only_column() const noexcept { return columns_.size() == 1 && columns_[0].name == "value"; }

    const DictColumn& find(PyObject* name) const {
        if (!PyUnicode_Check(name)) throw_wrong_type("the name of a column", name, start_);
        for (const DictColumn& c : columns_)
            if (PyUnicode_CompareWithASCIIString(name, c.name.c_str()) == 0) return c;
        throw KeyError(prefix(start_) + "no column " + short_repr(name) + "; the columns are " + names());
    }
    void add(const DictColumn& column, GivenColumn&& cells, const PathStep* where) {
        for (const auto& [other, staged] : staged_)
            if (other == &column) throw TypeError(prefix(where) + "the column is given twice");
        staged_.emplace_back(&column, StagedColumn(*column.type->scalar, std::move(cells), where));
    }

    std::vector<DictColumn> columns_;
    const PathStep* start_;
    std::vector<std::pair<const DictColumn*, StagedColumn>> staged_;
};

bool any_given(const std::vector<ColumnCells>& cells, std::size_t i) noexcept {
    for (const ColumnCells& c : cells)
        if (c.is_given(i)) return true;
    return false;
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
        const KeyColumn given(*resolve(as_node(self)).type->scalar, keys, &step);
        auto slots = std::make_unique<KeySlots>(resolve(as_node(self)), given);
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
        Update update(self, &start);
        const RowNames names(self, keys, &start);
        if (unnamed) update.add_all(unnamed);
        if (kwargs) {
            const nb::object items = owned(PyDict_Items(kwargs));
            for (Py_ssize_t i = 0; i < PyList_Size(items.ptr()); ++i) {
                PyObject* item = PyList_GetItem(items.ptr(), i);
                update.add(PyTuple_GetItem(item, 0), PyTuple_GetItem(item, 1));
            }
        }
        if (update.empty())
            throw TypeError(prefix(&start) + "update_columns needs a column; the columns are " + update.names());
        update.require_length(names.size());
        // Converting may have run Python code that moved or removed the node. From here on nothing does.
        const node_ref n = resolve_for_write(as_node(self));
        std::vector<std::uint32_t> rows = names.find(n);
        const std::vector<ColumnCells> cells = update.cells();
        for (std::size_t i = 0; engine::any_pins() && i < rows.size(); ++i)
            if (rows[i] == no_row && any_given(cells, i)) engine::refuse_inserting(n.keyed());
        mutation_scope scope(*n.context);
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (rows[i] == no_row && any_given(cells, i)) rows[i] = names.find_or_insert(n, i);
        engine::write_columns(n, rows, cells);
        scope.finish();
        return py_none();
    });
}

void init_columns(PyObject* module) {
    slots_class =
        add_class(module, "hgvalue.KeySlots", sizeof(SlotsObject),
                  static_cast<unsigned>(Py_TPFLAGS_HAVE_GC) | static_cast<unsigned>(Py_TPFLAGS_DISALLOW_INSTANTIATION),
                  {{Py_tp_doc, const_cast<char*>("Keys of a TSD, looked up once for many updates.")},
                   {Py_tp_repr, slot(slots_repr)},
                   {Py_tp_traverse, slot(slots_traverse)},
                   {Py_tp_dealloc, slot(slots_destroy)},
                   {Py_sq_length, slot(slots_length)}});
}

} // namespace hgvalue::python
