"""The flows that the configuration names: loaded, checked against its lines, and bound to each line as its book."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from adapters.cloud.capabilities import CAPABILITIES as PHONE
from engine.core.book import Book
from engine.core.capabilities import Capabilities
from engine.core.closed import Closed
from engine.core.errors import DefinitionError
from engine.core.ids import LineId
from engine.core.language import Languages
from engine.core.languages import IN_ENGLISH
from engine.core.limits import HOLD_TTL, RESUME_AFTER
from engine.core.teams import EVERYBODY, Team, Teams
from engine.core.templates import KnownTemplate
from engine.core.times import read_length
from engine.flow.check import Problem, check_flows
from engine.flow.check_faq import check_faq
from engine.flow.check_templates import check_templates
from engine.flow.compile import CompiledFlow
from engine.flow.faq import Faq, faq_beside
from engine.flow.hours import ANY_HOURS, LineHours, read_hours
from engine.flow.languages import FOLDER, codes_of, read_languages
from engine.flow.load import load_flows
from engine.flow.lock import NAME, Lock, read_lock
from engine.flow.opening import read_opening
from engine.flow.template_file import templates_beside
from engine.ports import Adapter
from web.settings import HandoffSettings, Settings, TeamSettings

log = structlog.get_logger()


class FlowsInvalid(DefinitionError):
    """The flows have mistakes.

    Args:
        problems: What `check` found, errors alone.
    """

    code = "flows_invalid"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Flows:
    """Every flow of a configuration, with what was published of them."""

    by_name: Mapping[str, CompiledFlow]
    lock: Lock
    languages: Languages = IN_ENGLISH
    faq: Faq | None = None
    templates: tuple[KnownTemplate, ...] = ()
    """What the author wrote into `templates.toml`."""

    def book(
        self,
        *,
        start: str | None,
        capabilities: Capabilities,
        closed: Closed = "hold",
        hold_ttl: timedelta = HOLD_TTL,
        hours: LineHours = ANY_HOURS,
        teams: Teams = EVERYBODY,
        helpdesk: bool = False,
        resume_after: timedelta = RESUME_AFTER,
    ) -> Book:
        """Return the flows as a line with these capabilities talks them."""
        marked = (name for name, flow in self.by_name.items() if flow.start)
        return Book(
            scripts=self.by_name,
            capabilities=capabilities,
            start=start or next(marked, None),
            serial=self.lock.serial,
            languages=self.languages,
            understand=self.faq,
            hours=hours,
            closed=closed,
            hold_ttl=hold_ttl,
            teams=teams,
            helpdesk=helpdesk,
            resume_after=resume_after,
        )

    def books(self, settings: Settings, adapters: Mapping[LineId, Adapter]) -> dict[LineId, Book]:
        """Return the book of each line."""
        hours, teams = line_hours(settings), teams_of(settings)
        return {
            line: self.book(
                start=configured.start,
                capabilities=adapter.capabilities,
                closed=configured.closed,
                hold_ttl=read_length(configured.hold_ttl),
                hours=hours[line],
                teams=teams,
                helpdesk=configured.own_helpdesk is not None,
                resume_after=read_length(settings.handoffs.resume_after),
            )
            for line, adapter in adapters.items()
            for configured in (settings.lines[line],)
        }


def line_hours(settings: Settings) -> dict[LineId, LineHours]:
    """Return the clock of each line: its time zone and its quiet hours."""
    return {
        LineId(name): read_hours(line.time_zone, line.quiet_hours)
        for name, line in settings.lines.items()
    }


def teams_of(settings: Settings) -> Teams:
    """Return the teams as the engine knows them."""
    common = settings.handoffs
    return Teams(
        by_name={name: _team(team, common) for name, team in settings.teams.items()},
        everybody=_team(TeamSettings(), common),
        acknowledge_every=read_length(common.acknowledge_every),
        phone_quiet=read_length(common.phone_quiet),
    )


def _team(team: TeamSettings, common: HandoffSettings) -> Team:
    hours = common.hours if team.hours is None else team.hours
    after = team.unclaimed_after or common.unclaimed_after
    return Team(
        title=team.name,
        opening=read_opening(hours, team.time_zone or common.time_zone),
        unclaimed_after=None if after == "never" else read_length(after),
    )


def read_flows(settings: Settings) -> Flows:
    """Load the flow files and `flows.lock`.

    Raises:
        DefinitionError: A file cannot be loaded, there is no flow at all, or a line's `start` is none.
    """
    by_name = load_flows(settings.flows.paths, settings.folder, report=_report_slow)
    if not by_name:
        folders = ", ".join(settings.flows.paths)
        raise DefinitionError(
            f"flows.paths: no flow in {folders}; a flow is a class such as `class Order(Flow)` with a step"
        )
    for name, line in settings.lines.items():
        if line.start is not None and line.start not in by_name:
            raise DefinitionError(
                f"lines.{name}.start: no flow {line.start!r}; {suggestion(line.start, by_name)}"
            )
    languages = _languages(settings, by_name)
    faq = faq_beside(by_name.values(), languages)
    templates = templates_beside(by_name.values())
    return Flows(by_name, read_lock(lock_file(settings)), languages, faq, templates)


def _languages(settings: Settings, flows: Mapping[str, CompiledFlow]) -> Languages:
    """Return what the lines talk: what is configured, else English and each language with a catalogue."""
    codes = settings.flows.languages or codes_of(flow.catalogues for flow in flows.values())
    try:
        return read_languages(codes, _flow_folder(settings) / FOLDER)
    except DefinitionError as error:
        raise DefinitionError(
            "\n".join(
                line if line.startswith(str(_flow_folder(settings))) else f"flows.languages: {line}"
                for line in str(error).splitlines()
            )
        ) from error


def lock_file(settings: Settings) -> Path:
    """Return where `flows.lock` stands: in the first folder of `flows.paths`, else beside the configuration."""
    return _flow_folder(settings) / NAME


def _flow_folder(settings: Settings) -> Path:
    folders = [settings.folder / path for path in settings.flows.paths]
    return next((folder for folder in folders if folder.is_dir()), settings.folder)


def problems(
    settings: Settings, flows: Flows, capabilities: Mapping[LineId, Capabilities] | None = None
) -> list[Problem]:
    """Return what `check` finds, measured against the configured lines or, without any, against a phone's limits."""
    shown = list((capabilities or {}).values()) or [PHONE]
    starts = {name: line.start for name, line in settings.lines.items()}
    found = check_flows(
        flows.by_name.values(),
        capabilities=shown,
        starts=starts,
        published=flows.lock,
        languages=flows.languages.all,
        now=datetime.now(UTC),
        teams=teams_of(settings) if settings.teams else None,
        has_plan=bool(settings.lines)
        and all("closed" in line.model_fields_set for line in settings.lines.values()),
    )
    codes = flows.languages.codes
    found += check_templates(flows.by_name.values(), flows.templates, codes)
    return [*found, *check_faq(flows.faq, flows.by_name, flows.languages)]


def refuse_wrong(found: list[Problem]) -> None:
    """Stop a start that would let a contact meet a mistake; warnings pass.

    Raises:
        FlowsInvalid: At least one problem is an error.
    """
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        raise FlowsInvalid(errors)


def suggestion(name: str, known: Mapping[str, CompiledFlow]) -> str:
    """Return which flow was probably meant, or which there are."""
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"there are {', '.join(sorted(known))}" if known else "there is no flow at all"


def _report_slow(name: str, elapsed_ms: float) -> None:
    log.warning("callable_slow", callable=name, elapsed_ms=round(elapsed_ms, 1))
