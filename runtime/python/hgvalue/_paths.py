"""Where this installation keeps the files that C++ builds need.

In an editable install the Python files stay in the source tree while everything CMake installs (module,
headers, library) goes to site-packages; the package's search path names both folders. Headers are always taken
from where the compiled module is, so that both are of the same build.
"""

from __future__ import annotations

from pathlib import Path

from hgvalue._errors import IncompleteInstallationError


def include_dir() -> str:
    """Return the folder to put on a compiler's include path: ``hgvalue/...`` and ``tsl/...`` stand below it.

    Raises :class:`hgvalue.IncompleteInstallationError` if the installation has no headers.
    """
    return _installed("include", "hgvalue/core/runtime_api.hpp")


def cmake_dir() -> str:
    """Return the folder of ``hgvalueConfig.cmake``, for ``-Dhgvalue_DIR=`` or ``CMAKE_PREFIX_PATH``.

    Raises :class:`hgvalue.IncompleteInstallationError` if the installation has no CMake package.
    """
    return _installed("cmake", "hgvalueConfig.cmake")


def _installed(folder: str, witness: str) -> str:
    import hgvalue

    for root in hgvalue.__path__:
        candidate = Path(root, folder)
        if (candidate / witness).is_file():
            return str(candidate)
    looked_in = ", ".join(hgvalue.__path__)
    raise IncompleteInstallationError(
        f"hgvalue is installed without its '{folder}' folder (looked in {looked_in}); reinstall hgvalue"
    )
