"""The results as a Markdown page: figures, the bounds they should keep, and where they were measured."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.inner import Inner
from bench.load import CONTACTS, Outcome

SQLITE_RATIO_MOST = 1.8
"""Durable Parley's CPU per message, at most so many times the floor's."""
POSTGRES_RATIO_MOST = 2.2
"""The same on PostgreSQL, whose own CPU counts."""
WORKERS_RATIO_MOST = 1.15
"""CPU per message of two workers, at most so many times one's."""
HALF_P99_MS_MOST = 50.0
"""At half of the messages a second that saturate."""
STEADY_P50_MS_MOST = 5.0
"""At 100 messages a second."""
STORED_COST_MOST = 1.2
"""Cost per message at the largest store, at most so many times that at the smallest."""
STEP_US_MOST = 50
"""CPU of one step in the core."""
PARSE_US_MOST = 2_000
"""CPU of reading one free text."""
MEMORY_MOST = 1.1
"""Resident memory at the end of the long run, at most so many times that at a tenth of it."""
FLOOR = "the floor"
"""Its name among those at half load, where no bound is its own: how far it is from nothing is the machine's doing."""
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
"""In these steps the system counts CPU time: a run of a few messages may show none."""


@dataclass(slots=True)
class Results:
    """What a run of the benchmark measured; parts that were not run are empty."""

    pinned: bool
    inner: Inner | None = None
    floor: list[Outcome] = field(default_factory=list)
    """At saturation, one a round."""
    stored: dict[int, list[Outcome]] = field(default_factory=dict)
    """Stored conversations -> Parley on SQLite at saturation, one a round; the round's floor stands beside it."""
    synchronous: int | None = None
    postgres: dict[int, list[Outcome]] = field(default_factory=dict)
    """Workers -> Parley on PostgreSQL at saturation, one a round."""
    floor_workers: list[Outcome] = field(default_factory=list)
    """The floor in two processes: what it costs that they share a core, one a round."""
    busy_workers: list[Outcome] = field(default_factory=list)
    """Two workers with twice the contacts, so that each is as busy as one worker alone, one a round."""
    durable: dict[str, str] = field(default_factory=dict)
    floor_steady: Outcome | None = None
    parley_steady: Outcome | None = None
    half: dict[str, Outcome] = field(default_factory=dict)
    """The floor, and Parley by database, each at half of what saturates it."""
    memory: Outcome | None = None


def cpu_ms(outcome: Outcome) -> float:
    """Return the server's CPU time for one message and its reply; below a tick of the clock it counts as one."""
    return 1000 * max(outcome.cpu_s, TICK_S) / max(outcome.messages, 1)


def per_second(outcome: Outcome) -> float:
    """Return the throughput."""
    return outcome.messages / outcome.elapsed_s


def load_share(outcome: Outcome) -> float:
    """Return how busy the load's own core was, from 0 to 1."""
    return outcome.load_cpu_s / outcome.elapsed_s


def beside(ones: list[Outcome], others: list[Outcome]) -> float:
    """Return how much more CPU a message costs in the first than in the second: the median over the rounds.

    A shared machine drifts from minute to minute; what ran side by side met the same machine.
    """
    return median(cpu_ms(one) / cpu_ms(other) for one, other in zip(ones, others, strict=True))


def middle(outcomes: list[Outcome]) -> Outcome:
    """Return the round whose CPU per message is the median."""
    return sorted(outcomes, key=cpu_ms)[len(outcomes) // 2]


def render(results: Results) -> str:
    """Return the page."""
    parts = [
        ["# Benchmark"],
        [_about(results)],
        _side_by_side(results) if results.stored else [],
        _postgres(results) if results.postgres else [],
        _half(results) if results.half else [],
        _stored(results) if len(results.stored) > 1 else [],
        _memory(results.memory) if results.memory else [],
        _inner(results.inner) if results.inner else [],
        _bounds(results),
    ]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def mistakes(results: Results) -> list[str]:
    """Return everything that came back other than expected, over all runs."""
    runs = (
        *results.floor,
        *(one for rounds in results.stored.values() for one in rounds),
        *(one for rounds in results.postgres.values() for one in rounds),
        *results.floor_workers,
        *results.busy_workers,
        *results.half.values(),
        results.floor_steady,
        results.parley_steady,
        results.memory,
    )
    return [mistake for run in runs if run is not None for mistake in run.mistakes]


def _about(results: Results) -> str:
    cores = (
        "server, and its database, on one core; load and mock provider on another"
        if results.pinned
        else "not pinned to cores"
    )
    return (
        f"{CONTACTS} contacts at once in a talk of 3 turns (text, button, list row); every reply compared in count, "
        f"words and order. {_processor()}, {os.cpu_count()} cores ({cores}), Python {platform.python_version()}, "
        f"{platform.system()}. One message is one webhook in and its reply out; CPU is user and system time of the "
        f"server's process tree, and of the database server's.{_durable(results)}"
    )


def _durable(results: Results) -> str:
    """Tell what was read from the databases about how they keep what they commit."""
    told = ""
    if results.synchronous is not None:
        full = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}.get(results.synchronous, "unknown")
        told += f" SQLite: `PRAGMA synchronous` is {results.synchronous} ({full})."
    if results.durable:
        shown = ", ".join(f"{name} {value}" for name, value in results.durable.items())
        told += f" PostgreSQL: {shown}."
    return told


def _side_by_side(results: Results) -> list[str]:
    rounds = results.stored[min(results.stored)]
    floor, parley = middle(results.floor), middle(rounds)
    steady: list[str] = []
    if results.floor_steady and results.parley_steady:
        steady = [
            f"| p50 / p99 at 100 a second, ms | {_latency(results.floor_steady)} "
            f"| {_latency(results.parley_steady)} | |",
        ]
    return [
        "| | floor | Parley on SQLite | ratio |",
        "|---|---|---|---|",
        f"| CPU per message, ms | {cpu_ms(floor):.3f} | {cpu_ms(parley):.3f} "
        f"| {beside(rounds, results.floor):.2f} |",
        f"| messages a second at saturation | {per_second(floor):.0f} | {per_second(parley):.0f} "
        f"| {per_second(parley) / per_second(floor):.2f} |",
        f"| p50 / p99 at saturation, ms | {_latency(floor)} | {_latency(parley)} | |",
        *steady,
        f"| peak memory, MB | {_mb(floor.peak_bytes)} | {_mb(parley.peak_bytes)} | |",
        f"| the load's own core, busy | {load_share(floor):.0%} | {load_share(parley):.0%} | |",
        "",
        f"Medians of {len(rounds)} rounds, floor and Parley in turn; the ratio is the median of the rounds' own: "
        f"{_pairs(rounds, results.floor)}.",
    ]


def _postgres(results: Results) -> list[str]:
    lines = [
        "| on PostgreSQL | CPU per message, ms | of it the database server's | beside the floor | "
        "messages a second | p50 / p99, ms |",
        "|---|---|---|---|---|---|",
    ]
    named = [("the floor in 2 processes", results.floor_workers)]
    named += [
        (f"workers: {workers}", rounds) for workers, rounds in sorted(results.postgres.items())
    ]
    named.append((f"workers: 2, with {CONTACTS} contacts each", results.busy_workers))
    for name, rounds in named:
        one = middle(rounds)
        share = 1000 * one.database_cpu_s / max(one.messages, 1)
        lines.append(
            f"| {name} | {cpu_ms(one):.3f} | {share:.3f} | {beside(rounds, results.floor):.2f} "
            f"| {per_second(one):.0f} | {_latency(one)} |"
        )
    told = (f"{name}: {_pairs(rounds, results.floor)}" for name, rounds in named)
    return [*lines, "", f"Beside the floor of the same round, by {'; '.join(told)}."]


def _half(results: Results) -> list[str]:
    lines = [
        "| at half of what saturates | messages a second | p50 / p99, ms | CPU per message, ms |",
        "|---|---|---|---|",
    ]
    return lines + [
        f"| {name} | {per_second(one):.0f} | {_latency(one)} | {cpu_ms(one):.3f} |"
        for name, one in results.half.items()
    ]


def _pairs(ones: list[Outcome], floors: list[Outcome]) -> str:
    pairs = zip(ones, floors, strict=True)
    return ", ".join(f"{cpu_ms(one):.3f} / {cpu_ms(floor):.3f}" for one, floor in pairs)


def _stored(results: Results) -> list[str]:
    first = results.stored[min(results.stored)]
    lines = [
        "| stored conversations | CPU per message, ms | beside the first | messages a second | peak memory, MB |",
        "|---|---|---|---|---|",
    ]
    for count, rounds in sorted(results.stored.items()):
        one = middle(rounds)
        lines.append(
            f"| {count:,} | {cpu_ms(one):.3f} | {beside(rounds, first):.2f} | {per_second(one):.0f} "
            f"| {_mb(one.peak_bytes)} |"
        )
    return lines


def _memory(memory: Outcome) -> list[str]:
    lines = ["| messages handled by one process | resident memory, MB |", "|---|---|"]
    return lines + [f"| {count:,} | {_mb(rss)} |" for count, rss in sorted(memory.marks.items())]


def _inner(inner: Inner) -> list[str]:
    return [
        "| the pure parts by themselves | CPU, µs |",
        "|---|---|",
        f"| a step of the talk | {inner.step_us:.0f} |",
        *(f"| a text read as `{kind}` | {us:.0f} |" for kind, us in inner.parse_us.items()),
    ]


def _bounds(results: Results) -> list[str]:
    lines = ["| bound | measured | at most | |", "|---|---|---|---|"]
    for what, measured, most in _checks(results):
        lines.append(
            f"| {what} | {measured:.2f} | {most} | {'kept' if measured <= most else 'MISSED'} |"
        )
    return lines


def _checks(results: Results) -> Iterator[tuple[str, float, float]]:
    """Yield each bound of what was run: its words, what was measured, and the most."""
    floor, stored, postgres = results.floor, results.stored, results.postgres
    sizes = sorted(stored)
    if stored:
        ratio = beside(stored[sizes[0]], floor)
        yield "CPU per message on SQLite beside the floor", ratio, SQLITE_RATIO_MOST
    if postgres:
        one, two = postgres[1], postgres[2]
        ratio = beside(one, floor)
        yield "CPU per message on PostgreSQL beside the floor", ratio, POSTGRES_RATIO_MOST
        yield "CPU per message of 2 workers beside 1", beside(two, one), WORKERS_RATIO_MOST
        ratio = beside(results.busy_workers, one)
        yield "the same, each with as many contacts as the one", ratio, WORKERS_RATIO_MOST
    if results.parley_steady:
        yield "p50 at 100 messages a second, ms", results.parley_steady.p50_ms, STEADY_P50_MS_MOST
    for name, half in results.half.items():
        if name != FLOOR:
            yield f"p99 at half load on {name}, ms", half.p99_ms, HALF_P99_MS_MOST
    if len(sizes) > 1:
        dearest = beside(stored[sizes[-1]], stored[sizes[0]])
        yield f"cost at {sizes[-1]:,} stored beside {sizes[0]:,}", dearest, STORED_COST_MOST
    if results.inner:
        slowest = max(results.inner.parse_us.values())
        yield "a step in the core, µs", results.inner.step_us, STEP_US_MOST
        yield "reading a free text, the slowest type, µs", slowest, PARSE_US_MOST
    if results.memory and results.memory.marks:
        first, *_, last = sorted(results.memory.marks)
        grown = results.memory.marks[last] / results.memory.marks[first]
        yield f"memory at {last:,} messages beside {first:,}", grown, MEMORY_MOST


def _latency(outcome: Outcome) -> str:
    return f"{outcome.p50_ms:.2f} / {outcome.p99_ms:.2f}"


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
