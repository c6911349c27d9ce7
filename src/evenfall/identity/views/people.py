"""People: the list, one person, invitations."""

import csv

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evenfall.identity import actions, errors, forms, jobs, queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.logic.csv_cells import safe_cell
from evenfall.identity.permissions import Permission, Role
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt

_COLUMNS = ("id", "name", "email", "role", "time_zone", "language", "is_active")


@requires(Permission.VIEW)
@require_GET
def people_list(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    page = queries.people_page(text=text, cursor=request.GET.get("cursor"))
    may_invite = viewer_of(request).can(Permission.ADMINISTER)
    context = {
        "page": page,
        "people": queries.people_views(page.items),
        "query": text,
        "may_invite": may_invite,
        "invitations": queries.open_invitations(utc_now()) if may_invite else [],
    }
    return render(request, "identity/people.html", context)


@requires(Permission.ADMINISTER)
@require_GET
def people_csv(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    writer = csv.writer(response)
    writer.writerow(_COLUMNS)
    for person in queries.all_people():
        writer.writerow([safe_cell(getattr(person, name)) for name in _COLUMNS])
    return response


@requires(Permission.VIEW)
@require_GET
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    shown = queries.person(user_id)
    context = {
        "person": shown,
        "teams": queries.teams(queries.team_ids_of(user_id)),
        "may_change": viewer_of(request).can(Permission.ADMINISTER),
        "form": forms.RoleForm(initial={"role": shown.role.value}),
    }
    return render(request, "identity/person.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def change_role(request: HttpRequest, user_id: int) -> HttpResponse:
    actions.change_role(
        user_id=user_id,
        role=request.POST.get("role", ""),
        now=utc_now(),
        actor=viewer_of(request).actor,
    )
    return redirect("identity:person", user_id)


@requires(Permission.ADMINISTER)
@require_POST
def deactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    actions.deactivate_user(user_id=user_id, now=utc_now(), actor=viewer_of(request).actor)
    return redirect("identity:person", user_id)


@requires(Permission.ADMINISTER)
@require_POST
def reactivate(request: HttpRequest, user_id: int) -> HttpResponse:
    actions.reactivate_user(user_id=user_id, now=utc_now(), actor=viewer_of(request).actor)
    return redirect("identity:person", user_id)


@requires(Permission.ADMINISTER)
@require_POST
def end_sessions(request: HttpRequest, user_id: int) -> HttpResponse:
    actions.end_sessions(user_id=user_id, keep=None, now=utc_now(), actor=viewer_of(request).actor)
    return redirect("identity:person", user_id)


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    form = forms.InviteForm(queries.teams(), request.POST or None)
    if request.method == "POST":
        invitation_id = attempt(
            form,
            lambda: jobs.invite_by_mail(
                **form.cleaned_data, invited_by=viewer.user_id, now=utc_now(), actor=viewer.actor
            ),
        )
        if invitation_id is not None:
            return redirect("identity:invitation", invitation_id)
    status = 422 if form.errors else 200
    return render(request, "identity/invite.html", {"form": form}, status=status)


@requires(Permission.ADMINISTER)
@require_POST
def invite_several(request: HttpRequest) -> HttpResponse:
    """Invite everybody named as responders of one team; whoever is here or invited is left out."""
    viewer, now = viewer_of(request), utc_now()
    team_id = request.POST.get("team_id", "")
    invited = 0
    for email in dict.fromkeys(request.POST.getlist("email")):
        try:
            jobs.invite_by_mail(
                email=email,
                role=Role.RESPONDER.value,
                team_id=int(team_id) if team_id.isdecimal() else None,
                invited_by=viewer.user_id,
                now=now,
                actor=viewer.actor,
            )
        except errors.EmailTaken:
            continue
        invited += 1
    messages.success(request, f"Invited: {invited}. They get a mail with a link.")
    back = request.POST.get("next", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "identity:people")


@requires(Permission.ADMINISTER)
@require_GET
def invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    now = utc_now()
    shown = queries.invitation(invitation_id, now=now)
    link = "" if shown.is_expired else actions.invitation_link(invitation_id=invitation_id, now=now)
    return render(request, "identity/invitation.html", {"invitation": shown, "link": link})


@requires(Permission.ADMINISTER)
@require_POST
def renew_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    jobs.renew_by_mail(invitation_id=invitation_id, now=utc_now(), actor=viewer_of(request).actor)
    return redirect("identity:invitation", invitation_id)


@requires(Permission.ADMINISTER)
@require_POST
def revoke_invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    actions.revoke_invitation(
        invitation_id=invitation_id, now=utc_now(), actor=viewer_of(request).actor
    )
    return redirect("identity:people")
