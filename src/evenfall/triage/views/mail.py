"""The addresses of a team that customers and tools send mail to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenfall.catalog import queries as catalog_queries
from evenfall.identity import queries as identity_queries
from evenfall.identity.access import requires
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt
from evenfall.platform.mail_in import address_of
from evenfall.triage import actions, contexts, queries
from evenfall.triage.forms import MailSourceForm
from evenfall.triage.ports import MAIL_WORD


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def sources(request: HttpRequest, team_id: int) -> HttpResponse:
    """GET, POST /triage/teams/3/mail/: its addresses, and a new one, which is shown only here."""
    team, now = identity_queries.team(team_id), utc_now()
    viewer = contexts.manager_of(request, team_id)
    form = MailSourceForm(request.POST or None, services=catalog_queries.services().values())

    def save() -> str:
        _, key = actions.open_mail_source(
            team_id=team_id, wish=form.wish(), now=now, actor=viewer.actor
        )
        return address_of(f"{MAIL_WORD}{key}")

    made = attempt(form, save) if request.method == "POST" else None
    if made:
        form = MailSourceForm(services=catalog_queries.services().values())
    context = {
        "team": team,
        "form": form,
        "made": made,
        "is_on": bool(address_of(MAIL_WORD)),
        "sources": queries.mail_sources(team_id),
    }
    status = 422 if form.errors else 200
    answer = render(request, "triage/mail.html", context, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@requires(Permission.MANAGE)
@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, team_id: int, mail_source_id: int) -> HttpResponse:
    """GET /triage/teams/3/mail/7/: mails of no use; POST closes the address."""
    team, viewer = identity_queries.team(team_id), contexts.manager_of(request, team_id)
    if request.method == "POST":
        actions.close_mail_source(
            team_id=team_id, source_id=mail_source_id, now=utc_now(), actor=viewer.actor
        )
        messages.success(request, "The address is closed. Mail to it comes back to its sender.")
        return redirect("triage:mail", team_id)
    context = {
        "team": team,
        "source": queries.mail_source(team_id, mail_source_id),
        "refused": queries.refused_mails(mail_source_id),
    }
    return render(request, "triage/mail_source.html", context)
