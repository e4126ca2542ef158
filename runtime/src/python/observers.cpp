#include "observers.hpp"

#include "../time_series/observe.hpp"
#include "imported.hpp"
#include "node_access.hpp"

#include <vector>

namespace nb = nanobind;

namespace hgvalue::python {

namespace {

Imported change_class{"hgvalue._observers", "Change"};
Imported bound_method{"types", "MethodType"};
Imported builtin_method{"types", "BuiltinMethodType"};

/// Calls a Python observer. Held by the registry of the root, so it needs no reference to that.
class PythonListener final : public Listener {
  public:
    PythonListener(PyObject* self, PyObject* observer, std::string path)
        : observer_(nb::borrow(observer)), path_(std::move(path)), key_set_(as_node(self)->step == Step::KeySet) {
        while (as_node(self)->parent) self = as_node(self)->parent;
        root_ = as_node(self);
        is_object_ = has_attribute(observer, "notify");
    }

    PythonListener(const PythonListener&) = delete;
    /// The registry forgets listeners in the middle of changes, when no code may run; and one may hold another root.
    ~PythonListener() override { drop_object(observer_.release().ptr()); }

    void changed(const NodeChange& change) override {
        const nb::object held = observer_; // it may unsubscribe
        if (!is_object_) {
            const nb::object told = describe(change);
            const CollectorRelease release;
            owned(PyObject_CallFunctionObjArgs(held.ptr(), told.ptr(), nullptr));
            return;
        }
        const bool removed = change.kind == ChangeKind::Removed;
        if (removed && !has_attribute(held.ptr(), "removed")) return;
        const nb::object at = owned(time_to_python(change.at));
        const nb::object name = owned(PyUnicode_FromString(removed ? "removed" : "notify"));
        const CollectorRelease release;
        owned(PyObject_CallMethodObjArgs(held.ptr(), name.ptr(), at.ptr(), nullptr));
    }

    PyObject* observer() const noexcept { return observer_.ptr(); }
    bool of_key_set() const noexcept { return key_set_; }

  private:
    nb::object describe(const NodeChange& change) const {
        static constexpr const char* kinds[] = {"modified", "invalidated", "removed"};
        const nb::object at = owned(time_to_python(change.at));
        const nb::object path = owned(PyUnicode_FromStringAndSize(path_.data(), static_cast<Py_ssize_t>(path_.size())));
        const nb::object node = change.node ? handle(*change.node) : nb::borrow(Py_None);
        // A key_set that has something to tell ticked, whatever became of its dict since.
        const bool ticked = key_set_ && change.node;
        const ChangeKind what = ticked ? ChangeKind::Modified : change.kind;
        const nb::object kind = owned(PyUnicode_InternFromString(kinds[static_cast<std::size_t>(what)]));
        return owned(
            PyObject_CallFunctionObjArgs(change_class.get(), at.ptr(), path.ptr(), node.ptr(), kind.ptr(), nullptr));
    }

    /// The handle of a node of this root.
    nb::object handle(const node_ref& n) const {
        const CollectorPause pause; // writing a plain value pauses nothing
        const nb::object found = handle_of(n.parent, n.slot);
        return key_set_ ? owned(key_set_handle(as_node(found.ptr()))) : found;
    }
    nb::object handle_of(const node_overlay* parent, std::uint32_t slot) const {
        if (parent == &root_->root->context().record) return nb::borrow(reinterpret_cast<PyObject*>(root_));
        const nb::object above = handle_of(parent->parent, parent->slot);
        if (parent->form() == RecordForm::Reference) return above; // its items stand where it stands
        NodeObject* p = as_node(above.ptr());
        const node_ref& n = resolve(p);
        if (n.type->kind == NodeKind::TSB) return owned(slot_handle(p, slot));
        if (n.type->kind == NodeKind::TSL) return owned(element_handle(p, slot));
        return owned(row_handle(p, n.keyed().places[slot].row));
    }

    nb::object observer_;
    std::string path_;
    NodeObject* root_; ///< lives while anyone may be called
    bool is_object_;
    bool key_set_;
};

/// Bound methods are made anew at each access: equal ones are one observer.
bool same_observer(PyObject* a, PyObject* b) {
    if (a == b) return true;
    for (Imported* type : {&bound_method, &builtin_method})
        if (PyObject_TypeCheck(a, type->type()) && PyObject_TypeCheck(b, type->type()))
            return checked(PyObject_RichCompareBool(a, b, Py_EQ)) != 0;
    return false;
}

When when_of(const char* when) {
    const std::string given = when;
    if (given == "end") return When::End;
    if (given != "write") throw ValueError("when must be 'write' or 'end', not '" + given + "'");
    return When::Write;
}

void require_observer(PyObject* observer) {
    if (!PyCallable_Check(observer) && !has_attribute(observer, "notify"))
        throw_wrong_type("a callable, or an object with a method notify", observer, nullptr);
}

PyObject* root_object(PyObject* self) {
    while (as_node(self)->parent) self = as_node(self)->parent;
    return self;
}

using Records = std::vector<std::shared_ptr<observer_record>>;

/// The subscriptions that `matches` accepts, of an observer equal to the given one. Comparing runs Python code, so it
/// comes after the visit; what ended meanwhile is left out.
template <class F>
Records find_records(const node_ref& n, const void* key, std::size_t hash, PyObject* observer, const F& matches) {
    Records found;
    std::vector<nb::object> observers;
    observe::visit(n, key, hash, [&](Listener& l, Scope scope, When when, const auto& record) {
        const auto* python = dynamic_cast<const PythonListener*>(&l);
        if (!python || !matches(*python, scope, when)) return false;
        observers.push_back(nb::borrow(python->observer()));
        found.push_back(record);
        return false;
    });
    for (std::size_t i = found.size(); i-- > 0;)
        if (!same_observer(observers[i].ptr(), observer)) found.erase(found.begin() + static_cast<std::ptrdiff_t>(i));
    std::erase_if(found, [](const auto& record) { return !observe::is_subscribed(*record); });
    return found;
}

/// The node of a handle that is not removed; of a key_set, its dict. An input is its own, if what it reads is not.
node_ref observed_node(PyObject* self) {
    NodeObject* n = as_node(self);
    if (n->root && n->root->input) return resolve_reference(n);
    return resolve_for_bind(n->step == Step::KeySet ? as_node(n->parent) : n);
}

/// As resolve, but of the handle of a reference the REF itself.
node_ref own_node(PyObject* self) { return as_node(self)->reference ? observed_node(self) : resolve(as_node(self)); }

void add(PyObject* self, PyObject* observer, const SubscriptionRequest& request, std::string path) {
    const ObjectGuard guard;
    require_observer(observer);
    const bool keys = as_node(self)->step == Step::KeySet;
    const auto same = [&](const PythonListener& l, Scope scope, When when) {
        return scope == request.scope && when == request.when && l.of_key_set() == keys;
    };
    if (!find_records(observed_node(self), request.key, request.hash, observer, same).empty()) return;
    auto listener = std::make_unique<PythonListener>(self, observer, std::move(path));
    observe::subscribe(observed_node(self), request, std::move(listener));
    // From now on a cycle through any handle of this root is possible.
    track_handles(as_node(root_object(self)));
}

template <Scope scope> PyObject* subscribe_to(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        PyObject* observer = nullptr;
        const char* when = "end";
        char* names[] = {const_cast<char*>("observer"), const_cast<char*>("when"), nullptr};
        if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|s", names, &observer, &when)) throw_python_error();
        const bool keys = as_node(self)->step == Step::KeySet;
        add(self, observer, {keys ? Scope::Structure : scope, when_of(when)}, path_of(as_node(self)));
        return py_none();
    });
}

/// Ends the subscriptions that `matches` accepts; false if there are none.
template <class F> bool remove_where(const node_ref& n, const void* key, std::size_t hash, PyObject* observer, F&& f) {
    const Records found =
        find_records(n, key, hash, observer, [&](const PythonListener& l, Scope, When) { return f(l); });
    for (const auto& record : found) observe::unsubscribe(*record);
    return !found.empty();
}

} // namespace

PyObject* node_subscribe(PyObject* self, PyObject* args, PyObject* kwargs) {
    return subscribe_to<Scope::Node>(self, args, kwargs);
}
PyObject* node_subscribe_elements(PyObject* self, PyObject* args, PyObject* kwargs) {
    return subscribe_to<Scope::Elements>(self, args, kwargs);
}
PyObject* node_subscribe_structure(PyObject* self, PyObject* args, PyObject* kwargs) {
    return subscribe_to<Scope::Structure>(self, args, kwargs);
}

PyObject* node_unsubscribe(PyObject* self, PyObject* observer) {
    return guarded([&]() -> PyObject* {
        const ObjectGuard guard;
        const bool keys = as_node(self)->step == Step::KeySet;
        if (!is_live(as_node(self))) return py_bool(false); // its subscriptions ended with it
        return py_bool(remove_where(own_node(self), nullptr, 0, observer,
                                    [&](const PythonListener& l) { return l.of_key_set() == keys; }));
    });
}

PyObject* node_has_observers(PyObject* self, void*) {
    return guarded([&]() -> PyObject* {
        const node_ref n = own_node(self);
        if (as_node(self)->step != Step::KeySet) return py_bool(observe::has_observers(n, false));
        bool any = false;
        observe::visit(n, nullptr, 0, [&](Listener& l, Scope, When, const auto&) {
            const auto* python = dynamic_cast<const PythonListener*>(&l);
            return any = python && python->of_key_set();
        });
        return py_bool(any);
    });
}

PyObject* node_has_observers_in_subtree(PyObject* self, void* closure) {
    if (as_node(self)->step == Step::KeySet) return node_has_observers(self, closure);
    return guarded([&]() -> PyObject* { return py_bool(observe::has_observers(own_node(self), true)); });
}

namespace {

/// A key of a dict or set, converted.
struct KeyArgument {
    Arena arena;
    void* value;
    std::size_t hash;
    node_ref node;

    KeyArgument(PyObject* self, PyObject* key) {
        const PathStep start = here(self);
        const TypeMeta& type = *resolve_for_write(as_node(self)).type->scalar; // not a key_set, which is told of keys
        value = arena.make_value(type);
        from_python(type, value, key, &start);
        hash = type.ops->hash(type, value);
        node = resolve_for_write(as_node(self));
    }
};

} // namespace

PyObject* node_subscribe_key(PyObject* self, PyObject* args, PyObject* kwargs) {
    return guarded([&]() -> PyObject* {
        PyObject *key = nullptr, *observer = nullptr;
        const char* when = "end";
        char* names[] = {const_cast<char*>("key"), const_cast<char*>("observer"), const_cast<char*>("when"), nullptr};
        if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OO|s", names, &key, &observer, &when)) throw_python_error();
        const KeyArgument k(self, key);
        add(self, observer, {Scope::Key, when_of(when), k.value, k.hash},
            path_of(as_node(self)) + "[" + short_repr(key) + "]");
        return py_none();
    });
}

PyObject* node_unsubscribe_key(PyObject* self, PyObject* args) {
    return guarded([&]() -> PyObject* {
        PyObject *key = nullptr, *observer = nullptr;
        if (!PyArg_UnpackTuple(args, "unsubscribe_key", 2, 2, &key, &observer)) throw_python_error();
        const ObjectGuard guard;
        const KeyArgument k(self, key);
        return py_bool(remove_where(k.node, k.value, k.hash, observer, [](const PythonListener&) { return true; }));
    });
}

int traverse_observers(const root_context& context, visitproc visit, void* arg) {
    struct State {
        visitproc visit;
        void* arg;
    } state{visit, arg};
    return observe::for_each_listener(
        context,
        [](Listener& l, void* s) {
            const auto* python = dynamic_cast<const PythonListener*>(&l);
            const State& to = *static_cast<State*>(s);
            return python ? to.visit(python->observer(), to.arg) : 0;
        },
        &state);
}

} // namespace hgvalue::python
