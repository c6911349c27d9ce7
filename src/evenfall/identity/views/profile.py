"""One's own profile and tokens."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evenfall.identity import actions, forms, queries
from evenfall.identity.access import requires, viewer_of
from evenfall.identity.permissions import Permission
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@requires(Permission.OWN)
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    me = queries.person(viewer.user_id)
    initial = {"name": me.name, "time_zone": me.time_zone, "language": me.language}
    form = forms.ProfileForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        actions.change_profile(
            user_id=viewer.user_id, **form.cleaned_data, now=utc_now(), actor=viewer.actor
        )
        messages.success(request, "Saved.")
        return redirect("identity:profile")

    if request.method == "POST" and (answer := attempt(form, save)):
        return answer
    context = {
        "person": me,
        "form": form,
        "teams": queries.teams(queries.team_ids_of(viewer.user_id)),
    }
    return render(request, "identity/profile.html", context, status=422 if form.errors else 200)


@requires(Permission.OWN)
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and the new secret once: it is in the answer to the POST and nowhere else."""
    viewer = viewer_of(request)
    form = forms.TokenForm(request.POST or None)
    created: tuple[int, str] | None = None
    if request.method == "POST":
        created = attempt(
            form,
            lambda: actions.create_token(
                user_id=viewer.user_id, **form.cleaned_data, now=utc_now(), actor=viewer.actor
            ),
        )
    context = {
        "form": forms.TokenForm() if created else form,
        "secret": created[1] if created else "",
        "tokens": queries.tokens_of(viewer.user_id),
        "now": utc_now(),
        "others": _others(viewer_of(request).can(Permission.ADMINISTER), viewer.user_id),
    }
    return render(request, "identity/tokens.html", context, status=422 if form.errors else 200)


@requires(Permission.OWN)
@require_POST
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    viewer = viewer_of(request)
    actions.revoke_token(
        token_id=token_id,
        owner_id=None if viewer.can(Permission.ADMINISTER) else viewer.user_id,
        now=utc_now(),
        actor=viewer.actor,
    )
    return redirect("identity:tokens")


def _others(may_see: bool, user_id: int) -> list[queries.TokenView]:  # noqa: FBT001 - private
    if not may_see:
        return []
    return [token for token in queries.all_tokens() if token.user_id != user_id]
