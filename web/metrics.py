"""`/metrics`: how the work goes, as Prometheus reads it; at a port of its own, or under a token, or not at all.

What happened is counted where it happens, in plain numbers; this module only reads them, when it is asked. No label
holds anything of a contact, and each comes from a bounded set: lines, teams, loops, statuses.
"""

import errno
import hmac
import platform
from collections.abc import AsyncIterator, Iterable, Iterator
from importlib.metadata import version

from aiohttp import hdrs, web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from engine.core.errors import DefinitionError
from storage.migrate import head_revision
from web.errors import Handler, answering, refusal
from web.inbox.live.hub import HUB
from web.keys import DATABASE, ENGINE, LANES, SETTINGS, WORKER
from web.settings import MetricsSettings
from web.vitals import WATCH, Vitals
from web.webhooks import WEBHOOKS

TEAMS_MOST = 50
"""Teams with a series of their own; a token may hand a chat to any name, so the rest is told together."""

OTHER_TEAMS = "(other)"
NO_TEAM = ""
"""The queue of everybody."""


class _Told(Collector):
    """What was found, for the library to write."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = tuple(metrics)

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def routes(settings: MetricsSettings) -> list[web.RouteDef]:
    """Return the route at the server's own port: there is one where a token guards it and no port of its own is set."""
    if settings.token is None or settings.listen is not None:
        return []
    return [web.get("/metrics", _guarded(settings))]


async def run_listener(app: web.Application) -> AsyncIterator[None]:
    """Serve `/metrics` at its own port while the application runs, where one is set.

    Raises:
        DefinitionError: The port cannot be had.
    """
    settings = app[SETTINGS].metrics
    if settings.listen is None:
        yield
        return
    host, _, first = settings.listen.rpartition(":")
    port = int(first) + app.get(WORKER, 1) - 1
    inner = web.Application()
    inner.add_routes([web.get("/metrics", _guarded(settings, of=app))])
    runner = web.AppRunner(inner, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host.strip("[]"), port).start()
        except (OSError, OverflowError) as error:
            told = getattr(error, "strerror", None) or str(error)
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                told = "in use by another program; each process that serves takes a port of its own"
            raise DefinitionError(f"metrics.listen: {host}:{port}: {told}") from None
        yield
    finally:
        await runner.cleanup()


def _guarded(settings: MetricsSettings, *, of: web.Application | None = None) -> Handler:
    """Return the handler; where there is a token, whoever does not show it is answered 401.

    Args:
        settings: With the token read.
        of: Whose figures they are, where that is not the application that is asked.
    """
    token = settings.token and settings.token.get_secret_value()
    expected = None if token is None else f"Bearer {token}".encode()

    async def answer(request: web.Request) -> web.Response:
        shown = request.headers.get(hdrs.AUTHORIZATION, "").encode(errors="replace")
        if expected is not None and not hmac.compare_digest(shown, expected):
            challenge = {"WWW-Authenticate": "Bearer"}
            return refusal(
                401, "token_invalid", "The token is not that of [metrics].", headers=challenge
            )
        return await metrics(request.app if of is None else of)

    return answering(answer)


async def metrics(app: web.Application) -> web.Response:
    """Answer every figure; where the database does not answer, those that it would tell are left out."""
    vitals = await app[WATCH].look()
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(_families(app, vitals)))
    ProcessCollector(registry=registry)
    return web.Response(
        body=generate_latest(registry), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_PLAIN_0_0_4}
    )


def _families(app: web.Application, vitals: Vitals | None) -> Iterator[Metric]:
    yield InfoMetricFamily(
        "parley_build",
        "What runs here, and which of the machine's workers it is.",
        value={
            "version": version("parley"),
            "python": platform.python_version(),
            "schema": head_revision(),
            "worker": str(app.get(WORKER, 1)),
        },
    )
    yield from _of_process(app)
    yield from _of_engine(app)
    yield GaugeMetricFamily(
        "parley_database_up",
        "Whether the database answered just now.",
        value=float(vitals is not None),
    )
    if vitals is not None:
        yield from _of_database(vitals)


def _of_process(app: web.Application) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "parley_loop_lag_seconds",
        "How late the event loop came to what was due, at its worst in the last minute.",
        value=app[WATCH].lag.seconds,
    )
    yield GaugeMetricFamily(
        "parley_inbox_pages", "Open pages of the inbox.", value=len(app[HUB].streams)
    )
    yield GaugeMetricFamily(
        "parley_spooled_webhooks", "Webhooks that wait on disk.", value=app[LANES].spooled
    )
    answers = app[WEBHOOKS].answers
    taken = CounterMetricFamily("parley_webhooks", "Webhooks by answer.", labels=["answer"])
    by_answer = {200: answers.taken}
    refused = CounterMetricFamily(
        "parley_webhooks_refused",
        "Webhooks that were not taken, by line; no line is one that does not exist.",
        labels=["line", "answer"],
    )
    for (line, status), count in answers.refused.items():
        by_answer[status] = by_answer.get(status, 0) + count
        refused.add_metric([line, str(status)], count)
    for status, count in by_answer.items():
        taken.add_metric([str(status)], count)
    yield taken
    yield refused
    errors = CounterMetricFamily(
        "parley_database_errors", "What the database refused or did not answer.", labels=["code"]
    )
    for code, count in app[DATABASE].errors.items():
        errors.add_metric([code], count)
    yield errors


def _of_engine(app: web.Application) -> Iterator[Metric]:
    engine = app[ENGINE]
    figures = engine.figures()
    yield SummaryMetricFamily(
        "parley_batch_signals",
        "Transactions of the writer, and the signals that came in with them.",
        count_value=figures.batches,
        sum_value=figures.batched,
    )
    loops = GaugeMetricFamily("parley_loop_up", "Whether a loop runs.", labels=["loop"])
    for loop, runs in engine.health().loops.items():
        loops.add_metric([loop], float(runs))
    yield loops
    sends = CounterMetricFamily(
        "parley_sends", "Messages handed to a provider, by how it ended.", labels=["line", "result"]
    )
    for (line, result), count in figures.sends.items():
        sends.add_metric([line, result], count)
    yield sends
    paused = GaugeMetricFamily(
        "parley_line_paused",
        "Whether a line waits because its provider refuses the line as a whole.",
        labels=["line"],
    )
    for line, waits in figures.paused.items():
        paused.add_metric([line], float(waits))
    yield paused


def _of_database(vitals: Vitals) -> Iterator[Metric]:
    stored = vitals.stored
    yield GaugeMetricFamily(
        "parley_oldest_unstepped_signal_seconds",
        "How long the oldest signal waits that could be stepped.",
        value=vitals.oldest_unstepped.total_seconds(),
    )
    oldest = GaugeMetricFamily(
        "parley_oldest_unsent_message_seconds",
        "How long the oldest message waits that is queued or being sent.",
        labels=["line"],
    )
    for line, waits in vitals.oldest_unsent.items():
        oldest.add_metric([line], waits.total_seconds())
    yield oldest
    outbox = GaugeMetricFamily(
        "parley_outbox_messages", "Messages that are not finished.", labels=["line", "status"]
    )
    for one in stored.unsent:
        outbox.add_metric([one.line, one.status], one.count)
    yield outbox
    posted = GaugeMetricFamily(
        "parley_last_webhook_timestamp_seconds",
        "When a line's provider last posted something that was taken.",
        labels=["line"],
    )
    for line, at in stored.posted.items():
        posted.add_metric([line], at.timestamp())
    yield posted
    yield GaugeMetricFamily(
        "parley_replicas", "Processes that serve this database.", value=stored.replicas
    )
    yield from _of_queues(vitals)


def _of_queues(vitals: Vitals) -> Iterator[Metric]:
    counts: dict[tuple[str, str], int] = {}
    waits: dict[tuple[str, str], float] = {}
    shown: set[str] = set()
    for chats in vitals.stored.waiting:  # the longest queues first
        team = chats.team or NO_TEAM
        if len(shown) < TEAMS_MOST:
            shown.add(team)
        key = (chats.line, team if team in shown else OTHER_TEAMS)
        counts[key] = counts.get(key, 0) + chats.count
        since = 0.0 if chats.since is None else (vitals.at - chats.since).total_seconds()
        waits[key] = max(waits.get(key, 0.0), since)
    waiting = GaugeMetricFamily(
        "parley_chats_waiting", "Chats that wait for people.", labels=["line", "team"]
    )
    longest = GaugeMetricFamily(
        "parley_chats_longest_wait_seconds",
        "How long the first of them waits.",
        labels=["line", "team"],
    )
    for queue, count in counts.items():
        waiting.add_metric(queue, count)
        longest.add_metric(queue, waits[queue])
    yield waiting
    yield longest
