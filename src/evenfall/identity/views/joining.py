"""The two doors for newcomers: an invitation and the link for the first administrator.

Opening a link changes nothing, because mail scanners open links too; only the form acts.
"""

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from evenfall.identity import actions, forms, queries
from evenfall.identity.access import public
from evenfall.identity.models import User
from evenfall.platform.clock import utc_now
from evenfall.platform.forms import attempt


@public("the signed link in an invitation is the permission")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    invitation = actions.read_invitation(token=token, now=utc_now())
    form = forms.JoinForm(request.POST or None, initial=_defaults())
    if request.method == "POST":
        user_id = attempt(
            form,
            lambda: actions.accept_invitation(
                token=token, newcomer=actions.Newcomer(**form.cleaned_data), now=utc_now()
            ),
        )
        if user_id is not None:
            return _sign_in(request, user_id)
    context = {"form": form, "invitation": invitation, "site": queries.site()}
    return _page(request, "identity/join.html", context)


@public("the signed link that the server prints is the permission")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    actions.check_first_admin_link(token=token, now=utc_now())
    form = forms.FirstAdminForm(request.POST or None, initial=_defaults())
    if request.method == "POST":
        user_id = attempt(
            form,
            lambda: actions.accept_first_admin(
                token=token,
                email=form.cleaned_data.pop("email"),
                newcomer=actions.Newcomer(**form.cleaned_data),
                now=utc_now(),
            ),
        )
        if user_id is not None:
            return _sign_in(request, user_id)
    return _page(request, "identity/welcome.html", {"form": form, "site": queries.site()})


def _defaults() -> dict[str, str]:
    site = queries.site()
    return {"time_zone": site.time_zone, "language": site.language}


def _sign_in(request: HttpRequest, user_id: int) -> HttpResponse:
    """Go on as the new person, through the same door as every other sign-in."""
    answer: HttpResponse = perform_login(request, User.objects.get(id=user_id))
    return answer


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    form = context["form"]
    is_refused = isinstance(form, forms.JoinForm) and form.errors
    return render(request, template, context, status=422 if is_refused else 200)
