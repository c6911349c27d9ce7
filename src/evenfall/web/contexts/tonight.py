"""Tonight: is all calm, what is open, who is there, and what needs the reader."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from evenfall.identity import queries as identity_queries
from evenfall.identity.permissions import Viewer
from evenfall.incidents import queries as incidents_queries
from evenfall.incidents.queries import IncidentView
from evenfall.notifications import queries as notifications_queries
from evenfall.oncall import queries as oncall_queries
from evenfall.oncall.queries import RotaView
from evenfall.paging import queries as paging_queries
from evenfall.paging.queries import PageView
from evenfall.web.contexts import first_steps
from evenfall.web.contexts.first_steps import Steps
from evenfall.web.logic.sentence import Sentence, Watch, sentence

if TYPE_CHECKING:
    from evenfall.oncall.logic.schedule import OnCall
    from evenfall.oncall.logic.spec import Span

MOST_ROTAS = 12
MOST_PAGES = 20
type _Duty = OnCall
type _Span = Span


class Need(Struct, frozen=True, kw_only=True):
    """Something that waits for the reader."""

    title: str
    why: str
    url: str
    icon: str


class OnDuty(Struct, frozen=True, kw_only=True):
    """A person and the whole of the duty, aware UTC."""

    name: str
    since: datetime
    until: datetime
    is_me: bool


class RotaNow(Struct, frozen=True, kw_only=True):
    name: str
    url: str
    time_zone: str
    primary: OnDuty | None
    lieutenant: OnDuty | None
    next: OnDuty | None


class Tonight(Struct, frozen=True, kw_only=True):
    sentence: Sentence
    steps: Steps | None
    needs: list[Need]
    incidents: list[IncidentView]
    rotas: list[RotaNow]


def tonight(viewer: Viewer, *, key: str, now: datetime) -> Tonight:
    """Everything the page shows to this viewer; `key`: the one made here for a first try, or ""."""
    rotas = _rotas(viewer, now)
    waiting, in_hand = incidents_queries.waiting_and_in_hand()
    return Tonight(
        sentence=sentence(
            waiting=waiting,
            in_hand=in_hand,
            watches=[_watch(rota) for rota in rotas],
            zone=ZoneInfo(viewer.time_zone),
            now=now,
        ),
        steps=first_steps.steps(viewer, somebody_on_call=_covered(rotas), key=key),
        needs=[*_calls(viewer), *_repairs(viewer)],
        incidents=incidents_queries.live_incidents(limit=20),
        rotas=rotas,
    )


def _covered(rotas: Sequence[RotaNow]) -> bool:
    return any(rota.primary for rota in rotas)


def _rotas(viewer: Viewer, now: datetime) -> list[RotaNow]:
    """The rotas of the viewer's teams; all of them for somebody without a team."""
    mine = oncall_queries.rotas_of_teams(viewer.team_roles) if viewer.team_roles else []
    shown = mine[:MOST_ROTAS] or oncall_queries.rotas(most=MOST_ROTAS)
    duties = oncall_queries.on_call_at([rota.id for rota in shown], at=now)
    ids = {span.user_id for duty in duties.values() for span in _spans(duty)}
    names = identity_queries.names(ids)
    return [_rota_now(rota, duties[rota.id], names, viewer.user_id) for rota in shown]


def _spans(duty: _Duty) -> list[_Span]:
    return [span for span in (duty.primary, duty.lieutenant, duty.next_primary) if span]


def _rota_now(rota: RotaView, duty: _Duty, names: dict[int, str], reader_id: int) -> RotaNow:
    def on_duty(span: _Span | None) -> OnDuty | None:
        if span is None:
            return None
        return OnDuty(
            name=names.get(span.user_id, "Somebody who left"),
            since=span.starts_at,
            until=span.ends_at,
            is_me=span.user_id == reader_id,
        )

    return RotaNow(
        name=rota.name,
        url=f"/rotas/{rota.id}/",
        time_zone=rota.time_zone,
        primary=on_duty(duty.primary),
        lieutenant=on_duty(duty.lieutenant),
        next=on_duty(duty.next_primary),
    )


def _watch(rota: RotaNow) -> Watch:
    return Watch(
        rota=rota.name,
        primary=rota.primary.name if rota.primary else None,
        until=rota.primary.until if rota.primary else None,
        lieutenant=rota.lieutenant.name if rota.lieutenant else None,
    )


def _calls(viewer: Viewer) -> list[Need]:
    """The pages that wait for the viewer, the oldest first; of very many, where the rest is."""
    pages = paging_queries.open_pages_of(viewer.user_id, limit=MOST_PAGES + 1)
    needs = [_page_need(page) for page in pages[:MOST_PAGES]]
    if len(pages) <= MOST_PAGES:
        return needs
    more = "These are the oldest. The rest is in the list of your pages."
    url = "/pages/?show=mine"
    return [*needs, Need(title="Still more pages wait for you", why=more, url=url, icon="phone")]


def _page_need(page: PageView) -> Need:
    verb = "Answer the page" if page.acknowledged_at is None else "Follow up"
    return Need(
        title=f"{verb}: {page.content.title}",
        why=f"Page {page.id}, {page.policy_name}",
        url=f"/pages/{page.id}/",
        icon="phone",
    )


def _repairs(viewer: Viewer) -> list[Need]:
    """Contact methods that stopped working: until mended, pages take another way."""
    methods = notifications_queries.contact_methods(viewer.user_id)
    return [
        Need(
            title=f"Mend {method.channel}: {method.label or method.address}",
            why=method.broken_reason or "It was refused for good.",
            url="/profile/contact-methods/",
            icon="warning",
        )
        for method in methods
        if method.state == "broken"
    ]
