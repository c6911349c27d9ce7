"""A post-mortem as one document: to keep, to send, to read elsewhere."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.template.loader import render_to_string

from evenfall.platform import markdown
from evenfall.postmortems.queries.actions import ActionView, actions_of
from evenfall.postmortems.queries.postmortems import PostmortemView, postmortem, sections


def as_markdown(postmortem_id: int, *, now: datetime) -> str:
    """The whole of it; all times are UTC. Raises PostmortemNotFound."""
    view = postmortem(postmortem_id)
    parts = [f"# {_plain(view.title)}", _facts(view)]
    parts += [f"## {_plain(one.title)}\n\n{one.text}".rstrip() for one in sections(postmortem_id)]
    if view.factors:
        parts.append("## Factors\n\n" + "\n".join(f"- {_plain(name)}" for name in view.factors))
    if found := actions_of(postmortem_id, now=now):
        parts.append(_actions(found))
    return "\n\n".join(parts) + "\n"


def as_html(postmortem_id: int, *, now: datetime) -> str:
    """The same as one HTML file that needs nothing else and runs nothing."""
    view = postmortem(postmortem_id)
    body = markdown.to_html(as_markdown(postmortem_id, now=now))
    return render_to_string("postmortems/export.html", {"postmortem": view, "body": body})


def _facts(view: PostmortemView) -> str:
    rows = {
        "Incident": str(view.incident_id),
        "State": view.state.value.replace("_", " "),
        "Severity": view.severity.value,
        "Environment": view.environment.value,
        "Service": view.service,
        "Team": view.team,
        "Owner": view.owner.name if view.owner else "",
        "Reviewers": ", ".join(one.name for one in view.reviewers),
        "Approved by": view.approved_by.name if view.approved_by else "",
        "Published": _day(view.published_at) if view.published_at else "",
        "Tags": ", ".join(view.tags),
    }
    return "\n".join(f"- {label}: {_plain(value)}" for label, value in rows.items() if value)


def _actions(found: Sequence[ActionView]) -> str:
    rows = [
        f"- {one.level.value} {_plain(one.title)}: {_plain(one.owner)},"
        f" {one.state.value.replace('_', ' ')}, due {_day(one.due_at)}{_guardrail(one)}"
        for one in found
    ]
    return "## Actions\n\n" + "\n".join(rows)


def _guardrail(one: ActionView) -> str:
    named = " ".join(word for word in (_plain(one.guardrail), one.guardrail_url) if word)
    return f"; guardrail: {named}" if named else ""


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _plain(text: str) -> str:
    folded = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in folded)
