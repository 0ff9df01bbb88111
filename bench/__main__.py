"""`python -m bench`: the floor and Parley in one run, on one machine; prints a page and writes bench/RESULTS.md."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

import click
import orjson

from bench import inner, report
from bench.load import CONTACTS, Outcome, Plan
from bench.postgres import Postgres, running_postgres
from bench.seed import seed
from bench.servers import Server, pinned, running_floor, running_parley, two_cores
from bench.talk import TALKS_PER_CONTACT, TURNS
from storage.database import Database

RESULTS = Path(__file__).parent / "RESULTS.md"

LOAD_S_MOST = 3600
"""The longest run of the load; a server that hangs ends the benchmark sooner by its reply timeout."""


PARTS = ("inner", "sqlite", "stored", "memory", "postgres")
"""What may be run alone: the pure parts; Parley beside the floor; larger stores; the long run; PostgreSQL."""

WORKERS = (1, 2)
"""Processes of Parley on PostgreSQL."""

HALF_RUNS = 5
"""How often half load is tried, at the most; the one whose p99 is in the middle counts."""


@click.command()
@click.option(
    "--messages",
    default=5_000,
    show_default=True,
    help="Measured messages at saturation, of each turn.",
)
@click.option("--warmup", default=500, show_default=True, help="Messages before each measurement.")
@click.option(
    "--steady-seconds",
    default=10,
    show_default=True,
    help="Length of the runs at 100 messages a second and at half of what saturates.",
)
@click.option(
    "--stored",
    default="1000,100000,1000000",
    show_default=True,
    help="Stored conversations to try.",
)
@click.option(
    "--memory-messages", default=1_000_000, show_default=True, help="Messages of the memory's run."
)
@click.option("--rounds", default=12, show_default=True, help="Turns of the floor and each store.")
@click.option(
    "--part",
    "parts",
    type=click.Choice(PARTS),
    multiple=True,
    help="Run this part alone; may be named again. The page is then printed and not kept.",
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=None,
    help="Where databases lie; a disk, not memory.",
)
@click.option("--results", type=click.Path(path_type=Path), default=RESULTS, show_default=True)
def main(
    messages: int,
    warmup: int,
    steady_seconds: int,
    stored: str,
    memory_messages: int,
    rounds: int,
    parts: tuple[str, ...],
    folder: Path | None,
    results: Path,
) -> None:
    """Measure the floor and Parley, print the table, write it to a file."""
    root = folder or (Path("/var/tmp") if Path("/var/tmp").is_dir() else None)
    with tempfile.TemporaryDirectory(prefix="parley-bench-", dir=root) as work:
        bench = Bench(
            work=Path(work), messages=messages, warmup=warmup, steady_seconds=steady_seconds
        )
        measured = bench.run(
            parts or PARTS,
            sizes=sorted(int(size) for size in stored.split(",")),
            memory=memory_messages,
            rounds=rounds,
        )
    page = report.render(measured)
    click.echo(page)
    if not parts:
        results.write_text(page)
    wrong = report.mistakes(measured)
    for mistake in wrong:
        click.echo(mistake, err=True)
    sys.exit(1 if wrong else 0)


@dataclass(slots=True)
class _Side:
    """One of those that take turns."""

    what: str
    server: Server
    outcomes: list[Outcome]
    """One a round."""
    stored: int = 0
    contacts: int = CONTACTS
    first: int = 0
    """The first contact of its next turn."""


class Bench:
    """One run of the benchmark.

    Args:
        work: An empty folder on a disk.
        messages: Measured messages at saturation.
        warmup: Messages before each measurement.
        steady_seconds: How long the runs below saturation are.
    """

    def __init__(self, *, work: Path, messages: int, warmup: int, steady_seconds: int) -> None:
        self._work = work
        self._messages = messages
        self._warmup = warmup
        self._steady_seconds = steady_seconds
        self._server_core, self._load_core = two_cores()

    def run(
        self, parts: Collection[str], *, sizes: list[int], memory: int, rounds: int
    ) -> report.Results:
        """Measure the parts; what is set beside the floor takes turns with it, because a shared machine drifts."""
        results = report.Results(pinned=self._server_core is not None)
        if "inner" in parts:
            click.echo("the pure parts ...", err=True)
            results.inner = inner.measure(min(inner.ROUNDS, self._messages))
        if {"sqlite", "stored"} & set(parts):
            first, results.synchronous = self._talk_once()
            wanted = sizes if "stored" in parts else sizes[:1]
            stores = {size: self._filled(first, size) for size in wanted}
        else:
            stores = {}
        with ExitStack() as open_:
            postgres = None
            if "postgres" in parts:
                postgres = open_.enter_context(running_postgres(self._server_core, self._work))
                results.durable = postgres.durable
            if stores or postgres:
                self._in_turn(results, stores, postgres, rounds)
            database = stores[sizes[0]] if "sqlite" in parts else None
            if database or postgres:
                self._half_load(results, database, postgres, min(HALF_RUNS, rounds))
        if "sqlite" in parts:
            self._below_saturation(results, stores[sizes[0]])
        for database in stores.values():
            _remove(database)
        if "memory" in parts:
            self._long_run(results, memory)
        return results

    def _in_turn(
        self,
        results: report.Results,
        stores: dict[int, Path],
        postgres: Postgres | None,
        rounds: int,
    ) -> None:
        """Saturate one after the other, for some seconds each; those whose turn it is not have nothing to do."""
        with ExitStack() as open_:
            enter = open_.enter_context
            sides = [_Side("floor", enter(running_floor(self._server_core)), results.floor)]
            for size, database in stores.items():
                server = enter(self._on_sqlite(database))
                outcomes = results.stored.setdefault(size, [])
                sides.append(_Side(f"Parley, {size:,} stored", server, outcomes, stored=size))
            if postgres is not None:
                server = enter(running_floor(self._server_core, workers=WORKERS[-1]))
                sides.append(_Side("floor in two processes", server, results.floor_workers))
                for workers in WORKERS:
                    server = enter(self._on_postgres(postgres, workers))
                    outcomes = results.postgres.setdefault(workers, [])
                    sides.append(_Side(f"PostgreSQL, workers: {workers}", server, outcomes))
                contacts = WORKERS[-1] * CONTACTS
                what = f"{sides[-1].what}, {CONTACTS} contacts each"
                sides.append(
                    _Side(
                        what,
                        sides[-1].server,
                        results.busy_workers,
                        contacts=contacts,
                        first=5_000_000,
                    )
                )
            for number in range(1, rounds + 1):
                for side in sides:
                    side.outcomes.append(
                        self._saturate(
                            f"round {number} of {rounds}: {side.what}",
                            side.server,
                            stored=side.stored,
                            first=side.first,
                            contacts=side.contacts,
                        )
                    )
                    side.first += self._contacts_most(side.contacts)

    def _on_sqlite(self, database: Path) -> AbstractContextManager[Server]:
        return running_parley(self._server_core, self._own_folder(), database)

    def _on_postgres(self, postgres: Postgres, workers: int) -> AbstractContextManager[Server]:
        postgres.settle()
        return running_parley(
            self._server_core,
            self._own_folder(),
            postgres.make_database(),
            workers=workers,
            database_pid=postgres.pid,
        )

    def _contacts_most(self, at_once: int) -> int:
        """Return more contacts than one turn takes, of which so many write at once."""
        return (self._messages + self._warmup) // (TURNS * TALKS_PER_CONTACT) + 2 * at_once

    def _own_folder(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._work))

    def _below_saturation(self, results: report.Results, database: Path) -> None:
        with running_floor(self._server_core) as server:
            results.floor_steady = self._paced("floor at 100 a second", server, 100)
        with self._on_sqlite(database) as server:  # where those of half load have written
            results.parley_steady = self._paced("Parley at 100 a second", server, 100, HALF_RUNS)

    def _half_load(
        self, results: report.Results, database: Path | None, postgres: Postgres | None, runs: int
    ) -> None:
        """Run each at half of what saturates it just before, in turn."""
        with ExitStack() as open_:
            servers = {report.FLOOR: open_.enter_context(running_floor(self._server_core))}
            if postgres is not None:
                servers["PostgreSQL"] = open_.enter_context(self._on_postgres(postgres, 1))
            if database is not None:
                servers["SQLite"] = open_.enter_context(self._on_sqlite(database))
            tried: dict[str, list[Outcome]] = {name: [] for name in servers}
            for run in range(runs):
                for name, server in servers.items():
                    first = 20_000_000 + run * 1_000_000
                    most = self._saturate(f"what saturates {name}, {run + 1}", server, first=first)
                    rate = report.per_second(most) / 2
                    tried[name].append(self._paced("the same at half of that", server, rate, run))
        for name, outcomes in tried.items():
            results.half[name] = sorted(outcomes, key=lambda one: one.p99_ms)[runs // 2]

    def _long_run(self, results: report.Results, messages: int) -> None:
        with running_parley(self._server_core, self._work, self._work / "memory.db") as server:
            marks = (messages // 10 // TURNS * TURNS, messages // TURNS * TURNS)
            plan = _plan(server, marks[-1], marks=marks)
            results.memory = self._drive(f"Parley's memory over {messages:,} messages", plan)

    def _saturate(
        self,
        what: str,
        server: Server,
        *,
        stored: int = 0,
        first: int = 0,
        contacts: int = CONTACTS,
    ) -> Outcome:
        plan = _plan(
            server,
            self._messages,
            warmup=self._warmup // TURNS * TURNS,
            contacts=contacts,
            stored=stored,
            first=first,
        )
        return self._drive(what, plan)

    def _paced(self, what: str, server: Server, rate: float, run: int = 0) -> Outcome:
        messages = max(TURNS, int(rate * self._steady_seconds) // TURNS * TURNS)
        first = 10_000_000 + run * 1_000_000
        return self._drive(what, _plan(server, messages, rate=rate, first=first))

    def _drive(self, what: str, plan: Plan) -> Outcome:
        """Run the load in its own process."""
        click.echo(f"{what} ...", err=True)
        done = subprocess.run(
            [sys.executable, "-m", "bench.load", orjson.dumps(plan).decode()],
            preexec_fn=pinned(self._load_core),
            stdout=subprocess.PIPE,
            timeout=LOAD_S_MOST,
            check=True,
        )
        told = orjson.loads(done.stdout)
        told["marks"] = {int(count): rss for count, rss in told["marks"].items()}
        told["mistakes"] = [f"{what}: {mistake}" for mistake in told["mistakes"]]
        return Outcome(**told)

    def _talk_once(self) -> tuple[Path, int | None]:
        """Let one contact talk once; return the database that holds it, and how its writer syncs."""
        database = self._work / "first.db"
        with running_parley(self._server_core, self._work, database) as server:
            outcome = self._drive("one talk to copy", _plan(server, TURNS, contacts=1))
        if outcome.mistakes:
            raise click.ClickException(f"the first talk went wrong: {outcome.mistakes}")
        return database, asyncio.run(_synchronous(database))

    def _filled(self, first: Path, size: int) -> Path:
        click.echo(f"storing {size:,} conversations ...", err=True)
        database = self._work / f"stored-{size}.db"
        shutil.copy(first, database)
        seed(database, size)
        return database


def _plan(
    server: Server,
    messages: int,
    *,
    warmup: int = 0,
    contacts: int = CONTACTS,
    rate: float = 0,
    stored: int = 0,
    first: int = 0,
    marks: tuple[int, ...] = (),
) -> Plan:
    return Plan(
        server=f"127.0.0.1:{server.port}",
        provider_port=server.provider_port,
        pid=server.pid,
        database_pid=server.database_pid,
        messages=messages,
        warmup=warmup,
        contacts=contacts,
        rate=rate,
        stored=stored,
        first=first,
        marks=marks,
    )


async def _synchronous(database: Path) -> int | None:
    opened = Database(f"sqlite:///{database}")
    value = await opened.pragma_synchronous()
    await opened.close()
    return value


def _remove(database: Path) -> None:
    for file in database.parent.glob(database.name + "*"):
        file.unlink()


if __name__ == "__main__":
    main()
