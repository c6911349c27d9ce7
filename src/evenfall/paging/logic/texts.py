"""What a notice about a page says, in the order a tired reader needs it."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from evenfall.paging.logic.words import Response

LABELS = {
    Response.ACKNOWLEDGE: "Acknowledge",
    Response.ON_IT: "I'm on it",
    Response.NEED_HELP: "Get help",
    Response.ESCALATE: "Escalate",
    Response.RESOLVE: "Resolve",
    Response.NOT_ACTIONABLE: "Not actionable",
}
# A push message shows two buttons; the first ones are those that matter.
OFFERED = (Response.ACKNOWLEDGE, Response.ON_IT, Response.ESCALATE, Response.NEED_HELP)
OFFERED_FOR_A_DIGEST = (Response.ACKNOWLEDGE,)
ONLY_INBOX = "Only your inbox has this. Add a contact method to your profile to be paged."
LISTED = 10
LOG_LINES = 3


def headline(title: str, *, service: str, severity: str | None) -> str:
    """Severity, service, what: "CRITICAL Checkout: error rate above 5 %"."""
    named = f"{service}: {title}" if service and not title.startswith(service) else title
    return f"{severity.upper()} {named}" if severity else named


def body(
    *,
    why: str,
    summary: str,
    since: datetime | None,
    alert_count: int,
    last_change: str,
    log_lines: Sequence[str],
    runbook_url: str,
    dashboard_url: str,
    zone: str,
    only_inbox: bool = False,
) -> tuple[str, ...]:
    """The lines below the headline, without empty ones; `since` is shown in the reader's zone.

    `only_inbox`: the reader cannot be reached another way, and should know.
    """
    lines = (
        summary,
        _since(since, zone),
        f"{alert_count} alerts" if alert_count > 1 else "",
        f"Last change: {last_change}" if last_change else "",
        f"Runbook: {runbook_url}" if runbook_url else "",
        f"Dashboard: {dashboard_url}" if dashboard_url else "",
        *log_lines[-LOG_LINES:],
        f"You get this because: {why}." if why else "",
        ONLY_INBOX if only_inbox else "",
    )
    return tuple(line for line in lines if line)


def _since(since: datetime | None, zone: str) -> str:
    if since is None:
        return ""
    return f"Since {since.astimezone(ZoneInfo(zone)):%H:%M on %d %b} ({zone})"


def digest_headline(count: int) -> str:
    return f"{count} more pages for you" if count != 1 else "1 more page for you"


def digest_body(headlines: Sequence[str]) -> tuple[str, ...]:
    """Each page on its line; beyond ten the rest is counted, and listed behind the link."""
    shown = tuple(headlines[:LISTED])
    rest = len(headlines) - len(shown)
    return (
        "You got more than five pages within a minute; these came together in one message.",
        *shown,
        *((f"and {rest} more",) if rest else ()),
    )
