"""JSON text of the plain objects that structs are turned into."""

from __future__ import annotations

import json

__all__ = ["decode", "encode"]

encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
decode = json.loads
