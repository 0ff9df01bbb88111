"""`python -m bench`: the floor and Parley in one run, on one machine; prints a page and writes bench/RESULTS.md."""

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import orjson

from bench import inner, report
from bench.load import Outcome, Plan
from bench.seed import seed
from bench.servers import Server, pinned, running_floor, running_parley, two_cores
from bench.talk import TURNS
from storage.database import Database

RESULTS = Path(__file__).parent / "RESULTS.md"

LOAD_S_MOST = 3600
"""The longest run of the load; a server that hangs ends the benchmark sooner by its reply timeout."""


@click.command()
@click.option(
    "--messages", default=30_000, show_default=True, help="Measured messages at saturation."
)
@click.option(
    "--warmup", default=3_000, show_default=True, help="Messages before each measurement."
)
@click.option(
    "--steady-seconds",
    default=10,
    show_default=True,
    help="Length of the run at 100 messages a second.",
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
@click.option("--rounds", default=3, show_default=True, help="Turns of the floor and each store.")
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
    folder: Path | None,
    results: Path,
) -> None:
    """Measure the floor and Parley, print the table, write it to a file."""
    root = folder or (Path("/var/tmp") if Path("/var/tmp").is_dir() else None)
    with tempfile.TemporaryDirectory(prefix="parley-bench-", dir=root) as work:
        bench = Bench(
            work=Path(work), messages=messages, warmup=warmup, steady=steady_seconds * 100
        )
        measured = bench.run(
            sizes=[int(size) for size in stored.split(",")],
            memory=memory_messages,
            rounds=rounds,
        )
    page = report.render(measured)
    click.echo(page)
    results.write_text(page)
    wrong = report.mistakes(measured)
    for mistake in wrong:
        click.echo(mistake, err=True)
    sys.exit(1 if wrong else 0)


class Bench:
    """One run of the whole benchmark.

    Args:
        work: An empty folder on a disk.
        messages: Measured messages at saturation.
        warmup: Messages before each measurement.
        steady: Messages at 100 a second.
    """

    def __init__(self, *, work: Path, messages: int, warmup: int, steady: int) -> None:
        self._work = work
        self._messages = messages
        self._warmup = warmup
        self._steady = steady
        self._server_core, self._load_core = two_cores()

    def run(self, *, sizes: list[int], memory: int, rounds: int) -> report.Results:
        """Measure everything; the floor and each size of store take turns, because a shared machine drifts."""
        click.echo("the pure parts ...", err=True)
        pure = inner.measure()
        first, synchronous = self._talk_once()
        stores = {size: self._filled(first, size) for size in sizes}
        floor: list[Outcome] = []
        stored: dict[int, list[Outcome]] = {size: [] for size in sizes}
        for number in range(1, rounds + 1):
            with running_floor(self._server_core) as server:
                floor.append(self._saturate(f"round {number}: floor", server))
            for size, database in stores.items():
                with running_parley(self._server_core, self._work, database) as server:
                    what = f"round {number}: Parley, {size:,} stored"
                    stored[size].append(self._saturate(what, server, stored=size))
        with running_floor(self._server_core) as server:
            floor_steady = self._at_100("floor at 100 a second", server)
        with running_parley(self._server_core, self._work, stores[sizes[0]]) as server:
            parley_steady = self._at_100("Parley at 100 a second", server)
        for database in stores.values():
            _remove(database)
        with running_parley(self._server_core, self._work, self._work / "memory.db") as server:
            marks = (memory // 10 // TURNS * TURNS, memory // TURNS * TURNS)
            plan = _plan(server, marks[-1], marks=marks)
            watched = self._drive(f"Parley's memory over {memory:,} messages", plan)
        return report.Results(
            floor=floor,
            stored=stored,
            floor_steady=floor_steady,
            parley_steady=parley_steady,
            memory=watched,
            inner=pure,
            synchronous=synchronous,
            pinned=self._server_core is not None,
        )

    def _saturate(self, what: str, server: Server, *, stored: int = 0) -> Outcome:
        warmup = self._warmup // TURNS * TURNS
        plan = _plan(server, self._messages, warmup=warmup, stored=stored)
        return self._drive(what, plan)

    def _at_100(self, what: str, server: Server) -> Outcome:
        return self._drive(what, _plan(server, self._steady, rate=100, first=10_000_000))

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
    contacts: int = 64,
    rate: float = 0,
    stored: int = 0,
    first: int = 0,
    marks: tuple[int, ...] = (),
) -> Plan:
    return Plan(
        server=f"127.0.0.1:{server.port}",
        provider_port=server.provider_port,
        pid=server.pid,
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
