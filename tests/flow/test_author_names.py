"""The author's names are what `parley` exports, and nothing else."""

import types

import parley


def test_all_is_what_is_exported() -> None:
    exported = {
        name
        for name, value in vars(parley).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert set(parley.__all__) == exported
