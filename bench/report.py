"""The results as a Markdown page: figures, the bounds they should keep, and where they were measured."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.inner import Inner
from bench.load import Outcome

CPU_RATIO_MOST = 2.5
"""Durable Parley's CPU per message, at most so many times the floor's."""
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
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
"""In these steps the system counts CPU time: a run of a few messages may show none."""


@dataclass(frozen=True, slots=True)
class Results:
    """Everything one run of the benchmark measured."""

    floor: list[Outcome]
    """At saturation, one a round."""
    stored: dict[int, list[Outcome]]
    """Stored conversations -> Parley at saturation, one a round; the round's floor stands beside it."""
    floor_steady: Outcome
    parley_steady: Outcome
    memory: Outcome
    inner: Inner
    synchronous: int | None
    pinned: bool


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
    return "\n".join(
        [
            "# Benchmark",
            "",
            _about(results),
            "",
            *_side_by_side(results),
            "",
            *_stored(results),
            "",
            *_memory(results),
            "",
            *_inner(results.inner),
            "",
            *_bounds(results),
            "",
        ]
    )


def mistakes(results: Results) -> list[str]:
    """Return everything that came back other than expected, over all runs."""
    runs = (
        *results.floor,
        *(one for rounds in results.stored.values() for one in rounds),
        results.floor_steady,
        results.parley_steady,
        results.memory,
    )
    return [mistake for run in runs for mistake in run.mistakes]


def _about(results: Results) -> str:
    full = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}.get(results.synchronous or 0, "unknown")
    cores = (
        "server on one core, load and mock provider on another"
        if results.pinned
        else "not pinned to cores"
    )
    return (
        f"64 contacts at once in a talk of 3 turns (text, button, list row); every reply compared in count, words and "
        f"order. {_processor()}, {os.cpu_count()} cores ({cores}), Python {platform.python_version()}, "
        f"{platform.system()}. One message is one webhook in and its reply out; CPU is user and system time of the "
        f"server's process tree. `PRAGMA synchronous` as read from the writer: {results.synchronous} ({full})."
    )


def _side_by_side(results: Results) -> list[str]:
    rounds = results.stored[min(results.stored)]
    floor, parley = middle(results.floor), middle(rounds)
    return [
        "| | floor | Parley | ratio |",
        "|---|---|---|---|",
        f"| CPU per message, ms | {cpu_ms(floor):.3f} | {cpu_ms(parley):.3f} "
        f"| {beside(rounds, results.floor):.2f} |",
        f"| messages a second at saturation | {per_second(floor):.0f} | {per_second(parley):.0f} "
        f"| {per_second(parley) / per_second(floor):.2f} |",
        f"| p50 / p99 at saturation, ms | {_latency(floor)} | {_latency(parley)} | |",
        f"| p50 / p99 at 100 a second, ms | {_latency(results.floor_steady)} "
        f"| {_latency(results.parley_steady)} | |",
        f"| peak memory, MB | {_mb(floor.peak_bytes)} | {_mb(parley.peak_bytes)} | |",
        f"| the load's own core, busy | {load_share(floor):.0%} | {load_share(parley):.0%} | |",
        "",
        f"Medians of {len(rounds)} rounds, floor and Parley in turn; the ratio is the median of the rounds' own: "
        + ", ".join(
            f"{cpu_ms(p):.3f} / {cpu_ms(f):.3f}" for p, f in zip(rounds, results.floor, strict=True)
        )
        + ".",
    ]


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


def _memory(results: Results) -> list[str]:
    lines = ["| messages handled by one process | resident memory, MB |", "|---|---|"]
    return lines + [
        f"| {count:,} | {_mb(rss)} |" for count, rss in sorted(results.memory.marks.items())
    ]


def _inner(inner: Inner) -> list[str]:
    return [
        "| the pure parts by themselves | CPU, µs |",
        "|---|---|",
        f"| a step of the talk | {inner.step_us:.0f} |",
        *(f"| a text read as `{kind}` | {us:.0f} |" for kind, us in inner.parse_us.items()),
    ]


def _bounds(results: Results) -> list[str]:
    stored = sorted(results.stored)
    dearest = beside(results.stored[stored[-1]], results.stored[stored[0]])
    marks = sorted(results.memory.marks)
    grown = results.memory.marks[marks[-1]] / results.memory.marks[marks[0]] if marks else 0.0
    checks = (
        (
            "CPU per message beside the floor",
            beside(results.stored[stored[0]], results.floor),
            CPU_RATIO_MOST,
        ),
        ("p50 at 100 messages a second, ms", results.parley_steady.p50_ms, STEADY_P50_MS_MOST),
        (f"cost at {stored[-1]:,} stored beside {stored[0]:,}", dearest, STORED_COST_MOST),
        ("a step in the core, µs", results.inner.step_us, STEP_US_MOST),
        (
            "reading a free text, the slowest type, µs",
            max(results.inner.parse_us.values()),
            PARSE_US_MOST,
        ),
        (f"memory at {marks[-1]:,} messages beside {marks[0]:,}", grown, MEMORY_MOST),
    )
    lines = ["| bound | measured | at most | |", "|---|---|---|---|"]
    for what, measured, most in checks:
        lines.append(
            f"| {what} | {measured:.2f} | {most} | {'kept' if measured <= most else 'MISSED'} |"
        )
    return lines


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
