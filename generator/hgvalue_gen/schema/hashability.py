"""Why a type is not hashable, and what to use instead."""

from __future__ import annotations

from hgvalue_gen.schema import model as m
from hgvalue_gen.schema.spelling import spell


def explain(type: m.ScalarType, plural: str) -> tuple[str, str]:
    """Return a label and a help text for a type that is not hashable; ``plural`` says what it should have been."""
    part, steps = _culprit(type)
    reason, help = _reason(part)
    label = f"{reason}, so they cannot be {plural}"
    if steps:
        label = f"it holds `{spell(part)}`{_where(steps)}; {label}"
    return label, help


def _culprit(type: m.ScalarType) -> tuple[m.ScalarType, list[str]]:
    """Return the innermost type that is to blame, and the fields on the way to it."""
    steps: list[str] = []
    while True:
        match type:
            case m.StructType(fields=fields):
                field = next(field for field in fields if not field.type.hashable)
                steps.append(f"{type.name}.{field.name}")
                type = field.type
            case m.OptionalType(element=element) | m.TupleOf(element=element):
                steps.append("")
                type = element
            case m.TupleType(elements=elements) | m.VariantType(alternatives=elements):
                steps.append("")
                type = next(element for element in elements if not element.hashable)
            case _:
                return type, steps


def _where(steps: list[str]) -> str:
    fields = [step for step in steps if step]
    return f" in `{fields[-1]}`" if fields else ""


def _reason(part: m.ScalarType) -> tuple[str, str]:
    match part:
        case m.ListType(element=element):
            return "lists can change", f"use `tuple[{spell(element)}, ...]`"
        case m.MapType(key=key, value=value):
            return "dicts can change", f"use `tuple[tuple[{spell(key)}, {spell(value)}], ...]`"
        case m.ArrayType(element=element, size=size):
            elements = ", ".join([spell(element)] * size) if size <= 4 else f"{spell(element)}, ..."
            return "arrays can change", f"use `tuple[{elements}]`"
        case m.CyclicBufferType():
            return "cyclic buffers can change", f"use `tuple[{spell(part.element)}, ...]`"
        case m.QueueType():
            return "queues can change", f"use `tuple[{spell(part.element)}, ...]`"
        case m.WindowType():
            return "windows can change", f"use `tuple[{spell(part.element)}, ...]`"
        case _:
            return "objects may change", "use a type whose values are known, such as `str`"
