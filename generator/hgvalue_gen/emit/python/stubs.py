"""View models of the classes in a stub."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hgvalue_gen.emit.plan import Plan
from hgvalue_gen.emit.python.literals import default_literal, docstring, string_literal
from hgvalue_gen.emit.python.names import StubNames
from hgvalue_gen.emit.python.spelling import Annotations
from hgvalue_gen.emit.python.views import (
    StubAlias,
    StubChild,
    StubClass,
    StubEnum,
    StubField,
    StubNode,
    StubPlain,
    StubStruct,
)
from hgvalue_gen.schema import model as m

_CLASS, _MEMBER = " " * 4, " " * 8
_WIDTH: Final = 120


def stub_classes(declaration: m.Declaration, plan: Plan, names: StubNames) -> Iterator[StubClass]:
    """Yield the view models of the classes of one declaration."""
    match declaration:
        case m.EnumType():
            yield StubClass("enum", _enum(declaration, plan, names))
        case m.StructType():
            yield StubClass("struct", _struct(declaration, plan, names))
        case m.Bundle():
            yield StubClass("node", _bundle(declaration, plan, names))
            yield StubClass("struct", _bundle_value(declaration, plan, names))
            yield StubClass("plain", _delta(_class_name(declaration, plan), declaration.name is None, names))
        case m.Root():
            yield StubClass("node", _root(declaration, names))
            if isinstance(declaration.type, m.TSB):
                for suffix in ("Value", "Delta"):
                    target = names.named(declaration.type.bundle, suffix)
                    yield StubClass("alias", StubAlias(f"{declaration.name}{suffix}", target))
            else:
                yield StubClass("plain", _root_value(declaration, names))
                yield StubClass("plain", _delta(declaration.name, False, names))


def reference_classes(names: StubNames) -> Iterator[StubClass]:
    """Build the view models of the classes of references to bundles that the others of a stub mention."""
    for name, bundle in names.references:
        target = names.named(bundle)
        base = f"{names.library('hgvalue', 'REF')}[{target}], {target}"
        decorator = f"@{names.library('typing', 'type_check_only')}"
        doc = docstring(f"A reference to a {target}, which reads as that.", _CLASS)
        yield StubClass("node", StubNode(name, base, doc, decorator, "", names.builtin("property"), ()))


def _enum(enum: m.EnumType, plan: Plan, names: StubNames) -> StubEnum:
    members = tuple(f"{name} = {value}" for name, value in enum.members)
    return StubEnum(plan.class_name(enum), names.library("enum", enum.base), docstring(enum.doc, _CLASS), members)


def _class_name(bundle: m.Bundle, plan: Plan) -> str:
    return f"_{plan.class_name(bundle)}" if bundle.name is None else plan.class_name(bundle)


def _bundle_value(bundle: m.Bundle, plan: Plan, names: StubNames) -> StubStruct:
    """Build the struct of what a bundle holds: its fields' plain values, None where one is not valid."""
    annotations = Annotations(names)
    accepted = [(field.name, f"{annotations.accepted_plain(field.type)} | None") for field in bundle.fields]
    attributes = [field for field in bundle.fields if not field.item_only]
    return _stub_struct(
        names,
        name=f"{_class_name(bundle, plan)}Value",
        doc="",
        fields=[field.name for field in bundle.fields],
        parameters=tuple(f"{name}: {type} = None" for name, type in accepted),
        changes=tuple(f"{name}: {type} = ..." for name, type in accepted),
        attributes=tuple(
            StubField(field.name, f"{annotations.plain(field.type)} | None", docstring(field.doc, _MEMBER))
            for field in attributes
        ),
        hashable=plan.facts.are_fields_hashable(bundle),
        comparable=False,
    )


def _root_value(root: m.Root, names: StubNames) -> StubPlain:
    annotations = Annotations(names)
    return StubPlain(
        name=f"{root.name}Value",
        base=names.library("hgvalue", "PlainValue"),
        property=names.builtin("property"),
        accepted=f"{annotations.accepted_plain(root.type)} | {names.library('hgvalue', 'Value')}",
        value=annotations.plain(root.type),
        decorator="",
    )


def _delta(name: str, anonymous: bool, names: StubNames) -> StubPlain:
    decorator = f"@{names.library('typing', 'type_check_only')}" if anonymous else ""
    return StubPlain(f"{name}Delta", names.library("hgvalue", "Delta"), "", "", "", decorator)


def _struct(struct: m.StructType, plan: Plan, names: StubNames) -> StubStruct:
    annotations = Annotations(names)
    attributes = [field for field in struct.fields if not field.item_only]
    return _stub_struct(
        names,
        name=plan.class_name(struct),
        doc=docstring(struct.doc, _CLASS),
        fields=[field.name for field in struct.fields],
        parameters=tuple(_parameters(struct, annotations)),
        changes=tuple(f"{f.name}: {annotations.accepted_scalar(f.type)} = ..." for f in struct.fields),
        attributes=tuple(
            StubField(field.name, annotations.scalar(field.type), docstring(field.doc, _MEMBER)) for field in attributes
        ),
        hashable=plan.facts.is_hashable(struct),
        comparable=plan.facts.is_comparable(struct),
    )


def _stub_struct(
    names: StubNames,
    *,
    name: str,
    doc: str,
    fields: list[str],
    parameters: tuple[str, ...],
    changes: tuple[str, ...],
    attributes: tuple[StubField, ...],
    hashable: bool,
    comparable: bool,
) -> StubStruct:
    field_type = f"{names.library('dataclasses', 'Field')}[{names.library('typing', 'Any')}]"
    return StubStruct(
        name=name,
        base=names.library("hgvalue", "CompoundScalar"),
        doc=doc,
        receiver="_self" if "self" in fields else "self",
        parameters=parameters,
        changes=changes,
        attributes=attributes,
        match_args=_tuple([string_literal(field.name) for field in attributes]),
        hashable=hashable,
        comparable=comparable,
        property=names.builtin("property"),
        bool=names.builtin("bool"),
        self_type=names.library("typing", "Self"),
        class_var=names.library("typing", "ClassVar"),
        dataclass_fields=f"{names.builtin('dict')}[{names.builtin('str')}, {field_type}]",
    )


def _parameters(struct: m.StructType, annotations: Annotations) -> Iterator[str]:
    """Yield the constructor's parameters; from a required one behind an optional one on, they are by name only."""
    seen_default = by_name = False
    for field in struct.fields:
        if seen_default and not field.has_default and not by_name:
            by_name = True
            yield "*"
        seen_default = seen_default or field.has_default
        default = f" = {default_literal(field.default)}" if field.has_default else ""
        yield f"{field.name}: {annotations.accepted_scalar(field.type)}{default}"


def _bundle(bundle: m.Bundle, plan: Plan, names: StubNames) -> StubNode:
    annotations = Annotations(names)
    children = tuple(
        StubChild(
            name=field.name,
            type=annotations.node(field.type),
            setter=_setter(field.name, annotations.accepted(field.type)),
            doc=docstring(field.doc, _MEMBER),
        )
        for field in bundle.fields
        if not field.item_only
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
        snapshot=f"{names.named(bundle, 'Value')} | None",
        delta=names.named(bundle, "Delta"),
    )


def _setter(name: str, accepted: str) -> str:
    """Return a setter's signature, in three lines if it does not fit into one."""
    line = f"def {name}(self, value: {accepted}) -> None: ..."
    if len(_CLASS) + len(line) <= _WIDTH:
        return line
    return f"def {name}(\n{_MEMBER}self, value: {accepted}\n{_CLASS}) -> None: ..."


def _root(root: m.Root, names: StubNames) -> StubNode:
    base = Annotations(names).node(root.type)
    own = not isinstance(root.type, m.TSB)  # what a bundle holds has the bundle's classes
    return StubNode(
        name=root.name,
        base=base,
        doc=docstring(root.doc, _CLASS),
        decorator="",
        clock=_clock(names),
        property=names.builtin("property"),
        children=(),
        snapshot=f"{names.own(f'{root.name}Value')} | None" if own else "",
        delta=names.own(f"{root.name}Delta") if own else "",
    )


def _clock(names: StubNames) -> str:
    return f"{names.library('hgvalue', 'EvaluationClock')} | None = None"


def _tuple(items: list[str]) -> str:
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
