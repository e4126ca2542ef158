"""Compiling generated C++ into an extension module, through CMake and Ninja, in a tree that is kept."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from hgvalue_gen.build.errors import CompileError, OutputError, ToolError
from hgvalue_gen.build.files import digest_file, remove, write_files
from hgvalue_gen.build.identity import file_identity, runtime_identity, runtime_root
from hgvalue_gen.build.options import BuildOptions
from hgvalue_gen.build.progress import Progress
from hgvalue_gen.build.toolchain import NO_PYTHON_HEADERS, Toolchain

#: The file of a tree that tells what its last build left there.
_LEFT: Final = "left.json"
_STATUS: Final = re.compile(r"\[(\d+)/(\d+)\] (.*)")


def build_native(
    tree: Path, texts: Mapping[str, str], shown: Path, options: BuildOptions, tools: Toolchain, progress: Progress
) -> tuple[Path, bool]:
    """Compile ``texts`` (names relative to the C++ folder) and return the module's file and whether anything ran.

    The compiler works on a copy inside ``tree``: paths relative to it are the same wherever the package is, so
    ccache knows the same code again. Messages name ``shown``, the folder in the package, instead.
    Raises :class:`~hgvalue_gen.build.errors.CompileError` with the compiler's output, or
    :class:`~hgvalue_gen.build.errors.ToolError` if CMake cannot set the build up.
    """
    source, build = tree / "src", tree / "build"
    if not _is_as_left(tree):
        remove(source)
        remove(build)
    write_files(source, texts)
    _remove_others(source, texts)
    environment = os.environ | {
        "NINJA_STATUS": "[%f/%t] ",
        "CCACHE_NOHASHDIR": "1",
        "CLICOLOR_FORCE": "0",
    }
    if "$" not in str(tree):  # ccache would look for variables in it
        environment["CCACHE_BASEDIR"] = str(tree)
    if options.sanitize:
        # A sanitizer's runtime that is preloaded for Python would only slow the compiler down.
        environment.pop("LD_PRELOAD", None)

    def rename(text: str) -> str:
        return text.replace(str(source) + os.sep, str(shown) + os.sep).replace(
            f"..{os.sep}src{os.sep}", f"{shown}{os.sep}"
        )

    _configure(source, build, options, tools, environment, progress)
    try:
        ran = _run_ninja(build, options, tools, environment, progress, rename)
    finally:
        write_files(tree, {_LEFT: json.dumps(_files_in(tree))})
    modules = [path for path in build.glob("_native*") if path.suffix in {".so", ".pyd", ".dylib"}]
    if len(modules) != 1:
        raise ToolError(f"the build in '{build}' finished without a module; --force builds it anew")
    return modules[0], ran


def _files_in(tree: Path) -> dict[str, str]:
    """Return the hashes of all files that a build leaves, by their paths relative to the tree."""
    files = [path for folder in ("src", "build") for path in (tree / folder).rglob("*") if path.is_file()]
    return {path.relative_to(tree).as_posix(): digest_file(path) or "" for path in sorted(files)}


def _is_as_left(tree: Path) -> bool:
    """Tell whether the last build came to an end and nothing has touched its files since.

    Ninja looks at times alone. It would link an object that was damaged, or that was half written when the process was
    killed, and would take one from the future for newer than its changed source.
    """
    try:
        left = json.loads((tree / _LEFT).read_text(encoding="utf-8"))
        now = time.time() + 2
        return bool(left == _files_in(tree)) and all((tree / name).stat().st_mtime <= now for name in left)
    except (OSError, ValueError, TypeError):
        return False


def _configure(
    source: Path, build: Path, options: BuildOptions, tools: Toolchain, environment: dict[str, str], progress: Progress
) -> None:
    """Set the build up unless it is, with the same arguments; Ninja itself notices a changed CMakeLists.txt."""
    arguments = _cmake_arguments(source, build, options, tools)
    _refuse_paths_with_lists(arguments)
    record = build / "hgvalue-configured.json"
    # The headers of another runtime may be older than what was compiled against the last one.
    wanted = json.dumps([arguments, runtime_identity(), file_identity(tools.compiler.program)])
    try:
        if (build / "build.ninja").is_file() and record.read_text(encoding="utf-8") == wanted:
            return
    except OSError:
        pass
    progress.stage("configuring")
    # A tree set up for another compiler or Python keeps what it found out about the old one.
    shutil.rmtree(build, ignore_errors=True)
    result = subprocess.run(
        arguments, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    for line in result.stdout.splitlines():
        progress.output(line)
    if result.returncode != 0:
        raise _explain_configure_failure(result.stdout, tools)
    _record(record, wanted)


def _cmake_arguments(source: Path, build: Path, options: BuildOptions, tools: Toolchain) -> list[str]:
    import nanobind

    arguments = [
        tools.cmake, "-S", str(source), "-B", str(build), "-G", "Ninja", "-Wno-dev",
        f"-DCMAKE_MAKE_PROGRAM={tools.ninja}",
        f"-DCMAKE_BUILD_TYPE={'Debug' if options.debug else 'Release'}",
        f"-DPython_EXECUTABLE={sys.executable}",
        f"-Dnanobind_DIR={nanobind.cmake_dir()}",
        f"-Dhgvalue_DIR={runtime_root('cmake')}",
    ]  # fmt: skip
    if tools.compiler.explicit:
        arguments.append(f"-DCMAKE_CXX_COMPILER={tools.compiler.program}")
    if tools.ccache:
        arguments.append(f"-DCMAKE_CXX_COMPILER_LAUNCHER={tools.ccache}")
    if options.sanitize:
        arguments.append(f"-DHGVALUE_SANITIZE={','.join(options.sanitize)}")
    return arguments


def _refuse_paths_with_lists(arguments: Sequence[str]) -> None:
    """Raise ToolError for a path that CMake would take for a list of several, or for the end of a text.

    It fails in misleading ways then.
    """
    for argument in arguments:
        path = argument.rpartition("=")[2]
        if any(part in path for part in (";", '"', "\n", "${", *(["\\"] if os.name == "posix" else []))):
            raise ToolError(
                f"CMake cannot work with the path '{path}', as there is a semicolon, a quote, a backslash, '${{' or a "
                "line end in it; HGVALUE_GEN_CACHE names another folder to build in"
            )


def _explain_configure_failure(output: str, tools: Toolchain) -> ToolError:
    if "is not able to compile a simple test program" in output:
        failure = output.partition("It fails with the following output:")[2].partition("CMake will not be able")[0]
        return ToolError(f"the C++ compiler '{tools.compiler.program}' does not work", details=failure.strip())
    if "Python_INCLUDE_DIRS" in output or "Development.Module" in output:
        return ToolError(NO_PYTHON_HEADERS)
    return ToolError("CMake could not set up the build", details=output.strip())


def _run_ninja(
    build: Path, options: BuildOptions, tools: Toolchain, environment: dict[str, str], progress: Progress,
    rename: Callable[[str], str],
) -> bool:  # fmt: skip
    jobs = options.jobs or os.cpu_count() or 1
    command = [tools.ninja, "-C", str(build), "-j", str(jobs)]
    ran = False
    lines: list[str] = []
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    try:
        assert process.stdout is not None
        for raw in process.stdout:
            line = rename(raw.rstrip("\n"))
            match = _STATUS.match(line)
            if match:
                ran = True
                progress.step(int(match[1]), int(match[2]), _describe(match[3]))
            else:
                progress.output(line)
                lines.append(line)
        status = process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
    if status != 0:
        raise CompileError("the generated C++ did not compile", details=_compiler_output(lines))
    return ran


def _describe(action: str) -> str:
    """Shorten Ninja's ``Building CXX object CMakeFiles/_native.dir/market.cpp.o`` to ``market.cpp``."""
    words = action.split()
    if action.startswith("Building") and words:
        return re.sub(r"^.*\.dir/|\.o(bj)?$", "", words[-1])
    return f"linking {Path(words[-1]).name}" if action.startswith("Linking") else action


def _compiler_output(lines: list[str]) -> str:
    """Return what the compilers said, without Ninja's own words and the command lines it repeats."""
    kept: list[str] = []
    skip = False
    for line in lines:
        if skip:
            skip = False
        elif line.startswith("FAILED: "):
            skip = True
        elif not line.startswith("ninja: "):
            kept.append(line)
    return "\n".join(kept or lines).strip()


def _remove_others(source: Path, texts: Mapping[str, str]) -> None:
    for path in source.rglob("*"):
        if path.is_file() and path.relative_to(source).as_posix() not in texts:
            path.unlink()


def _record(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write '{path}': {error.strerror}") from error
