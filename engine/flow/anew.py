"""What a correction sends a run through once more: the code that works with the answers before where it goes on."""

from collections.abc import Collection, Mapping

from engine.flow.plan import Step


def corrected_before_code(
    steps: Mapping[str, Step], corrected: Collection[str], goal: Step
) -> Step | None:
    """Return the first corrected question, where the walk from it comes to code before the goal; else None.

    Only code that no other question or text stands before: a walk from there says nothing twice.
    """
    questions = (steps[name] for name in corrected if name in steps)
    first = min(questions, key=lambda step: step.index, default=None)
    if first is None:
        return None
    below = (step for step in steps.values() if step.index > first.index and step.kind != "ask")
    following = next(below, None)
    is_code = following is not None and following.kind == "code" and following.index < goal.index
    return first if is_code else None
