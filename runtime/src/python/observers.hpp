// Observers written in Python.
#pragma once

#include "node_object.hpp"

#include <Python.h>

namespace hgvalue::python {

/// Members of every node class, of those with children, and of those with keys; see node_classes.hpp.
PyObject* node_subscribe(PyObject* self, PyObject* args, PyObject* kwargs);
PyObject* node_unsubscribe(PyObject* self, PyObject* observer);
PyObject* node_has_observers(PyObject* self, void*);
PyObject* node_has_observers_in_subtree(PyObject* self, void*);
PyObject* node_subscribe_elements(PyObject* self, PyObject* args, PyObject* kwargs);
PyObject* node_subscribe_structure(PyObject* self, PyObject* args, PyObject* kwargs);
PyObject* node_subscribe_key(PyObject* self, PyObject* args, PyObject* kwargs);
PyObject* node_unsubscribe_key(PyObject* self, PyObject* args);

/// Entries of a method table for the functions above that take keywords.
#define HGVALUE_KEYWORD_METHOD(name, function, doc)                                                                    \
    {name, reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function)), METH_VARARGS | METH_KEYWORDS, doc}
#define HGVALUE_SUBSCRIBE_ELEMENTS                                                                                     \
    HGVALUE_KEYWORD_METHOD("subscribe_elements", node_subscribe_elements,                                              \
                           "subscribe_elements($self, observer, when='end')\n--\n\nHas an observer told of ticks in "  \
                           "which any child changed.")
#define HGVALUE_SUBSCRIBE_STRUCTURE                                                                                    \
    HGVALUE_KEYWORD_METHOD("subscribe_structure", node_subscribe_structure,                                            \
                           "subscribe_structure($self, observer, when='end')\n--\n\nHas an observer told of ticks in " \
                           "which elements came or went.")
#define HGVALUE_SUBSCRIBE_KEY                                                                                          \
    HGVALUE_KEYWORD_METHOD("subscribe_key", node_subscribe_key,                                                        \
                           "subscribe_key($self, key, observer, when='end')\n--\n\nHas an observer told when the "     \
                           "element of a key comes, changes or goes."),                                                \
        {"unsubscribe_key", node_unsubscribe_key, METH_VARARGS,                                                        \
         "unsubscribe_key($self, key, observer, /)\n--\n\nEnds what subscribe_key began; False if nothing did."}

/// Visits the observers of a root, for the garbage collector.
int traverse_observers(const root_context& context, visitproc visit, void* arg);

} // namespace hgvalue::python
