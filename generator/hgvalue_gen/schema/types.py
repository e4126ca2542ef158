"""Type expressions → types of the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeVar

from hgvalue_gen.diagnostics import Location, Note, Span, did_you_mean
from hgvalue_gen.schema import literals, names
from hgvalue_gen.schema import model as m
from hgvalue_gen.schema.constants import ConstantFolder
from hgvalue_gen.schema.pool import AnyType
from hgvalue_gen.schema.program import LOST, Builtin, Kind, Member, Namespace, Program, Symbol, Unit
from hgvalue_gen.schema.unions import warn_of_unions
from hgvalue_gen.schema.vocabulary import ARGUMENTS, CONSTRUCTORS, NAMES, PRIMITIVES, TYPE_NAMES
from hgvalue_gen.syntax import nodes as n

Argument: TypeAlias = "n.Expression | n.Pair"
_T = TypeVar("_T", bound=AnyType)


class TypeResolver:
    """Makes the types named in one file. Whatever is wrong is reported once, and gives None."""

    def __init__(self, program: Program, unit: Unit) -> None:
        self._program = program
        self._unit = unit
        self._constants = ConstantFolder(program, unit)
        #: Types by the texts that name them. A text means the same all over a file, and large files repeat a few.
        self._known: dict[str, AnyType] = {}

    def scalar(self, node: Argument) -> m.ScalarType | None:
        """Return the scalar type that ``node`` names."""
        found = self.any(node)
        if found is None or isinstance(found, m.ScalarType):
            return found
        text = self._quote(node.span)
        inner = found.value if isinstance(found, m.TS) else None
        is_bundle = isinstance(found, m.TSB | m.Bundle)
        self._error(
            "HGT013",
            f"`{text}` is a time-series type, where a scalar is needed",
            node.span,
            help="use the scalar itself, without `TS[...]`" if inner else "use a CompoundScalar" if is_bundle else "",
        )
        return None

    def time_series(self, node: Argument) -> m.TimeSeriesType | None:
        """Return the time-series type that ``node`` names; the bare name of a schema means a TSB of it."""
        found = self.any(node)
        if isinstance(found, m.Bundle):
            return self._make(node, m.TSB, found)
        if found is None or isinstance(found, m.TimeSeriesType):
            return found
        text = self._quote(node.span)
        self._error(
            "HGT014", f"`{text}` is a scalar, where a time-series type is needed", node.span, help=f"write `TS[{text}]`"
        )
        return None

    def any(self, node: Argument) -> AnyType | None:
        """Return whatever type ``node`` names, a schema by its bare name included."""
        start, end = node.span
        text = self._unit.source.text[start:end]
        found = self._known.get(text)
        if found is None:
            errors = self._program.reporter.error_count
            found = self._any(node)
            if found is not None and self._program.reporter.error_count == errors:
                self._known[text] = found
        return found

    def _any(self, node: Argument) -> AnyType | None:
        match node:
            case n.Path():
                return self._name(node)
            case n.Subscript():
                return self._subscript(node)
            case n.Union(members=members):
                return self._union(node, members)
            case n.Broken():
                return None
            case n.String():
                help = "drop the quotes: declarations may be in any order"
            case n.Constant(text="None"):
                help = "write `T | None` for a value that may be missing"
            case n.Number():
                help = "a size belongs in the second place, after a type"
            case _:
                help = "write a name, or a name with arguments such as `list[int]`"
        self._error("HGT030", f"`{self._quote(node.span)}` is not a type", node.span, help=help)
        return None

    # -- names ------------------------------------------------------------------------------------------------

    def _name(self, node: n.Path) -> AnyType | None:
        binding = self._program.find(self._unit, node)
        match binding:
            case Symbol(kind=Kind.CONSTANT, broken=False) | Member() | Namespace():
                what = "a module" if isinstance(binding, Namespace) else "a value"
                self._error("HGT030", f"`{node.text}` is {what}, not a type", node.span)
            case Symbol(type=type):
                return type
            case Builtin(name=name):
                return self._builtin(node, name)
            case None:
                self._program.unknown(self._unit, node)
            case _:
                assert binding is LOST
        return None

    def _builtin(self, node: n.Path, name: str) -> AnyType | None:
        constructor = CONSTRUCTORS.get(name)
        if name in PRIMITIVES:
            return self._program.pool.make(m.Primitive, PRIMITIVES[name].name)
        if constructor == "SIGNAL":
            return self._program.pool.make(m.SIGNAL)
        if constructor is not None:
            self._arity(node, constructor, 0)
        elif name in NAMES:
            self._error("HGT030", f"`{node.text}` is not a type", node.span)
        else:
            self._error(
                "HGT010", f"`{name}` is no name of the language", node.span, help=did_you_mean(name, TYPE_NAMES)
            )
        return None

    # -- generic types ----------------------------------------------------------------------------------------

    def _subscript(self, node: n.Subscript) -> AnyType | None:
        binding = self._program.find(self._unit, node.base)
        constructor = CONSTRUCTORS.get(binding.name) if isinstance(binding, Builtin) else None
        if constructor is None:
            self._not_generic(node)
            return None
        if constructor == "SIGNAL":
            self._not_generic(node)
            return None
        if not self._arity(node, constructor, len(node.items)):
            return None
        pair = next((item for item in node.items if isinstance(item, n.Pair)), None)
        if pair is not None and constructor != "TSB":
            self._error("HGT030", f"`{self._quote(pair.span)}` is not a type", pair.span)
            return None
        build: Callable[[n.Subscript], AnyType | None] = getattr(self, f"_build_{constructor}".lower())
        return build(node)

    def _not_generic(self, node: n.Subscript) -> None:
        match self._program.find(self._unit, node.base):
            case None:
                self._program.unknown(self._unit, node.base)
            case Symbol(broken=True):
                pass
            case binding if binding is LOST:
                pass
            case Builtin(name="Annotated"):
                self._error("HGT040", "`Annotated` is accepted around the whole type of a field only", node.span)
            case Builtin(name="Generic" | "TypeVar"):
                self._program.unsupported("generic types are", self._unit, node.span)
            case _:
                count = len(node.items)
                self._error(
                    "HGT015", f"`{node.base.text}` takes no type arguments, but {count} {_is(count)} given", node.span
                )

    def _arity(self, node: n.Path | n.Subscript, constructor: str, count: int) -> bool:
        least, most, form = ARGUMENTS[constructor]
        if least <= count <= most:
            return True
        name = (node.base if isinstance(node, n.Subscript) else node).text
        wanted = f"{least}" if least == most else f"{least} or more" if most > 9 else f"{least} to {most}"
        given = f"{count} {_is(count)}" if count else "none is"
        plural = "argument" if wanted == "1" else "arguments"
        self._error(
            "HGT015", f"`{name}` takes {wanted} type {plural}, but {given} given", node.span, help=f"write `{form}`"
        )
        return False

    def _make(self, node: Argument, kind: type[_T], *arguments: Any) -> _T | None:
        """Make a type, unless a part of it is missing; what it finds wrong with itself is reported at the part."""
        if any(argument is None for argument in arguments):
            return None
        return self._make_of(node, kind, *arguments)

    def _make_of(self, node: Argument, kind: type[_T], *arguments: Any) -> _T | None:
        try:
            return self._program.pool.make(kind, *arguments)
        except m.SchemaTypeError as error:
            span = node.span
            if isinstance(node, n.Subscript) and error.code != "HGT006":
                span = node.items[min(error.argument, len(node.items) - 1)].span
            self._error(error.code, str(error), span, label=error.label, help=error.help)
            return None

    def _build_ts(self, node: n.Subscript) -> AnyType | None:
        return self._make(node, m.TS, self.scalar(node.items[0]))

    def _build_tss(self, node: n.Subscript) -> AnyType | None:
        return self._make(node, m.TSS, self.scalar(node.items[0]))

    def _build_ref(self, node: n.Subscript) -> AnyType | None:
        return self._make(node, m.REF, self.time_series(node.items[0]))

    def _build_tsd(self, node: n.Subscript) -> AnyType | None:
        return self._make(node, m.TSD, self.scalar(node.items[0]), self.time_series(node.items[1]))

    def _build_tsl(self, node: n.Subscript) -> AnyType | None:
        child = self.time_series(node.items[0])
        if len(node.items) == 1:
            return self._make_of(node, m.TSL, child, None) if child else None
        return self._make(node, m.TSL, child, self._constants.size(node.items[1], duration=False))

    def _build_tsw(self, node: n.Subscript) -> AnyType | None:
        return self._window(node, m.TSW)

    def _build_window(self, node: n.Subscript) -> AnyType | None:
        return self._window(node, m.WindowType)

    def _window(self, node: n.Subscript, kind: type[m.TSW | m.WindowType]) -> AnyType | None:
        element = self.scalar(node.items[0])
        size = self._constants.size(node.items[1], duration=True)
        if len(node.items) == 3:
            minimum = self._constants.size(node.items[2], duration=True)
        else:
            minimum = m.timedelta_us(0) if isinstance(size, m.timedelta_us) else 0
        if minimum == 0 and isinstance(size, m.timedelta_us):
            minimum = m.timedelta_us(0)  # nothing is nothing in every unit
        return self._make(node, kind, element, size, minimum)

    def _build_tsb(self, node: n.Subscript) -> AnyType | None:
        if any(isinstance(item, n.Pair) for item in node.items):
            return self._anonymous(node)
        if len(node.items) != 1:
            self._error("HGT015", f"`TSB` takes 1 schema, but {len(node.items)} are given", node.span)
            return None
        item = node.items[0]
        found = self.any(item)
        if found is not None and not isinstance(found, m.Bundle):
            text = self._quote(item.span)
            code = "HGT014" if isinstance(found, m.ScalarType) else "HGT030"
            self._error(code, f"`{text}` is not a TimeSeriesSchema", item.span, help="`TSB[...]` takes a schema's name")
            return None
        return self._make(node, m.TSB, found)

    def _anonymous(self, node: n.Subscript) -> AnyType | None:
        fields: dict[str, m.BundleField] = {}
        places: dict[str, Span] = {}
        complete = True
        for item in node.items:
            name = self._field_name(item)
            if name is None or not isinstance(item, n.Pair):
                complete = False
                continue
            if name in places:
                note = Note("first declared here", Location(self._unit.source, places[name]))
                self._error("HGT011", f"field `{name}` is declared twice", item.key.span, notes=(note,))
                complete = False
            places[name] = item.key.span
            type, item_only = self.field(item.value, self.time_series)
            if type is None:
                complete = False
                continue
            self.check_member(name, item.key.span, names.BUNDLE_MEMBERS, item_only)
            fields[name] = m.BundleField(name, type, item_only=item_only)
        if not complete:
            return None
        return self._make(node, m.TSB, self._make_of(node, m.Bundle, "", None, tuple(fields.values())))

    def _field_name(self, item: Argument) -> str | None:
        if isinstance(item, n.Pair) and isinstance(item.key, n.String):
            try:
                name = literals.string(item.key)
            except literals.LiteralError as error:
                self._error("HGT003", str(error), item.key.span)
                return None
            if isinstance(name, str) and name.isidentifier() and not names.is_keyword(name):
                return name
            self._error("HGT030", f"`{self._quote(item.key.span)}` cannot be the name of a field", item.key.span)
            return None
        if not isinstance(item, n.Pair) or not isinstance(item.key, n.Broken):
            help = 'write `"name": TS[T]` for each field of an anonymous schema'
            self._error("HGT030", f"`{self._quote(item.span)}` is not a field", item.span, help=help)
        return None

    # -- scalars ----------------------------------------------------------------------------------------------

    def _build_list(self, node: n.Subscript) -> AnyType | None:
        return self._make(node, m.ListType, self.scalar(node.items[0]))

    def _build_set(self, node: n.Subscript) -> AnyType | None:
        return self._make(node, m.SetType, self.scalar(node.items[0]))

    def _build_dict(self, node: n.Subscript) -> AnyType | None:
        return self._make(node, m.MapType, self.scalar(node.items[0]), self.scalar(node.items[1]))

    def _build_tuple(self, node: n.Subscript) -> AnyType | None:
        items = node.items
        if len(items) == 2 and isinstance(items[1], n.Constant) and items[1].text == "...":
            return self._make(node, m.TupleOf, self.scalar(items[0]))
        if len(items) == 1 and isinstance(items[0], n.Display) and not items[0].items:
            items = ()  # tuple[()], the type of the empty tuple
        elements = tuple(self.scalar(item) for item in items)
        return None if None in elements else self._make(node, m.TupleType, elements)

    def _build_array(self, node: n.Subscript) -> AnyType | None:
        size = self._constants.size(node.items[1], duration=False)
        return self._make(node, m.ArrayType, self.scalar(node.items[0]), size)

    def _build_cyclicbuffer(self, node: n.Subscript) -> AnyType | None:
        size = self._constants.size(node.items[1], duration=False)
        return self._make(node, m.CyclicBufferType, self.scalar(node.items[0]), size)

    def _build_queue(self, node: n.Subscript) -> AnyType | None:
        element = self.scalar(node.items[0])
        if len(node.items) == 1:
            return self._make_of(node, m.QueueType, element, None) if element else None
        return self._make(node, m.QueueType, element, self._constants.size(node.items[1], duration=False))

    def _build_optional(self, node: n.Subscript) -> AnyType | None:
        return self._optional(node, self.scalar(node.items[0]))

    def _build_union(self, node: n.Subscript) -> AnyType | None:
        return self._union(node, node.items)

    def _optional(self, node: Argument, element: m.ScalarType | None) -> AnyType | None:
        return element if isinstance(element, m.OptionalType) else self._make(node, m.OptionalType, element)

    def _union(self, node: Argument, members: tuple[Argument, ...]) -> AnyType | None:
        typed = [member for member in members if not (isinstance(member, n.Constant) and member.text == "None")]
        found = [self.scalar(member) for member in typed]
        if None in found:
            return None
        distinct: dict[int, tuple[m.ScalarType, Span]] = {}
        optional = len(typed) < len(members)
        for type, member in zip(found, typed, strict=True):
            assert type is not None
            optional = optional or isinstance(type, m.OptionalType)
            plain = type.element if isinstance(type, m.OptionalType) else type
            distinct.setdefault(id(plain), (plain, member.span))
        if len(distinct) > 1:
            warn_of_unions(self._program, self._unit, distinct)
            variant = self._make_of(node, m.VariantType, tuple(type for type, _ in distinct.values()))
            return self._optional(node, variant) if optional and variant else variant
        if not distinct:
            self._error("HGT030", "`None` alone is not a type", node.span, help="write `T | None`")
            return None
        ((element, _),) = distinct.values()
        return self._optional(node, element) if optional else element

    # -- fields -----------------------------------------------------------------------------------------------

    def field(self, node: n.Expression, resolve: Callable[[Argument], Any]) -> tuple[Any, bool]:
        """Return the type of a field by ``resolve``, and whether it is marked as ``item_only``."""
        if not isinstance(node, n.Subscript) or self._program.find(self._unit, node.base) != Builtin("Annotated"):
            return resolve(node), False
        markers = node.items[1:]
        for marker in markers:
            if not isinstance(marker, n.Path) or self._program.find(self._unit, marker) != Builtin("item_only"):
                self._error("HGT040", f"`{self._quote(marker.span)}` is not a marker", marker.span, help=_MARKER)
        if not markers:
            self._error("HGT040", "`Annotated` has no marker", node.span, help=_MARKER)
        return resolve(node.items[0]), True

    def check_member(self, name: str, span: Span, members: frozenset[str], item_only: bool) -> None:
        """Report a field that would hide a member of its class, unless it asks for access by item alone."""
        if item_only or not (name in members or names.is_special(name)):
            return
        self._error(
            "HGT022",
            f"field `{name}` clashes with a member of the generated class",
            span,
            help=f'rename it, or write `{name}: Annotated[..., item_only]` to reach it by `["{name}"]` alone',
        )

    def _quote(self, span: Span) -> str:
        text = self._unit.source.slice(span)
        return text if len(text) <= 60 else f"{text[:59]}…"

    def _error(
        self, code: str, message: str, span: Span, *, label: str = "", help: str = "", notes: tuple[Note, ...] = ()
    ) -> None:
        self._program.error(code, message, self._unit, span, label=label, help=help, notes=notes)


_MARKER: Final = "the marker is `item_only`: the field is reached by `[name]` alone"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
