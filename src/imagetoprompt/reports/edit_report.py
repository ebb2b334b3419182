"""An edit as lines and as JSON: what changed, the plan and its reasons, each target's request."""

import json
from collections.abc import Iterable, Iterator

from imagetoprompt.core.plan import Plan, Request
from imagetoprompt.core.scene import VERSION, Scene
from imagetoprompt.planning import EditedScene, TargetRequest
from imagetoprompt.reports.description import report_heading
from imagetoprompt.reports.plain_text import Kind, Line, aligned_rows


def lines(picture: str, edited: EditedScene, requests: Iterable[TargetRequest]) -> Iterator[Line]:
    """The whole edit of one picture."""
    width, height = edited.before.size
    yield Line(f"{picture} ({width} x {height})", "head")
    yield from _facts(edited)
    yield from (Line(f"Warning: {conflict}", "note") for conflict in edited.conflicts)
    yield Line()
    yield from _planned(edited.plan)
    for request in requests:
        yield Line()
        yield from _target_lines(request)


def _facts(edited: EditedScene) -> Iterator[Line]:
    """Each facet before and after, the changed ones marked."""
    changed = {change.facet for change in edited.plan.changes}
    facets = dict.fromkeys(fact.facet for scene in (edited.before, edited.after) for fact in scene)
    for facet in facets:
        old, new = _said(edited.before, facet), _said(edited.after, facet)
        if facet in changed:
            yield from _pair(facet, old, new)
        elif old:
            yield Line(f"{facet:<12}{old}", "same")


def _said(scene: Scene, facet: str) -> str:
    return " · ".join(fact.value for fact in scene.said(facet))


def _pair(name: str, old: str, new: str) -> Iterator[Line]:
    both: tuple[tuple[str, Kind], ...] = ((old, "gone"), (new, "come"))
    yield from (Line(f"{name:<12}{words}", kind) for words, kind in both if words)


def _planned(plan: Plan) -> Iterator[Line]:
    controls = ", ".join(f"{control.kind} {control.weight:g}" for control in plan.controls)
    parts = (plan.task, f"strength {plan.strength:g}", f"keeping {controls}" if controls else "")
    size = f"{plan.size[0]} x {plan.size[1]}"
    yield Line(f"Plan: {', '.join(filter(None, (*parts, size)))}", "head")
    yield from (Line(reason, "note") for reason in plan.reasons.values())


def _target_lines(answer: TargetRequest) -> Iterator[Line]:
    yield Line(
        f"[{answer.after.target}:{answer.after.variant}] {report_heading(answer.after)}", "head"
    )
    if answer.before.text != answer.after.text:
        yield Line(answer.before.text, "gone")
    yield Line(answer.after.text, "come")
    for change in answer.changes:
        yield from (
            Line(f"  {line.text}", line.kind)
            for line in _pair(change.facet, change.before, change.after)
        )
    yield from (
        (Line(answer.refusal, "note"),) if answer.request is None else _request(answer.request)
    )


def _request(request: Request) -> Iterator[Line]:
    yield Line(f"strength: {request.knob}")
    if request.text:
        yield Line(request.text, "code")
    else:
        yield Line(f"{request.form}: {request.url}")
        yield from (Line(text, "code") for text in _body(request))
    names = (("file", f"{f.placeholder} {f.shows} ({f.form})") for f in request.attachments)
    steps = ((f"step {number}", text) for number, text in enumerate(request.steps, 1))
    for name, text in (*names, *steps, *(("lost", loss) for loss in request.losses)):
        yield Line(f"{name}: {text}", "note")


def _body(request: Request) -> list[str]:
    headers = [f"{name}: {value}" for name, value in request.headers.items()]
    fields = [f"  {_value(name)}: {_value(value)}" for name, value in request.body.items()]
    return [*headers, "{", *(f"{field}," for field in fields[:-1]), *fields[-1:], "}"]


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def to_json(
    picture: str, edited: EditedScene, requests: Iterable[TargetRequest]
) -> dict[str, object]:
    """The edit as JSON values; scenes, plan and prompts have their published schemas."""
    return {
        "version": VERSION,
        "picture": picture,
        "edits": [{"facet": e.facet, "value": e.value, "how": e.how} for e in edited.edits],
        "before": edited.before.to_json(),
        "after": edited.after.to_json(),
        "conflicts": list(edited.conflicts),
        "plan": edited.plan.to_json(),
        "targets": [_target(request) for request in requests],
    }


def _target(answer: TargetRequest) -> dict[str, object]:
    changes = [{"facet": c.facet, "before": c.before, "after": c.after} for c in answer.changes]
    return {
        "before": answer.before.to_json(),
        "after": answer.after.to_json(),
        "changes": changes,
        "request": None if answer.request is None else answer.request.to_json(),
        "refusal": answer.refusal,
    }


def preset_lines(presets: Iterable[tuple[str, str, float, str]]) -> Iterator[Line]:
    """Presets as rows under their kinds: name, strength, and the facts that they set."""
    kinds: dict[str, list[tuple[str, str, str]]] = {}
    for name, kind, strength, sets in presets:
        kinds.setdefault(kind, []).append((name, f"{strength:g}", sets))
    for number, (kind, rows) in enumerate(kinds.items()):
        yield from (Line(),) if number else ()
        yield Line(kind, "head")
        yield from map(Line, aligned_rows(rows))
