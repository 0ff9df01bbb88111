"""Finds the flows: folders or packages with flow files become compiled flows, under module names of their own."""

import importlib
import importlib.util
import itertools
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from engine.core.errors import DefinitionError
from engine.flow.compile import CompiledFlow
from engine.flow.fields import Flow
from engine.flow.functions import Report, ignore

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
        DefinitionError: A folder is not there, a file cannot be loaded, or two flows have one name.
    """
    home = str(base.resolve())
    if home not in sys.path:
        sys.path.append(home)
    flows: dict[str, CompiledFlow] = {}
    for path in paths:
        for cls in _classes(_folder(path, base)):
            flow = CompiledFlow(cls, report)
            if flow.name in flows:
                raise DefinitionError(
                    f"{flow.source}: a flow {flow.name!r} is already in {flows[flow.name].source}; rename one"
                )
            flows[flow.name] = flow
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


def _classes(folder: Path) -> list[type[Flow]]:
    """Return the flow classes of a folder's files, in the order of files and lines."""
    package = ModuleType(f"_parley_flows_{next(_numbers)}")
    package.__path__ = [str(folder)]
    sys.modules[package.__name__] = package
    importlib.invalidate_caches()
    found: list[type[Flow]] = []
    for file in sorted(folder.glob("*.py")):
        if not file.name.startswith("_"):
            found += _flows_of(_module(f"{package.__name__}.{file.stem}", file))
    return found


def _module(name: str, file: Path) -> ModuleType:
    try:
        return importlib.import_module(name)
    except DefinitionError as wrong:
        raise DefinitionError(f"{_place(wrong, file)}: {wrong}") from wrong
    except SyntaxError as wrong:
        raise DefinitionError(f"{wrong.filename or file}:{wrong.lineno}: {wrong.msg}") from wrong
    except Exception as wrong:  # whatever the author's module does when it is loaded
        what = f"{type(wrong).__name__}: {wrong}"
        raise DefinitionError(f"{_place(wrong, file)}: cannot be loaded: {what}") from wrong


def _place(wrong: Exception, file: Path) -> str:
    """Return the deepest line of the author's own folder that the exception passed through."""
    frames = traceback.extract_tb(wrong.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).parent == file.parent]
    return f"{own[-1].filename}:{own[-1].lineno}" if own else f"{file}:1"


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
