"""The templates that authors write flows against: `templates.toml` beside the flow files, read without any provider."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from engine.core.errors import DefinitionError
from engine.core.templates import KnownTemplate
from engine.flow.compile import CompiledFlow
from engine.ports.services import TemplateDraft

FILE = "templates.toml"


def templates_beside(flows: Iterable[CompiledFlow]) -> tuple[KnownTemplate, ...]:
    """Return what stands in the `templates.toml` of each folder that these flows come from.

    Raises:
        DefinitionError: A file cannot be read, or says something unknown; one line for each mistake.
    """
    folders = dict.fromkeys(Path(flow.source.file).parent for flow in flows)
    return tuple(one for folder in folders for one in read_template_file(folder / FILE))


def read_template_file(file: Path) -> list[KnownTemplate]:
    """Return the templates of one file, each a `[[template]]` written as `parley templates create` takes it.

    Raises:
        DefinitionError: It cannot be read, or says something unknown; one line for each mistake.
    """
    if not file.is_file():
        return []
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise DefinitionError(f"{file}: cannot be read: {error}") from None
    tables = data.pop("template", [])
    if data or not isinstance(tables, list):
        raise DefinitionError(
            f"{file}: begin each template with [[template]]; nothing else stands here"
        )
    found: dict[tuple[str, str], KnownTemplate] = {}
    wrong: list[str] = []
    for number, table in enumerate(tables, 1):
        what = _named(table, number)
        try:
            draft = TemplateDraft.model_validate(table)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                place = ".".join(map(str, one["loc"])) or "it"
                wrong.append(f"{file}: {what}: {place}: {one['msg']}")
            continue
        if found.setdefault((draft.name, draft.language), draft.known) != draft.known:
            wrong.append(f"{file}: {what} is there twice in {draft.language!r}")
    if wrong:
        raise DefinitionError("\n".join(wrong))
    return list(found.values())


def _named(table: object, number: int) -> str:
    name = table.get("name") if isinstance(table, Mapping) else None
    return f"template {name!r}" if isinstance(name, str) else f"[[template]] {number}"
