"""The tree of errors: what behaviour hangs on."""

import re
from datetime import timedelta

from engine.core import errors
from engine.core.errors import LineUnknown, ParleyError, RateLimited, SendError


def every(kind: type[ParleyError]) -> list[type[ParleyError]]:
    """Return the kind and all below it in this module; other layers may add their own."""
    own = [child for child in kind.__subclasses__() if child.__module__ == errors.__name__]
    return [kind, *(below for child in own for below in every(child))]


def test_each_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in every(ParleyError)]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z_]+", code) for code in codes)


def test_the_modules_docstring_draws_the_whole_tree() -> None:
    drawn = errors.__doc__ or ""
    assert [kind.__name__ for kind in every(ParleyError) if kind.__name__ not in drawn] == []


def test_an_errors_docstring_is_its_default_message() -> None:
    assert str(LineUnknown()) == "No line of this name is configured."
    assert str(LineUnknown("no line 'x'")) == "no line 'x'"


def test_a_refused_send_keeps_what_the_provider_said() -> None:
    error = RateLimited(provider_code="130429", retry_after=timedelta(seconds=3))
    assert isinstance(error, SendError)
    assert (error.provider_code, error.retry_after) == ("130429", timedelta(seconds=3))
    assert error.retryable
    assert error.scope == "line"
