"""Each interpreter has a state of its own, or is refused, whoever imports first; the others go on either way.

From Python 3.12 on a subinterpreter refuses nanobind's backend, and so hgvalue.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.compile

CHILD = '''
import sys
sys.path.insert(0, sys.argv[1])
try:
    import _xxsubinterpreters as sub
except ImportError:
    import _interpreters as sub
work = "import {name} as m; r = m.Root(); r.advance(1); r.one.value = 3; assert r.snapshot().one == 3"
if sys.argv[2] == "main first":
    exec(work)
source = f"""
import sys
sys.path.insert(0, {{sys.argv[1]!r}})
if sys.version_info < (3, 12):
    exec({{work!r}})
else:
    for name in ("hgvalue", "{name}"):
        try:
            __import__(name)
        except ImportError as error:
            assert "interpreters" in str(error), error
        else:
            raise SystemError("not refused")
"""
for _ in range(2):
    other = sub.create()
    failed = sub.run_string(other, source)
    assert failed is None, failed
    sub.destroy(other)
exec(work)
import threading
failures = []
threading.excepthook = failures.append
threads = [threading.Thread(target=exec, args=(work, {{}})) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not failures
'''

AGAIN = """
import sys
sys.path.insert(0, sys.argv[1])
import hgvalue
old = hgvalue.Value("list[int]", [1])
for name in [name for name in sys.modules if name.split(".")[0] == "hgvalue"]:
    del sys.modules[name]
import hgvalue as again
assert again.Value is hgvalue.Value and again.view(old)[0].value == 1
try:
    again.Value("int", "x")
except again.HgValueError:
    pass
"""


def run(code: str, *arguments: str) -> None:
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("order", ["main first", "subinterpreter first"])
def test_subinterpreters(m: ModuleType, order: str) -> None:
    package = Path(str(m.__file__)).parent
    run(CHILD.format(name=package.name), str(package.parent), order)


def test_a_package_that_was_forgotten_is_imported_again() -> None:
    run(AGAIN, "")
