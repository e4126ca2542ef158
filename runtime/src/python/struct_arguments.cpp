// Constructor arguments and dicts to fields.
#include "collections.hpp"
#include "fidelity.hpp"
#include "left_out.hpp"
#include "struct_class.hpp"

#include <hgvalue/core/error.hpp>

namespace hgvalue::python {

namespace {

/// Which fields were given.
class Given {
  public:
    explicit Given(std::size_t fields) {
        if (fields > bits) rest_.resize(fields - bits);
    }
    /// False if it was there already.
    bool add(std::size_t i) {
        if (has(i)) return false;
        if (i >= bits)
            rest_[i - bits] = true;
        else
            first_ |= std::uint64_t{1} << i;
        return true;
    }
    bool has(std::size_t i) const { return i >= bits ? rest_[i - bits] : (first_ >> i & 1) != 0; }

  private:
    static constexpr std::size_t bits = 64;
    std::uint64_t first_ = 0;
    std::vector<bool> rest_;
};

/// Assigns fields of one struct, in any order, each once.
class Assignment {
  public:
    Assignment(const StructClass& cls, void* to, const PathStep* where, Form form)
        : cls_(cls), to_(to), where_(where), form_(form), given_(cls.fields().size()) {}

    void assign(std::size_t i, PyObject* value) {
        if (!given_.add(i)) throw TypeError(name() + " got two values for field '" + info(i).name + "'");
        ++given_count_;
        const FieldInfo& f = info(i);
        const PathStep step = PathStep::field(where_, f.name);
        from_python(*f.type, static_cast<std::byte*>(to_) + f.offset, value, &step, form_);
    }

    void assign_all(PyObject* dict) {
        std::size_t guess = next_;
        for_each_entry(dict, [&](PyObject* key, PyObject* value) {
            const std::ptrdiff_t i = cls_.index_of(key, guess++);
            if (i < 0) throw_unknown(key);
            assign(static_cast<std::size_t>(i), value);
        });
    }

    void assign_named(PyObject* const* args, PyObject* names) {
        const auto count = static_cast<std::size_t>(PyTuple_Size(names));
        for (std::size_t k = 0; k < count; ++k) {
            PyObject* name = PyTuple_GetItem(names, static_cast<Py_ssize_t>(k));
            const std::ptrdiff_t i = cls_.index_of(name, next_ + k);
            if (i < 0) throw_unknown(name);
            assign(static_cast<std::size_t>(i), args[k]);
        }
    }

    void assign_positional(PyObject* const* args, std::size_t count) {
        require_room(count);
        for (; next_ < count; ++next_) assign(next_, args[next_]);
    }

    void assign_positional(PyObject* args) {
        const auto count = static_cast<std::size_t>(PyTuple_Size(args));
        require_room(count);
        for (; next_ < count; ++next_) assign(next_, PyTuple_GetItem(args, static_cast<Py_ssize_t>(next_)));
    }

    /// Gives the fields that were left out their defaults, whatever was in their place.
    void assign_defaults() {
        if (given_count_ == cls_.fields().size()) return;
        reset_fields(cls_.type(), to_, [&](std::size_t i) { return !given_.has(i); });
    }

    void require_complete() const {
        std::string missing;
        for (std::size_t i = 0; i < cls_.fields().size(); ++i)
            if (!info(i).has_default && !given_.has(i))
                missing += (missing.empty() ? "'" : ", '") + std::string(info(i).name) + '\'';
        if (!missing.empty()) throw TypeError(name() + " is missing required fields: " + missing);
    }

  private:
    void require_room(std::size_t positional) const {
        if (positional > cls_.fields().size())
            throw TypeError(name() + " takes at most " + std::to_string(cls_.fields().size()) +
                            " positional arguments, got " + std::to_string(positional));
    }

    const FieldInfo& info(std::size_t i) const { return *cls_.fields()[i].info; }
    std::string name() const { return where_ ? render(where_) : cls_.type().name; }

    [[noreturn]] void throw_unknown(PyObject* key) const {
        throw TypeError(name() + " has no field " + short_repr(key) + suggestion(cls_.type(), key));
    }

    const StructClass& cls_;
    void* to_;
    const PathStep* where_;
    Form form_;
    Given given_;
    std::size_t next_ = 0;
    std::size_t given_count_ = 0;
};

} // namespace

void assign_arguments(const StructClass& cls, void* to, PyObject* args, PyObject* kwargs) {
    const PathStep where = PathStep::root(cls.type().name);
    Assignment assignment(cls, to, &where, Form::Object);
    assignment.assign_positional(args);
    if (kwargs) assignment.assign_all(kwargs);
    assignment.require_complete();
}

void assign_arguments(const StructClass& cls, void* to, PyObject* const* args, std::size_t count, PyObject* names) {
    const PathStep where = PathStep::root(cls.type().name);
    Assignment assignment(cls, to, &where, Form::Object);
    assignment.assign_positional(args, count);
    if (names) assignment.assign_named(args + count, names);
    assignment.require_complete();
}

void assign_dict(const StructClass& cls, void* to, PyObject* dict, const PathStep* where, Form form) {
    const PathStep name = PathStep::root(cls.type().name);
    Assignment assignment(cls, to, where ? where : &name, form);
    assignment.assign_all(dict);
    assignment.require_complete();
    assignment.assign_defaults();
    const TypeMeta& type = cls.type(); // fields left out read back with their defaults
    note_converted_unless(type.is(TypeFlags::Partial) ||
                          PyDict_Size(dict) == static_cast<Py_ssize_t>(type.field_count));
}

void assign_changes(const StructClass& cls, void* to, PyObject* dict) {
    const PathStep where = PathStep::root(cls.type().name);
    Assignment(cls, to, &where, Form::Object).assign_all(dict);
}

std::string suggestion(const TypeMeta& type, PyObject* name) {
    if (!PyUnicode_Check(name)) return {};
    const nb::object names = owned(PyList_New(0));
    for (std::uint32_t i = 0; i < type.field_count; ++i)
        checked(PyList_Append(names.ptr(), owned(PyUnicode_FromString(type.fields[i].name)).ptr()));
    const nb::object difflib = owned(PyImport_ImportModule("difflib"));
    const nb::object close =
        owned(PyObject_CallMethod(difflib.ptr(), "get_close_matches", "OOi", name, names.ptr(), 1));
    if (PyList_Size(close.ptr()) < 1) return {};
    return "; did you mean " + short_repr(PyList_GetItem(close.ptr(), 0)) + '?';
}

} // namespace hgvalue::python
