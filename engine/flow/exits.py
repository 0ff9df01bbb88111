"""Where a code step may go, read from its source, so that a flow is drawn and checked without running it."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from engine.flow.steps import StepFunction
from engine.flow.targets import END, To, to


@dataclass(frozen=True, slots=True)
class Exits:
    """What a code step may return."""

    targets: tuple[To, ...]
    """In the order of the source, each once."""
    falls: bool
    """Whether it may return None."""
    unreadable: bool
    """Whether something is returned that only a run can tell, or the source is not there."""


def read_exits(function: StepFunction) -> Exits:
    """Return the targets of every `return` in the function: `to.x`, `to["f"].then(to.x)`, `.fresh`, `END`, None."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return Exits((), falls=True, unreadable=True)
    definition = tree.body[0]
    if not isinstance(definition, ast.AsyncFunctionDef | ast.FunctionDef):
        return Exits((), falls=True, unreadable=True)
    found: list[To | None] = []
    unreadable = False
    for value in _returned(definition.body):
        for leaf in _leaves(value):
            try:
                found.append(_target(leaf))
            except ValueError:
                unreadable = True
    falls = None in found or _ends_open(definition.body)
    targets = tuple(dict.fromkeys(target for target in found if target is not None))
    return Exits(targets, falls, unreadable)


def _returned(body: list[ast.stmt]) -> Iterator[ast.expr | None]:
    """Yield what the function returns; functions inside it return for themselves."""
    for statement in body:
        if isinstance(statement, ast.Return):
            yield statement.value
        elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _returned(_statements(statement))


def _statements(statement: ast.stmt) -> list[ast.stmt]:
    """Return the statements directly inside one, in order."""
    inside: list[ast.stmt] = []
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            inside.append(child)
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            inside += child.body
    return inside


def _leaves(value: ast.expr | None) -> Iterator[ast.expr | None]:
    """Yield the alternatives of `a if c else b`, else the value itself."""
    if isinstance(value, ast.IfExp):
        yield from _leaves(value.body)
        yield from _leaves(value.orelse)
    else:
        yield value


def _target(value: ast.expr | None) -> To | None:
    """Return the target an expression stands for. Raises ValueError where only a run can tell."""
    match value:
        case None | ast.Constant(value=None):
            return None
        case ast.Name(id="END"):
            return END
        case ast.Attribute(value=ast.Name(id="to"), attr=step):
            return To(step=step)
        case ast.Subscript(value=ast.Name(id="to"), slice=ast.Constant(value=str(flow))):
            return to[flow]
        case ast.Attribute(value=inner, attr="fresh"):
            target = _target(inner)
            if target is not None and target.step is not None:
                return target.fresh
        case ast.Call(func=ast.Attribute(value=inner, attr="then"), args=[then], keywords=[]):
            called, back = _target(inner), _target(then)
            if called is not None and called.flow is not None and back is not None:
                return called.then(back)
        case _:
            pass
    raise ValueError("only a run can tell")


def _ends_open(body: list[ast.stmt]) -> bool:
    """Tell whether the end of these statements may be reached, which returns None."""
    last = body[-1]
    match last:
        case ast.Return() | ast.Raise() | ast.Continue() | ast.Break():
            return False
        case ast.If(body=then, orelse=otherwise):
            return not otherwise or _ends_open(then) or _ends_open(otherwise)
        case ast.With(body=inner) | ast.AsyncWith(body=inner):
            return _ends_open(inner)
        case ast.Try(body=tried, handlers=handlers, orelse=otherwise, finalbody=final):
            if final and not _ends_open(final):
                return False
            return _ends_open(otherwise or tried) or any(_ends_open(h.body) for h in handlers)
        case ast.Match(cases=cases):
            last_case = cases[-1]
            complete = last_case.guard is None and _matches_all(last_case.pattern)
            return not complete or any(_ends_open(case.body) for case in cases)
        case ast.While(test=ast.Constant(value=True), body=inner):
            return any(isinstance(node, ast.Break) for part in inner for node in ast.walk(part))
        case _:
            return True


def _matches_all(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None
