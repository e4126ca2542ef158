"""Reading types: what a type is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import TypeVar

from hgvalue_gen.schema import model as m

_T = TypeVar("_T")
_P = TypeVar("_P")


def parts_of(scalar: m.ScalarType) -> tuple[m.ScalarType, ...]:
    """Return the types a scalar type is built from; fields of a struct count, members of an enum do not."""
    match scalar:
        case m.StructType():
            return tuple(field.type for field in scalar.fields)
        case m.TupleType():
            return scalar.elements
        case m.VariantType():
            return scalar.alternatives
        case m.MapType():
            return (scalar.key, scalar.value)
        case (
            m.OptionalType() | m.TupleOf() | m.ListType() | m.SetType()
            | m.ArrayType() | m.CyclicBufferType() | m.QueueType() | m.WindowType()
        ):  # fmt: skip
            return (scalar.element,)
    return ()


def children_of(node: m.TimeSeriesType) -> tuple[m.TimeSeriesType, ...]:
    """Return the time series right below one."""
    match node:
        case m.TSB():
            return tuple(field.type for field in node.bundle.fields)
        case m.TSL() | m.TSD():
            return (node.child,)
        case m.REF():
            return (node.target,)
    return ()


def scalars_of(node: m.TimeSeriesType) -> tuple[m.ScalarType, ...]:
    """Return the scalar types a time series names itself."""
    match node:
        case m.TS():
            return (node.value,)
        case m.TSS() | m.TSW():
            return (node.element,)
        case m.TSD():
            return (node.key,)
    return ()


def nominal_scalars(scalar: m.ScalarType) -> Iterator[m.EnumType | m.StructType]:
    """Yield the enums and structs spelled in a type, without looking into the structs."""
    if isinstance(scalar, m.EnumType | m.StructType):
        yield scalar
    else:
        for part in parts_of(scalar):
            yield from nominal_scalars(part)


def nominal_parts(node: m.TimeSeriesType) -> Iterator[m.EnumType | m.StructType | m.Bundle]:
    """Yield the enums, structs and bundles spelled in a time-series type, without looking into the bundles."""
    if isinstance(node, m.TSB):
        yield node.bundle
        return
    for scalar in scalars_of(node):
        yield from nominal_scalars(scalar)
    for child in children_of(node):
        yield from nominal_parts(child)


def types_used_by(declaration: m.Declaration) -> Iterator[m.EnumType | m.StructType | m.Bundle]:
    """Yield the named types a declaration spells."""
    match declaration:
        case m.StructType():
            for field in declaration.fields:
                yield from nominal_scalars(field.type)
        case m.Bundle():
            for bundle_field in declaration.fields:
                yield from nominal_parts(bundle_field.type)
        case m.Root():
            yield from nominal_parts(declaration.type)


def key_of(declaration: m.EnumType | m.StructType | m.Bundle) -> str:
    """Return what identifies a type: ``module:name``, or the shape of an anonymous bundle.

    The types themselves would do as dictionary keys, but hashing one walks everything below it, every time.
    """
    if declaration.name is not None:
        return f"{declaration.module}:{declaration.name}"
    return "{" + ", ".join(f"{field.name}: {_shape(field.type)}" for field in declaration.fields) + "}"


def _shape(part: object) -> str:
    match part:
        case m.EnumType() | m.StructType() | m.Bundle():
            return key_of(part)
        case _ if is_dataclass(part):
            inner = ", ".join(_shape(getattr(part, f.name)) for f in fields(part) if f.compare)
            return f"{type(part).__name__}({inner})"
        case tuple():
            return f"[{', '.join(map(_shape, part))}]"
    return repr(part)


class Facts:
    """What the runtime will find out about types, worked out once for each type however many others share it."""

    def __init__(self) -> None:
        # By identity. The types are kept with their answers, so that no other type can get the identity of one.
        self._known: dict[tuple[str, int], tuple[object, bool]] = {}

    def is_hashable(self, scalar: m.ScalarType) -> bool:
        """Tell whether values of the type have a hash, as the runtime's ``flags_of`` decides."""
        match scalar:
            case m.Primitive():
                return scalar.name != "object"
            case m.EnumType() | m.SetType():
                return True
            case m.MapType():
                return self.is_hashable(scalar.value)
            case m.OptionalType() | m.VariantType() | m.TupleOf() | m.TupleType() | m.StructType():
                return self._all("hashable", scalar, self.is_hashable, parts_of)
        return False

    def is_plain_hashable(self, node: m.TimeSeriesType) -> bool:
        """Tell whether what a time series holds has a hash, as the runtime's ``snapshot_type`` decides."""
        match node:
            case m.TS():
                return self.is_hashable(node.value)
            case m.TSS() | m.SIGNAL():
                return True
            case m.TSB(bundle=bundle):
                return self.are_fields_hashable(bundle)
            case m.TSD() | m.TSL(size=None) | m.REF():
                return all(map(self.is_plain_hashable, children_of(node)))
        return False

    def are_fields_hashable(self, bundle: m.Bundle) -> bool:
        """Tell the same of the fields of a bundle."""
        return self._all("plain hashable", bundle, self.is_plain_hashable, _field_types)

    def is_comparable(self, scalar: m.ScalarType) -> bool:
        """Tell whether values of the type have an order, as the runtime's ``flags_of`` decides."""
        match scalar:
            case m.Primitive():
                return scalar.name != "object"
            case m.EnumType():
                return True
            case m.ListType() | m.TupleOf() | m.TupleType() | m.StructType() | m.ArrayType():
                return self._all("comparable", scalar, self.is_comparable, parts_of)
        return False

    def has_references(self, node: m.TimeSeriesType) -> bool:
        """Tell whether a time series is a reference, or has some below it."""
        if isinstance(node, m.TSB):
            return self.has_reference_fields(node.bundle)
        return isinstance(node, m.REF) or any(map(self.has_references, children_of(node)))

    def has_reference_fields(self, bundle: m.Bundle) -> bool:
        """Tell whether a bundle has references below it."""
        return not self._all("free of references", bundle, lambda field: not self.has_references(field), _field_types)

    def is_moved(self, scalar: m.ScalarType) -> bool:
        """Tell whether a by-value parameter of the C++ type is worth a ``std::move``."""
        match scalar:
            case m.Primitive():
                return scalar.name in ("str", "bytes", "object")
            case m.EnumType():
                return False
            case m.OptionalType() | m.ArrayType() | m.TupleType() | m.VariantType() | m.StructType():
                return not self._all("copied", scalar, lambda part: not self.is_moved(part), parts_of)
        return True

    def _all(self, fact: str, type: _T, holds: Callable[[_P], bool], parts: Callable[[_T], Iterable[_P]]) -> bool:
        key = fact, id(type)
        if key not in self._known:
            self._known[key] = type, all(map(holds, parts(type)))
        return self._known[key][1]


def _field_types(bundle: m.Bundle) -> Iterator[m.TimeSeriesType]:
    return (field.type for field in bundle.fields)
