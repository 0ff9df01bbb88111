"""Finds the flows: folders or packages with flow files become compiled flows, under module names of their own."""

import ast
import importlib
import importlib.util
import inspect
import itertools
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from engine.core.errors import DefinitionError
from engine.flow.catalogue import read_catalogues
from engine.flow.compile import CompiledFlow
from engine.flow.fields import Flow
from engine.flow.functions import Report, ignore
from engine.flow.problem import suggest
from engine.flow.steps import ask, choose, handoff, say, step

_numbers = itertools.count(1)
"""Makes the private package names: two folders called `flows` never meet, nor does one loaded twice."""


def load_flows(
    paths: Iterable[str], base: Path, *, report: Report = ignore
) -> dict[str, CompiledFlow]:
    """Return every flow in the files of these folders, by name.

    Each folder becomes a private package, so that a file reaches its neighbours by `from .shop import menu`. `base`
    is appended to `sys.path`, so that it also reaches the business's own modules beside the configuration.

    Args:
        paths: Folders, relative to `base`, or names of installed packages. Files beginning with `_` are left out.
        base: The configuration file's folder.
        report: Told of plain callables that take too long.

    Raises:
        DefinitionError: A folder is not there, a file cannot be loaded, a flow cannot be compiled, or two flows have
            one name; one line per mistake, of all files.
    """
    home = str(base.resolve())
    if home not in sys.path:
        sys.path.append(home)
    flows: dict[str, CompiledFlow] = {}
    wrong: list[str] = []
    for path in paths:
        for cls in _classes(_folder(path, base), wrong):
            try:
                catalogues = read_catalogues(Path(cls.__flow__.source.file))
                flow = CompiledFlow(cls, report, catalogues)
            except DefinitionError as error:
                wrong += str(error).splitlines()
                continue
            if flow.name in flows:
                wrong.append(
                    f"{flow.source}: a flow {flow.name!r} is already in {flows[flow.name].source}; rename one"
                )
            flows[flow.name] = flow
    if wrong:
        # A file that cannot be loaded is told once, whoever imports it.
        raise DefinitionError("\n".join(dict.fromkeys(wrong)))
    return flows


def _folder(path: str, base: Path) -> Path:
    folder = base / path
    if folder.is_dir():
        return folder.resolve()
    try:
        spec = importlib.util.find_spec(path) if path.isidentifier() or "." in path else None
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise DefinitionError(f"flows.paths: {path!r} is no folder in {base} and no package")
    return Path(next(iter(spec.submodule_search_locations))).resolve()


def _classes(folder: Path, wrong: list[str]) -> list[type[Flow]]:
    """Return the flow classes of a folder's files, in the order of files and lines; `wrong` gets the mistakes."""
    package = ModuleType(f"_parley_flows_{next(_numbers)}")
    package.__path__ = [str(folder)]
    sys.modules[package.__name__] = package
    importlib.invalidate_caches()
    found: list[type[Flow]] = []
    for file in sorted(folder.glob("*.py")):
        if file.name.startswith("_"):
            continue
        if "." in file.stem:
            todo = f"call it {file.stem.replace('.', '_')}.py"
            wrong.append(f"{file}:1: no file with a dot in its name can be loaded; {todo}")
            continue
        try:
            with _nothing_kept():
                module = importlib.import_module(f"{package.__name__}.{file.stem}")
            found += _flows_of(module)
            wrong += _written_twice(file)
        except (Exception, SystemExit) as error:  # whatever the author's module does when loaded
            wrong += _told(error, file, package.__name__)
    return found


@contextmanager
def _nothing_kept() -> Iterator[None]:
    """Let Python write no compiled file beside the author's: it would pass for an edit made within its second.

    It knows them apart by their second and their length: `check`, a letter changed, `check` again told the old mistake.
    """
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _told(error: BaseException, file: Path, package: str) -> Iterator[str]:
    """Yield the lines that say what is wrong with a file, each with its place."""
    if isinstance(error, SyntaxError):
        todo = "; save the file as UTF-8" if "(unicode error)" in error.msg else ""
        yield f"{error.filename or file}:{error.lineno or 1}: {_in_one_line(error.msg)}{todo}"
        return
    place = _place(error, file)
    if isinstance(error, DefinitionError):
        yield from (f"{place}: {line}" for line in str(error).splitlines())
        return
    what = _in_one_line(f"{type(error).__name__}: {error}").replace(f"{package}.", ".")
    yield f"{place}: cannot be loaded: {what}{_meant(error, what, file)}"


def _place(error: BaseException, file: Path) -> str:
    """Return the deepest line of the author's own folder that the exception passed through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).parent == file.parent]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else f"{file}:1"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


_WRITTEN_WITH = {function.__name__: function for function in (ask, choose, say, handoff, step)}
_NAMES = (*_WRITTEN_WITH, "to", "END", "Flow", "To", "Chat", "Option", "Location", "after")
"""What flow files are written with; no flow layer imports `parley` itself."""
_UNKNOWN_NAME = re.compile(r"cannot import name '(\w+)'")
_UNKNOWN_KEYWORD = re.compile(r"(\w+)\(\) got an unexpected keyword argument '(\w+)'")


def _meant(error: BaseException, what: str, file: Path) -> str:
    """Return what to do about mistakes that every author makes once: an import, a keyword's name."""
    match error:
        case NameError(name=name) if name in _NAMES:
            return f"; write `from parley import {name}` above"
        case ModuleNotFoundError(name=str(name)) if (file.parent / f"{name}.py").is_file():
            return f"; it stands beside this file: write `from .{name} import ...`"
        case ImportError(name="parley") if found := _UNKNOWN_NAME.search(what):
            return f"; {suggest(found[1], _NAMES, '{}')}"
        case TypeError() if found := _UNKNOWN_KEYWORD.search(what):
            function = _WRITTEN_WITH.get(found[1])
            keywords = inspect.signature(function).parameters if function else ()
            return f"; {suggest(found[2], keywords, '{}=')}" if keywords else ""
        case _:
            return ""


def _written_twice(file: Path) -> Iterator[str]:
    """Yield the classes of a file that take the name of an earlier one, which nothing can reach any more."""
    lines: dict[str, int] = {}
    for part in ast.parse(file.read_bytes()).body:
        if isinstance(part, ast.ClassDef):
            before = lines.setdefault(part.name, part.lineno)
            if before != part.lineno:
                what = f"the class {part.name} is there already, at line {before}"
                yield f"{file}:{part.lineno}: {what}; give one of the two another name"


def _flows_of(module: ModuleType) -> list[type[Flow]]:
    """Return the flow classes a module defines; those it imports belong to another, those without steps are bases."""
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Flow)
        and value.__module__ == module.__name__
        and value.__flow__.body
    ]
