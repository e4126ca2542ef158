"""JSON text of the plain objects that structs are turned into."""

from __future__ import annotations

import json
from typing import Any

from hgvalue._errors import DecodeError, InvalidValueError, WrongTypeError

__all__ = ["decode", "encode"]

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encode(plain: Any) -> str:
    """Return the JSON text of a plain object. Raises WrongTypeError for an object that JSON has no form for."""
    try:
        return _encode(plain)
    except TypeError as error:
        raise WrongTypeError(f"there is no JSON of this value: {error}") from error
    except ValueError as error:  # a list that holds itself
        raise InvalidValueError(f"there is no JSON of this value: {error}") from error


def decode(text: Any) -> Any:
    """Return what a JSON text says. Raises DecodeError for a text that is no JSON."""
    try:
        return json.loads(text)
    except TypeError as error:
        raise WrongTypeError(f"JSON is a str, not {type(text).__name__}") from error
    except ValueError as error:
        raise DecodeError(f"this is no JSON: {error}") from error
