"""Where django-allauth asks us: who may join, what is worth an entry in the audit."""

from typing import Any, override

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evenfall.identity import actions, jobs, queries
from evenfall.identity.models import User
from evenfall.platform import crypto
from evenfall.platform.clock import utc_now
from evenfall.platform.logs import get_logger

log = get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in with password and passkey."""

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody joins without an invitation."""
        return False

    @override
    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        actions.record_sign_in(user_id=user.id, address=self.get_client_ip(request), now=utc_now())
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    @override
    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # To the log and not to the journal: an attacker must not be able to fill the audit.
        log.warning("sign_in_failed", address=self.get_client_ip(request))

    @override
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        site = {"current_site": {"name": queries.site().site_name}, "request": self.request}
        jobs.mail_later(
            self.render_mail(template_prefix, email, {**site, "email": email, **context})
        )

    @override
    def send_notification_mail(
        self, template_prefix: str, user: User, *args: Any, **kwargs: Any
    ) -> None:
        """Called for every change of how somebody signs in: the audit hears of it here."""
        what = template_prefix.rpartition("/")[2]
        actions.record_sign_in_change(user_id=user.id, what=what, now=utc_now())
        super().send_notification_mail(template_prefix, user, *args, **kwargs)

    @override
    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Say nothing about the obvious, such as having signed in."""
        template = args[1] if len(args) > 1 else kwargs.get("message_template", "")
        if template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, *args, **kwargs)


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in through the OpenID Connect provider."""

    @override
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """A newcomer needs an invitation to an address which the provider has verified."""
        return self._invitation_id(sociallogin) is not None

    @override
    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: object = None
    ) -> User:
        """Use the invitation up and connect the new account to the provider's."""
        invitation_id = self._invitation_id(sociallogin)
        if invitation_id is None:
            closed = render(request, "account/signup_closed.html", status=403)
            raise ImmediateHttpResponse(closed)
        site = queries.site()
        name = sociallogin.account.extra_data.get("name") or sociallogin.user.email
        user_id = actions.join_by_invitation(
            invitation_id=invitation_id,
            newcomer=actions.Newcomer(
                name=name, password=None, time_zone=site.time_zone, language=site.language
            ),
            via="sso",
            now=utc_now(),
        )
        user = User.objects.get(id=user_id)
        sociallogin.user = user
        sociallogin.save(request, connect=True)
        return user

    def _invitation_id(self, sociallogin: SocialLogin) -> int | None:
        verified = {one.email.lower() for one in sociallogin.email_addresses if one.verified}
        now = utc_now()
        for invitation in queries.open_invitations(now):
            if invitation.email in verified and not invitation.is_expired:
                return invitation.id
        return None


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors: their secrets are encrypted at rest."""

    @override
    def encrypt(self, text: str) -> str:
        return crypto.encrypt(text)

    @override
    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(encrypted_text)

    @override
    def get_totp_issuer(self) -> str:
        return queries.site().site_name


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]  # allauth has no types
    """The list of one's browsers."""

    @override
    def end_sessions(self, sessions: list[UserSession]) -> None:
        super().end_sessions(sessions)
        for user_id in {session.user_id for session in sessions}:
            count = sum(session.user_id == user_id for session in sessions)
            actions.record_ended_sessions(user_id=user_id, count=count, now=utc_now())
