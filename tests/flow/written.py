"""Flow files that a test wrote, and what `check` says of them."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

from engine.flow.catalogue import read_catalogues
from engine.flow.check import Problem
from engine.flow.compile import CompiledFlow
from engine.flow.fields import Flow

HEAD = """
from typing import Literal
from parley import END, Chat, Flow, Option, To, ask, choose, say, step, to
"""

Find = Callable[[str], Problem]


class Written:
    """Flow files that a test wrote, and what `check` says of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = ""

    def flows(self, source: str) -> list[CompiledFlow]:
        self.source = HEAD + dedent(source)
        file = self.folder / "bot.py"
        file.write_text(self.source)
        names: dict[str, object] = {"__name__": "bot"}
        exec(compile(self.source, str(file), "exec"), names)  # as the loader does
        return [
            CompiledFlow(found, catalogues=read_catalogues(file))
            for found in names.values()
            if isinstance(found, type) and issubclass(found, Flow) and found is not Flow
        ]

    def the_problem(self, problems: list[Problem]) -> Problem:
        """Return the only problem, after checking that it stands where the source says `# here`."""
        assert len(problems) == 1, "\n".join(map(str, problems))
        lines = self.source.splitlines()
        here = next(number for number, line in enumerate(lines, 1) if "# here" in line)
        assert str(problems[0]).startswith(f"{self.folder / 'bot.py'}:{here}: ")
        return problems[0]
