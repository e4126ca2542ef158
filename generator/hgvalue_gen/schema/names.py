"""Names that generated classes have for themselves, by kind of class."""

from __future__ import annotations

import keyword
from typing import Final

STRUCT_MEMBERS: Final = frozenset(
    {
        *("to_dict", "from_dict", "to_json", "from_json", "replace"),
        *("encode", "decode", "to_python", "from_python", "to_string"),
    }
)
#: Members of every time series, of bundles, and of bundles as roots; and of a bundle's plain value, which is a struct
#: with the same fields.
BUNDLE_MEMBERS: Final = STRUCT_MEMBERS | {
    *("value", "delta_value", "modified", "valid", "all_valid", "last_modified_time"),
    *("apply_result", "can_apply_result", "invalidate", "clear", "copy_from", "mark_modified"),
    *("subscribe", "unsubscribe", "subscribe_elements", "has_observers", "has_observers_in_subtree"),
    *("delta", "full_delta", "apply", "snapshot", "load"),
    *("path", "owner", "schema", "to_debug_string"),
    *("keys", "values", "items", "as_schema"),
    *("modified_keys", "modified_values", "modified_items", "valid_keys", "valid_values", "valid_items"),
    *("tick", "advance"),
}
#: What a time series of a given name brings along.
SUFFIXES: Final = ("Value", "Delta")


def is_special(name: str) -> bool:
    """Tell whether Python keeps the name for itself, as it does with ``__init__``."""
    return len(name) > 4 and name.startswith("__") and name.endswith("__")


def member_problem(name: str) -> str:
    """Return why an enum cannot have a member of that name; empty if it can."""
    if name == "mro" or is_special(name) or (len(name) > 2 and name[0] == "_" == name[-1]):
        return f"Python keeps the name `{name}` for itself in enums"
    return ""


def is_keyword(name: str) -> bool:
    """Tell whether Python would not accept the name as an attribute."""
    return keyword.iskeyword(name)
