"""The registry of codes. A code never changes its meaning and is never used again for another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Code:
    """``title`` says in a few words what is wrong, ``explanation`` why it is and what is right."""

    id: str
    title: str
    explanation: str


_ALL: Final = (
    # -- reading ----------------------------------------------------------------------------------------------
    Code("HGT001", "syntax error", "The text is not of the form that a schema file has."),
    Code("HGT002", "bracket not closed", "Every bracket is closed by its counterpart before the statement ends."),
    Code("HGT003", "malformed literal", "Strings and numbers are written as in Python."),
    Code("HGT004", "wrong indentation", "Indentation follows Python: a block is indented, and ends at an outer level."),
    Code("HGT005", "character not allowed", "The character means nothing outside strings and comments."),
    Code(
        "HGT006",
        "nested too deeply",
        "Types and brackets nest 100 levels deep at most, and types stay of a size that can be handled.",
    ),
    Code("HGT007", "file cannot be read", "The file is missing, is a folder, or may not be read."),
    Code("HGT008", "not UTF-8", "Schema files are UTF-8, with or without a byte order mark."),
    Code("HGT009", "nothing declared", "A schema given to the generator declares at least one class or root."),
    # -- names ------------------------------------------------------------------------------------------------
    Code("HGT010", "unknown name", "The name is neither declared, nor imported, nor part of the language."),
    Code("HGT011", "duplicate name", "A name is declared once in a file, and a field or member once in a class."),
    Code(
        "HGT012",
        "not hashable",
        "Keys and elements of sets need a hash that never changes; what can change has none.",
    ),
    Code(
        "HGT013",
        "time-series type where a scalar is needed",
        "Scalars hold plain values; time series hold scalars, not the reverse.",
    ),
    Code(
        "HGT014",
        "scalar where a time-series type is needed",
        "Fields of a TimeSeriesSchema and children of TSL and TSD are time series.",
    ),
    Code("HGT015", "wrong number of type arguments", "Each generic type takes a fixed number of arguments."),
    Code("HGT016", "size not positive", "Sizes are at least 1, durations longer than nothing; minimums may be 0."),
    Code("HGT017", "minimum above size", "A window can never hold more than its size."),
    Code(
        "HGT018",
        "wrong size or duration",
        "A size is an integer or `Size[n]`, a duration is `timedelta(...)`, both within range.",
    ),
    Code("HGT019", "cyclic import", "Files import each other in one direction only."),
    Code("HGT020", "cyclic alias", "An alias or constant stands for something else in the end, not for itself."),
    Code(
        "HGT021",
        "impossible recursion",
        "A CompoundScalar may hold itself through `| None`, list or dict, a TimeSeriesSchema through TSD or a "
        "dynamic TSL; otherwise it would be infinite.",
    ),
    Code(
        "HGT022",
        "field name clashes with a member",
        "The generated class has a member of that name; `Annotated[T, item_only]` makes a field that is reached "
        "by `[name]` alone.",
    ),
    Code(
        "HGT023",
        "generated name clashes",
        "`Quote` also gives `QuoteValue` and `QuoteDelta`, so no other declaration may be called so.",
    ),
    Code("HGT024", "default of the wrong type", "A default is a literal of the field's type and within its range."),
    Code("HGT025", "default on a time-series field", "Time series start out not valid; they have no defaults."),
    Code("HGT026", "enum value repeated", "The values of an enum are distinct."),
    Code("HGT027", "wrong enum value", "An enum value is an integer of 64 bits with sign, or `auto()`."),
    # -- what the language has --------------------------------------------------------------------------------
    Code(
        "HGT028",
        "statement not accepted",
        "A schema file holds imports, classes, aliases and constants; a class holds fields or members.",
    ),
    Code("HGT029", "expression not accepted", "Expressions are names, literals, types, and calls of timedelta."),
    Code("HGT030", "type expected", "Something else stands where a type belongs."),
    Code(
        "HGT031",
        "import not found",
        "No schema file of that name lies beside the importing file or in a folder given by -I.",
    ),
    Code("HGT032", "name not in the imported module", "The imported file does not declare that name."),
    Code(
        "HGT033",
        "two files for one module",
        "Each file of a schema becomes a module of its own, so their names differ.",
    ),
    Code(
        "HGT034",
        "file name unusable",
        "A schema file becomes a Python module, and Python keeps names such as `__init__` for itself.",
    ),
    Code(
        "HGT035",
        "wrong base class",
        "A class derives from Enum, CompoundScalar or TimeSeriesSchema, and from one of them alone.",
    ),
    Code("HGT036", "class without fields", "A class has at least one field or member."),
    Code("HGT037", "name of the language", "The names of built-in types keep their meaning."),
    Code(
        "HGT038",
        "decorator not accepted",
        "`@dataclass` and `@unique` are accepted and mean nothing; there are no others.",
    ),
    Code("HGT039", "keyword as a name", "A keyword of Python cannot be a name in generated Python classes."),
    Code("HGT040", "wrong marker", "A field's type may be wrapped as `Annotated[T, item_only]`, and in no other way."),
    Code(
        "HGT041",
        "alternative never chosen",
        "A union takes the first alternative that keeps a value as it is; after one that keeps all of its values, an "
        "alternative is never taken.",
    ),
    Code("HGT050", "not supported yet", "The language has this construct, but the generator cannot build it yet."),
)

CODES: Final[dict[str, Code]] = {code.id: code for code in _ALL}
