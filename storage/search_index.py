"""Keeps what can be searched up to date, beside the way of a message: it follows the ids of what was stored.

A piece and how far it reached are written in one transaction, so that a new start goes on where the last one stood.
Several processes on one database may do the same work without harm; holding the index spares them that.
"""
# ruff: noqa: S608 - every text here is a constant of ours; values always travel as parameters

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from engine.core import limits
from engine.core.ids import LineId
from engine.ports.outside import NOTHING
from storage.asked import Given, asked, question
from storage.audit import NO_LINE
from storage.columns import stamp
from storage.database import Database
from storage.ids import first_id
from storage.search_words import indexed, indexed_contact, line_word, said_in
from storage.statement import Call, Cell, Rows, Statement, insert, update
from storage.written import written

PIECE = 200
"""Messages, or contacts, that are read and written at once: some 4 ms of SQLite's writer, 20 at times (measured)."""

LOOKED_BACK = timedelta(seconds=60)
"""An id is given out before it is committed; what was missed is looked for among those of so long."""

HELD_FOR = timedelta(seconds=30)
"""Where the process that keeps the index dies, another one takes over after this."""

KNOWN_MOST = 20_000
"""Contacts whose words are known to be written."""

PLACE = question(
    "SELECT p.newest, p.oldest, p.contact FROM search_progress p WHERE p.line_id = :line",
    scalars="line text",
)
NEWEST = question(
    "SELECT coalesce(max(newest.id), 0) FROM message newest WHERE newest.line_id = :line",
    scalars="line text",
)
_MESSAGE = "m.id, m.conversation_id, m.direction, m.content"
NEWER = question(
    f"SELECT {_MESSAGE} FROM message m WHERE m.line_id = :line AND m.id > :after"
    " ORDER BY m.id LIMIT :piece",
    scalars="line text, after bigint, piece bigint",
)
OLDER = question(
    f"SELECT {_MESSAGE} FROM message m WHERE m.line_id = :line AND m.id < :before"
    " ORDER BY m.id DESC LIMIT :piece",
    scalars="line text, before bigint, piece bigint",
)
_MISSED = (
    f"SELECT {_MESSAGE} FROM message m WHERE m.line_id = :line AND m.id > :after AND m.id <= :newest"
    " AND m.direction <> 'beside' AND NOT EXISTS (SELECT 1 FROM "
)
MISSED = question(
    f"{_MISSED}message_fts s WHERE s.rowid = m.id) LIMIT :piece",
    postgres=f"{_MISSED}message_vector s WHERE s.line_id = m.line_id AND s.id = m.id) LIMIT :piece",
    scalars="line text, after bigint, newest bigint, piece bigint",
)
_CONTACT = "t.id, t.name, t.phone, t.user_id"
CONTACTS = question(
    f"SELECT {_CONTACT} FROM contact t WHERE t.line_id = :line AND t.id > :after"
    " ORDER BY t.id LIMIT :piece",
    scalars="line text, after bigint, piece bigint",
)
WRITERS = question(
    f"SELECT {_CONTACT} FROM {{keys}} JOIN conversation c ON c.line_id = k.line_id AND c.id = k.id"
    " JOIN contact t ON t.line_id = c.line_id AND t.id = c.contact_id",
    keys="line_id text, id bigint",
)
NEWS = question(
    # The highest, not whether there is a higher: PostgreSQL would look for one in the whole table.
    "SELECT k.line_id FROM {keys} WHERE"
    " k.newest < (SELECT max(newest.id) FROM message newest WHERE newest.line_id = k.line_id)"
    " OR k.contact < (SELECT max(newest.id) FROM contact newest WHERE newest.line_id = k.line_id)",
    keys="line_id text, newest bigint, contact bigint",
)


def _vectors(table: str, conflict: str) -> str:
    return (
        f"INSERT INTO {table} (line_id, id, words)"
        " SELECT b.line_id, b.id, array_to_tsvector(string_to_array(b.words, ' '))"
        " FROM unnest($1::text[], $2::bigint[], $3::text[]) AS b (line_id, id, words)"
        f" ON CONFLICT (line_id, id) {conflict}"
    )


ADD_MESSAGES = Statement(
    # A table without content takes a row id twice.
    "INSERT INTO message_fts (rowid, words) SELECT ?2, ?3"
    " WHERE NOT EXISTS (SELECT 1 FROM message_fts s WHERE s.rowid = ?2)",
    _vectors("message_vector", "DO NOTHING"),
    each=True,
)
SAVE_CONTACTS = Statement(
    "INSERT OR REPLACE INTO contact_fts (rowid, words) SELECT ?2, ?3"
    " WHERE NOT EXISTS (SELECT 1 FROM contact_fts s WHERE s.rowid = ?2 AND s.words = ?3)",
    _vectors(
        "contact_vector",
        "DO UPDATE SET words = excluded.words WHERE contact_vector.words <> excluded.words",
    ),
    each=True,
)
SAVE_PLACE = insert(
    "search_progress",
    "line_id text, newest bigint, oldest bigint, contact bigint",
    conflict="ON CONFLICT (line_id) DO UPDATE SET"
    " newest = CASE WHEN search_progress.newest > excluded.newest THEN search_progress.newest"
    " ELSE excluded.newest END,"
    " oldest = CASE WHEN search_progress.oldest < excluded.oldest THEN search_progress.oldest"
    " ELSE excluded.oldest END,"
    " contact = CASE WHEN search_progress.contact > excluded.contact THEN search_progress.contact"
    " ELSE excluded.contact END",
)
MAKE_HOLD = insert(
    "search_progress",
    "line_id text, held_until time",
    fixed="newest = 0, oldest = 0, contact = 0",
    conflict="ON CONFLICT (line_id) DO NOTHING",
)
HOLD = update(
    "search_progress",
    "line_id text, held_by text, held_until time, now time, latest time",
    set_="held_by = :held_by, held_until = :held_until",
    where="search_progress.line_id = :line_id"
    # One that is held for longer than it may be is so by a clock that was set back since.
    " AND (search_progress.held_by = :held_by OR search_progress.held_until <= :now"
    " OR search_progress.held_until > :latest)",
    tells="line_id",
)


class Place(NamedTuple):
    """How far a line has been read."""

    newest: int
    oldest: int
    """Those below are still to be read; 0: none is."""
    contact: int


class SearchIndex:
    """What can be searched of one database; each method reads a piece and writes it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._places: dict[LineId, Place] = {}
        self._known: dict[int, str] = {}

    async def hold(self, *, now: datetime) -> bool:
        """Keep the index for a while; False where another process does. Raises StoreUnavailable."""
        if self._database.has_one_writer:
            return True
        until, latest = now + HELD_FOR, now + HELD_FOR + limits.CLOCKS_APART
        row = (NO_LINE, self._database.itself, *map(stamp, (until, now, latest)))
        answers = await written(
            self._database,
            Call(MAKE_HOLD, [(NO_LINE, stamp(now))]),
            Call(HOLD, [row]),
            tells=NOTHING,
        )
        if not answers[-1]:
            self._places.clear()
            self._known.clear()
        return bool(answers[-1])

    async def news(self, lines: Sequence[LineId]) -> list[LineId]:
        """Return the lines with messages or contacts that were not read. Raises StoreUnavailable."""
        places = [(line, await self._place(line)) for line in lines]
        keys = [(line, place.newest, place.contact) for line, place in places]
        async with self._database.read() as connection:
            return [LineId(one[0]) for one in await asked(connection, NEWS.of({}, keys))]

    def is_behind(self, line: LineId) -> bool:
        """Tell whether older messages of a line are still to be read."""
        place = self._places.get(line)
        return place is not None and place.oldest > 0

    async def follow(self, line: LineId) -> int:
        """Read the next piece of what was stored since, and return how many messages that were.

        Raises StoreUnavailable.
        """
        place = await self._place(line)
        given: Given = {"line": line, "after": place.newest, "piece": PIECE}
        async with self._database.read() as connection:
            told = await asked(connection, NEWER.of(given))
        if told:
            await self._write(line, told, place._replace(newest=told[-1][0]))
        return len(told)

    async def look_back(self, line: LineId, *, now: datetime) -> int:
        """Read what was committed after others with higher ids, and return how many were. Raises StoreUnavailable."""
        place = await self._place(line)
        after = first_id(now - LOOKED_BACK)
        if place.newest <= after:
            return 0
        given: Given = {"line": line, "after": after, "newest": place.newest, "piece": PIECE}
        async with self._database.read() as connection:
            told = await asked(connection, MISSED.of(given))
        if told:
            await self._write(line, told, place)
        return len(told)

    async def go_back(self, line: LineId) -> int:
        """Read the next piece of what was there before the first start, the newest first, and return its length.

        Raises StoreUnavailable.
        """
        place = await self._place(line)
        if not place.oldest:
            return 0
        given: Given = {"line": line, "before": place.oldest, "piece": PIECE}
        async with self._database.read() as connection:
            told = await asked(connection, OLDER.of(given))
        await self._write(line, told, place._replace(oldest=told[-1][0] if told else 0))
        return len(told)

    async def meet(self, line: LineId) -> int:
        """Read the next piece of contacts, and return how many they were. Raises StoreUnavailable."""
        place = await self._place(line)
        given: Given = {"line": line, "after": place.contact, "piece": PIECE}
        async with self._database.read() as connection:
            told = await asked(connection, CONTACTS.of(given))
        if told:
            await self._write(line, (), place._replace(contact=told[-1][0]), contacts=told)
        return len(told)

    async def _place(self, line: LineId) -> Place:
        place = self._places.get(line)
        if place is None:
            async with self._database.read() as connection:
                told = await asked(connection, PLACE.of({"line": line}))
                if told:
                    place = Place(*told[0])
                else:
                    ((newest,),) = await asked(connection, NEWEST.of({"line": line}))
                    place = Place(newest, newest + 1 if newest else 0, 0)
            self._places[line] = place
        return place

    async def _write(
        self, line: LineId, messages: Rows, place: Place, *, contacts: Rows = ()
    ) -> None:
        """Write the words of these messages, of who wrote them, and of these contacts."""
        if messages:
            contacts = await self._writers(line, messages)
        head = line_word(line)
        added: list[tuple[Cell, ...]] = [
            (line, id_, f"{head} {indexed(said_in(content))}".rstrip())
            for id_, _, direction, content in messages
            if direction != "beside"
        ]
        saved = list(self._changed(line, contacts))
        await written(
            self._database,
            Call(ADD_MESSAGES, added),
            Call(SAVE_CONTACTS, saved),
            Call(SAVE_PLACE, [(line, *place)]),
            tells=NOTHING,
        )
        self._places[line] = place
        self._known.update((int(id_), text) for _, id_, text in saved)
        if len(self._known) > KNOWN_MOST:
            self._known.clear()

    async def _writers(self, line: LineId, messages: Rows) -> Rows:
        """Return the contacts who wrote these messages: their names come with what they write."""
        keys = {(line, one[1]) for one in messages if one[2] == "in"}
        async with self._database.read() as connection:
            return await asked(connection, WRITERS.of({}, sorted(keys)))

    def _changed(self, line: LineId, contacts: Iterable[Any]) -> Iterable[tuple[str, int, str]]:
        head = line_word(line)
        for id_, name, phone, user_id in contacts:
            words = f"{head} {indexed_contact(name, phone, user_id)}".rstrip()
            if self._known.get(id_) != words:
                yield line, id_, words
