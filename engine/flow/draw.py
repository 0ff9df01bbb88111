"""A flow as a diagram: mermaid text, made by the `transitions` library from the flow's own table."""

from transitions import State
from transitions.extensions import GraphMachine

from engine.flow.compile import CompiledFlow
from engine.flow.functions import Function
from engine.flow.plan import Step
from engine.flow.targets import To
from engine.flow.templates import TemplateUse
from engine.flow.text import Template
from engine.flow.ways import ways

TEXT_LENGTH = 40
"""Characters of a step's text that its box shows; the diagram is for finding one's way."""


class _Box(State):
    """A state with the words that the diagram shows; `MarkupMachine` looks for `label`."""

    def __init__(self, name: str, label: str, ignore_invalid_triggers: bool = False) -> None:
        super().__init__(name, ignore_invalid_triggers=ignore_invalid_triggers)
        self.label = label


class _Diagram(GraphMachine):
    state_cls = _Box


class _Nobody:
    """The model that GraphMachine insists on drawing; it is thrown away with the diagram."""


def draw(flow: CompiledFlow) -> str:
    """Return the flow as a mermaid state diagram: a box a step and an arrow a way out.

    Box names begin with the flow's, because a bare `end` or `state` is a word of mermaid's own.
    """
    arrows = ways(flow)
    boxes = [*(To(step=name) for name in flow.steps), *(target for _, target, _ in arrows)]
    nobody = _Nobody()
    machine = _Diagram(
        model=nobody,
        states=[
            {"name": name, "label": label}
            for name, label in {_id(flow, box): _label(flow, box) for box in boxes}.items()
        ],
        initial=_id(flow, boxes[0]),
        transitions=[
            {
                "trigger": "go",
                "label": _escape(label) or " ",
                "source": _id(flow, source),
                "dest": _id(flow, target),
            }
            for source, target, label in arrows
        ],
        auto_transitions=False,
        graph_engine="mermaid",
        title=f"title: {flow.name}",
    )
    graph = machine.model_graphs[id(nobody)]
    graph.reset_styling()  # nobody stands anywhere: no box is the active one
    lines = str(graph.get_graph().draw(None)).splitlines()
    return "\n".join(line.rstrip().removesuffix(":") for line in lines) + "\n"


def _id(flow: CompiledFlow, box: To) -> str:
    if box.flow is not None:
        return f"{flow.name}__flow_{box.flow}"
    return f"{flow.name}_{box.step or 'END'}"


def _label(flow: CompiledFlow, box: To) -> str:
    if box.flow is not None:
        return f"flow {box.flow}"
    step = flow.steps.get(box.step or "")
    if step is None:
        return box.step or "END"
    due = " (if due)" if step.when is not None else " (later)" if step.at is not None else ""
    return _escape(f"{step.name}{due} · {_words(step)}")


def _words(step: Step) -> str:
    match step.text:
        case Template(parts=parts):
            text = "".join(part if isinstance(part, str) else part.written for part in parts)
            line = " ".join(text.split())
            return line if len(line) <= TEXT_LENGTH else f"{line[: TEXT_LENGTH - 1]}…"
        case Function():
            return "…"
        case TemplateUse(name=name):
            return f"template {name}"
        case None:
            return "code"


def _escape(text: str) -> str:
    """Return the text with what would end a mermaid label written as mermaid's entity codes."""
    codes = {"#": "#35;", ";": "#59;", ":": "#58;", '"': "#quot;"}
    return "".join(codes.get(char, char) for char in text)
