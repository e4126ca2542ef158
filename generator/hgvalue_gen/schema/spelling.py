"""Types as the language writes them: the form in which messages and JSON name them."""

from __future__ import annotations

from hgvalue_gen.schema import model as m

_PLAIN = {"int64": "int", "float64": "float"}


def spell(type: m.ScalarType | m.TimeSeriesType | m.Bundle) -> str:
    """Return the canonical spelling; named types are given without their module."""
    match type:
        case m.Primitive(name=name):
            return _PLAIN.get(name, name)
        case m.EnumType(name=name) | m.StructType(name=name):
            return name
        case m.OptionalType(element=element):
            return f"{spell(element)} | None"
        case m.VariantType(alternatives=alternatives):
            return " | ".join(map(spell, alternatives))
        case m.TupleOf(element=element):
            return f"tuple[{spell(element)}, ...]"
        case m.TupleType(elements=elements):
            return f"tuple[{', '.join(map(spell, elements)) or '()'}]"
        case m.ListType(element=element):
            return f"list[{spell(element)}]"
        case m.SetType(element=element):
            return f"set[{spell(element)}]"
        case m.MapType(key=key, value=value):
            return f"dict[{spell(key)}, {spell(value)}]"
        case m.ArrayType(element=element, size=size):
            return f"Array[{spell(element)}, Size[{size}]]"
        case m.CyclicBufferType(element=element, size=size):
            return f"CyclicBuffer[{spell(element)}, Size[{size}]]"
        case m.QueueType(element=element, capacity=None):
            return f"Queue[{spell(element)}]"
        case m.QueueType(element=element, capacity=capacity):
            return f"Queue[{spell(element)}, Size[{capacity}]]"
        case m.WindowType(element=element, size=length, minimum=minimum):
            return f"Window[{spell(element)}, {_extent(length)}, {_extent(minimum)}]"
        case m.TS(value=value):
            return f"TS[{spell(value)}]"
        case m.REF(target=target):
            return f"REF[{spell(target)}]"
        case m.SIGNAL():
            return "SIGNAL"
        case m.TSB(bundle=bundle):
            return f"TSB[{spell(bundle)}]"
        case m.Bundle(name=None, fields=fields):
            return ", ".join(f'"{field.name}": {spell(field.type)}' for field in fields)
        case m.Bundle(name=name):
            return str(name)
        case m.TSL(child=child, size=None):
            return f"TSL[{spell(child)}]"
        case m.TSL(child=child, size=size):
            return f"TSL[{spell(child)}, Size[{size}]]"
        case m.TSS(element=element):
            return f"TSS[{spell(element)}]"
        case m.TSD(key=key, child=child):
            return f"TSD[{spell(key)}, {spell(child)}]"
        case m.TSW(element=element, size=length, minimum=minimum):
            return f"TSW[{spell(element)}, {_extent(length)}, {_extent(minimum)}]"
        case _:
            raise TypeError(f"not a type of the schema model: {type!r}")


def _extent(size: int | m.timedelta_us) -> str:
    if isinstance(size, int):
        return f"Size[{size}]"
    return f"timedelta(microseconds={size.microseconds})"
