"""Types of values whose parts are shared: written out they are of exponential size, but nobody has to."""

from __future__ import annotations

import time

from hgvalue import TypeMeta, TypeRegistry

LEVELS = 40


def shared(leaf: type) -> TypeMeta:
    """Return a type that uses ``leaf`` in 2 to the power of LEVELS places."""
    registry = TypeRegistry.instance()
    made = registry.tuple(leaf, str)
    for _ in range(LEVELS):
        made = registry.tuple(made, registry.list(made))
    return made


def test_registration_comparison_and_printing_take_no_exponential_time() -> None:
    start = time.process_time()
    first, again, other = shared(int), shared(int), shared(float)
    assert first == again
    assert first != other
    assert first.fingerprint == again.fingerprint
    assert first.fingerprint != other.fingerprint
    assert len(str(first)) < 100_000
    assert time.process_time() - start < 2
