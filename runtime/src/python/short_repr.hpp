// What repr() shows, in a time and a length that do not grow with what there is to show.
#pragma once

#include "convert.hpp"
#include "path.hpp"

#include <hgvalue/value/format.hpp>

#include <string>

namespace hgvalue::python {

/// How many bytes of a value repr() shows, and of its type.
inline constexpr std::size_t longest_repr = 1000, longest_shown_type = 300;

/// The characters of a str; lone surrogates are escaped.
std::string text_of(PyObject* str);
/// The name of an object's class.
std::string type_text(PyObject* o);
/// At most `limit` bytes, cut between characters.
std::string shortened(std::string text, std::size_t limit);

/// Adds repr(o). Of what is too long for `out` it looks at the beginning only: builtin collections, strings, structs.
/// Objects of other classes have a repr of their own, which is made whole and then cut. Throws what that raises.
void add_repr(ShortText& out, PyObject* o);
/// Adds the items of a sequence as those of a list are shown.
void add_items_repr(ShortText& out, PyObject* sequence, char open, char close);
/// Adds the repr of a value's Python form, which is made only if it is short.
void add_form(ShortText& out, const TypeMeta& type, const void* value, Form form = Form::Object);
/// Adds the repr of a struct.
void add_struct_repr(ShortText& out, PyObject* o);

} // namespace hgvalue::python
