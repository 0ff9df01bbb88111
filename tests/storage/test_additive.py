"""Every migration since 0012 only adds, or takes away what no version since an earlier release needs."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import migrate

ROOT = Path(__file__).parents[2]
VERSIONS = migrate.MIGRATIONS / "versions"

TAKING = {"drop_table", "drop_column", "rename_table", "drop_constraint", "batch_alter_table"}
NARROWING = {"create_unique_constraint", "create_foreign_key", "create_check_constraint"}
SQL = re.compile(r"\b(DROP (TABLE|COLUMN|CONSTRAINT)|RENAME|SET NOT NULL|ALTER COLUMN)\b", re.I)


def release_schemas() -> set[str]:
    """Return the schemas of the releases, as the changelog's headings name them: `## 0.2.0, schema 0014`."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    return set(re.findall(r"^## \S+.* schema (\d+)$", text, re.MULTILINE))


def takes(source: str) -> list[str]:
    """Return what a migration does that an older version would not survive."""
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = {_text(call) for call in calls if _name(call) == "create_table"}
    return [wrong for call in calls for wrong in _wrong(call, made)]


def _wrong(call: ast.Call, made: set[str]) -> Iterator[str]:
    name, given = _name(call), {keyword.arg: keyword.value for keyword in call.keywords}
    table = _text(call, 1 if name == "create_index" else 0)
    if name in TAKING:
        yield name
    if name == "alter_column" and set(given) - {"server_default", "comment"}:
        yield "alter_column"
    if table not in made and (name in NARROWING or (name == "create_index" and "unique" in given)):
        yield f"{name} on a table that is there"
    if name == "add_column" and isinstance(column := call.args[1], ast.Call):
        column_given = {keyword.arg: ast.unparse(keyword.value) for keyword in column.keywords}
        if column_given.get("nullable") == "False" and "server_default" not in column_given:
            yield "add_column that must be filled"
    if name in ("execute", "text") and SQL.search(ast.unparse(call)):
        yield "execute"


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _text(call: ast.Call, place: int = 0) -> str:
    """Return an argument that is written out; empty where it is not."""
    argument = call.args[place] if len(call.args) > place else None
    return (
        argument.value
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        else ""
    )


def contracts(source: str) -> str | None:
    """Return the revision since which nobody needs what a migration takes away."""
    found = re.search(r"^contracts = ['\"](\w+)['\"]$", source, re.MULTILINE)
    return found and found[1]


LATER = [file for file in sorted(VERSIONS.glob("r*.py")) if file.name[1:5] > migrate.SERVES_FROM]


def test_every_migration_since_0012_adds_or_says_since_when_nobody_needs_what_it_takes() -> None:
    released = release_schemas()
    for file in LATER:
        source = file.read_text("utf-8")
        since = contracts(source)
        if since is None:
            assert takes(source) == [], f"{file.name}: see docs/howto/deploy.md"
        else:
            assert any(since <= schema < file.name[1:5] for schema in released), (
                f"{file.name} takes what {since} made needless, but no release has had that yet"
            )


def test_the_oldest_served_schema_is_one_of_ours() -> None:
    assert migrate.SERVES_FROM in {file.name[1:5] for file in VERSIONS.glob("r*.py")}


@pytest.mark.parametrize(
    "taken",
    [
        "op.drop_table('note')",
        "op.drop_column('note', 'text')",
        "op.rename_table('note', 'remark')",
        "op.alter_column('note', 'text', new_column_name='words')",
        "op.alter_column('note', 'text', nullable=False)",
        "op.add_column('note', sa.Column('colour', sa.Text(), nullable=False))",
        "op.create_index('x', 'note', ['text'], unique=True)",
        "op.create_unique_constraint('x', 'note', ['text'])",
        "op.execute('ALTER TABLE note RENAME COLUMN text TO words')",
        "op.execute(sa.text('DROP TABLE note'))",
    ],
)
def test_what_an_older_version_would_not_survive_is_seen(taken: str) -> None:
    assert takes(f"def upgrade():\n    {taken}\n")


@pytest.mark.parametrize(
    "added",
    [
        "op.create_table('x', sa.Column('id', sa.Text(), nullable=False))",
        "op.add_column('note', sa.Column('colour', sa.Text()))",
        "op.add_column('note', sa.Column('n', sa.Integer(), nullable=False, server_default='0'))",
        "op.create_index('x', 'note', ['text'])",
        "op.create_table('x'); op.create_index('y', 'x', ['a'], unique=True)",
        "op.drop_index('note_conversation', 'note')",
    ],
)
def test_what_only_adds_is_let_through(added: str) -> None:
    assert takes(f"def upgrade():\n    {added}\n") == []
