"""View models of the classes in a stub."""

from __future__ import annotations

from hgvalue_gen.emit.plan import Plan
from hgvalue_gen.emit.python.literals import default_literal, docstring, string_literal
from hgvalue_gen.emit.python.names import StubNames
from hgvalue_gen.emit.python.spelling import Annotations
from hgvalue_gen.emit.python.views import Spellings, StubChild, StubClass, StubEnum, StubField, StubNode, StubStruct
from hgvalue_gen.emit.walk import is_comparable, is_hashable
from hgvalue_gen.schema import model as m

_CLASS, _MEMBER = " " * 4, " " * 8


def stub_class(declaration: m.Declaration, plan: Plan, names: StubNames) -> StubClass:
    """Build the view model of one class."""
    match declaration:
        case m.EnumType():
            return StubClass("enum", _enum(declaration, plan, names))
        case m.StructType():
            return StubClass("struct", _struct(declaration, plan, names))
        case m.Bundle():
            return StubClass("node", _bundle(declaration, plan, names))
        case m.Root():
            return StubClass("node", _root(declaration, names))


def _enum(enum: m.EnumType, plan: Plan, names: StubNames) -> StubEnum:
    members = tuple(f"{name} = {value}" for name, value in enum.members)
    return StubEnum(plan.class_name(enum), names.library("enum", "Enum"), docstring(enum.doc, _CLASS), members)


def _struct(struct: m.StructType, plan: Plan, names: StubNames) -> StubStruct:
    annotations = Annotations(names)
    fields = []
    for field in struct.fields:
        accepted = annotations.accepted_scalar(field.type)
        default = f" = {default_literal(field.default)}" if field.has_default else ""
        fields.append(
            StubField(
                name=field.name,
                type=annotations.scalar(field.type),
                doc=docstring(field.doc, _MEMBER),
                parameter=f"{field.name}: {accepted}{default}",
                replacement=f"{field.name}: {accepted} = ...",
            )
        )
    own = {field.name for field in struct.fields}
    return StubStruct(
        name=plan.class_name(struct),
        doc=docstring(struct.doc, _CLASS),
        receiver="_self" if "self" in own else "self",
        fields=tuple(fields),
        match_args=_tuple([string_literal(field.name) for field in struct.fields]),
        hashable=is_hashable(struct),
        comparable=is_comparable(struct),
        use=_spellings(names),
    )


def _bundle(bundle: m.Bundle, plan: Plan, names: StubNames) -> StubNode:
    annotations = Annotations(names)
    children = tuple(
        StubChild(field.name, annotations.node(field.type), annotations.accepted(field.type), docstring(field.doc, _MEMBER))
        for field in bundle.fields
    )
    anonymous = bundle.name is None
    return StubNode(
        name=f"_{plan.class_name(bundle)}" if anonymous else plan.class_name(bundle),
        base=names.library("hgvalue", "TSB"),
        doc=docstring(bundle.doc, _CLASS),
        decorator=f"@{names.library('typing', 'type_check_only')}" if anonymous else "",
        clock="" if anonymous else _clock(names),
        property=names.builtin("property"),
        children=children,
    )


def _root(root: m.Root, names: StubNames) -> StubNode:
    base = Annotations(names).node(root.type)
    return StubNode(root.name, base, docstring(root.doc, _CLASS), "", _clock(names), names.builtin("property"), ())


def _clock(names: StubNames) -> str:
    return f"{names.library('hgvalue', 'EvaluationClock')} | None = None"


def _spellings(names: StubNames) -> Spellings:
    return Spellings(
        property=names.builtin("property"),
        classmethod=names.builtin("classmethod"),
        str=names.builtin("str"),
        bool=names.builtin("bool"),
        int=names.builtin("int"),
        object=names.builtin("object"),
        dict=names.builtin("dict"),
        any=names.library("typing", "Any"),
        self_type=names.library("typing", "Self"),
        class_var=names.library("typing", "ClassVar"),
        dataclass_field=names.library("dataclasses", "Field"),
        mapping=names.library("collections.abc", "Mapping"),
    )


def _tuple(items: list[str]) -> str:
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
