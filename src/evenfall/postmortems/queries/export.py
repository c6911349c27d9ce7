"""A post-mortem as one document: to keep, to send, to read elsewhere."""

import base64
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from django.template.loader import render_to_string

from evenfall.platform import markdown
from evenfall.postmortems.logic import attachments as attachments_logic
from evenfall.postmortems.queries.actions import ActionView, actions_of
from evenfall.postmortems.queries.attachments import (
    AttachmentView,
    attachment_bodies,
    attachments,
    finder_of,
    public_url,
)
from evenfall.postmortems.queries.postmortems import PostmortemView, postmortem, sections

_WIDEST: Final = 900
_SOURCE: Final = re.compile(r'(?P<tag><img src=")(?P<href>[^"]*)')


def as_markdown(postmortem_id: int, *, now: datetime) -> str:
    """The whole of it; all times are UTC. Raises PostmortemNotFound.

    Files are named by their address, which wants somebody who signs in.
    """
    view, kept = postmortem(postmortem_id), _kept(postmortem_id)
    addresses = {one.id: public_url(one) for one in kept}
    listed = [f"- [{one.name}]({addresses[one.id]}) ({one.label}, {_size(one)})" for one in kept]
    text = attachments_logic.with_addresses(_text(view, now=now), addresses.get)
    return "\n\n".join([text, *_attachments(listed)]) + "\n"


def as_html(postmortem_id: int, *, now: datetime) -> str:
    """The same as one HTML file that needs nothing else and runs nothing: images are in it."""
    view, kept = postmortem(postmortem_id), _kept(postmortem_id)
    text = _text(view, now=now)
    named = attachments_logic.numbers_in(text)
    rest = [one for one in kept if one.id not in named]
    listed = [f"{'' if one.is_picture else '- '}{one.mark}" for one in rest]
    html = markdown.to_html(
        "\n\n".join([text, *_attachments(listed)]), finder_of(kept, widest=_WIDEST)
    )
    return render_to_string(
        "postmortems/export.html", {"postmortem": view, "body": _inlined(html, kept)}
    )


def _kept(postmortem_id: int) -> list[AttachmentView]:
    return [one for one in attachments(postmortem_id) if one.removed_at is None]


def _text(view: PostmortemView, *, now: datetime) -> str:
    parts = [f"# {_plain(view.title)}", _facts(view)]
    parts += [f"## {_plain(one.title)}\n\n{one.text}".rstrip() for one in sections(view.id)]
    if view.factors:
        parts.append("## Factors\n\n" + "\n".join(f"- {_plain(name)}" for name in view.factors))
    if found := actions_of(view.id, now=now):
        parts.append(_actions(found))
    return "\n\n".join(parts)


def _attachments(listed: Sequence[str]) -> list[str]:
    return ["## Attachments\n\n" + "\n".join(listed)] if listed else []


def _size(one: AttachmentView) -> str:
    return f"{max(1, one.size // 1024)} KB"


def _inlined(html: str, kept: Sequence[AttachmentView]) -> str:
    """Images become part of the file; links to documents lead to where colleagues get them.

    Only in tags that we made: what people wrote has no “<” that is not escaped.
    """
    pictures = {one.href: one for one in kept if one.is_picture}
    bodies = attachment_bodies([one.id for one in pictures.values() if one.href in html])

    def drawn(match: re.Match[str]) -> str:
        one = pictures.get(match["href"])
        if one is None or one.id not in bodies:
            return match[0]
        data = base64.b64encode(bodies[one.id]).decode()
        return f"{match['tag']}data:{one.content_type};base64,{data}"

    whole = _SOURCE.sub(drawn, html)
    for one in kept:
        whole = whole.replace(f'<a href="{one.href}"', f'<a href="{public_url(one)}"')
    return whole


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
