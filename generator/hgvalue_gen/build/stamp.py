"""The record of a finished build, by which the next run knows that there is nothing to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from hgvalue_gen.build.files import digest_file

_FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Stamp:
    """What went into a package and what came out.

    ``request`` is what was asked for, ``tools`` the identities of everything that had a part in it, ``sources``
    and ``outputs`` map paths (absolute ones, and ones relative to the package) to hashes of their contents.
    """

    request: tuple[str, ...]
    tools: Mapping[str, str]
    sources: Mapping[str, str]
    outputs: Mapping[str, str]

    def is_current(self, request: tuple[str, ...], tools: Mapping[str, str], package: Path) -> bool:
        """Tell whether a run with this request and these tools would produce what is there.

        A stamp may know of more tools than are asked about: a compiled package also satisfies a request for its
        text alone.
        """
        return (
            self.request == request
            and all(self.tools.get(name) == identity for name, identity in tools.items())
            and all(digest_file(Path(path)) == digest for path, digest in self.sources.items())
            and all(digest_file(package / name) == digest for name, digest in self.outputs.items())
        )


def read_stamp(path: Path) -> Stamp | None:
    """Return the stamp stored at ``path``; one that is missing, damaged or of another format is ``None``."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("format") != _FORMAT:
            return None
        return Stamp(
            request=tuple(map(str, data["request"])),
            tools=dict(data["tools"]),
            sources=dict(data["sources"]),
            outputs=dict(data["outputs"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def stamp_text(stamp: Stamp) -> str:
    """Return the stored form of a stamp."""
    return json.dumps({"format": _FORMAT, **asdict(stamp)}, indent=1, sort_keys=True) + "\n"
