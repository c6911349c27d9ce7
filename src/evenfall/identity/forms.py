"""What people fill in. Rules live in the actions; a form only reads and shows."""

import zoneinfo
from collections.abc import Sequence
from functools import cache
from typing import Any

from django import forms

from evenfall.identity.models import LANGUAGES
from evenfall.identity.permissions import TEAM_ROLES, Permission, Role
from evenfall.identity.queries import Person, TeamView

ROLE_HELP = {
    Role.OBSERVER: "Observer: reads",
    Role.STAKEHOLDER: "Stakeholder: reads and follows incidents",
    Role.RESPONDER: "Responder: acknowledges, resolves, silences",
    Role.MANAGER: "Manager: changes rotas, policies, services",
    Role.ADMIN: "Administrator: people and settings too",
}
SCOPE_HELP = {
    Permission.VIEW: "View: read everything",
    Permission.FOLLOW: "Follow: subscribe to incidents",
    Permission.RESPOND: "Respond: acknowledge, resolve, note, silence",
    Permission.MANAGE: "Manage: change rotas, policies, services, integrations",
    Permission.ADMINISTER: "Administer: people and settings",
    Permission.OWN: "Own: your own profile and tokens",
}


@cache
def _zones() -> Sequence[tuple[str, str]]:
    """Read once: they are files, and change with the system only."""
    names = sorted(zoneinfo.available_timezones())
    return tuple((name, name.replace("_", " ")) for name in names if "/" in name or name == "UTC")


def _roles(roles: tuple[Role, ...]) -> list[tuple[str, str]]:
    return [(role.value, ROLE_HELP[role]) for role in roles]


class ZoneField(forms.ChoiceField):
    """A choice of IANA names, read from the system when the first form is shown."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(choices=_zones, **kwargs)


class InviteForm(forms.Form):
    """Asks for a newcomer."""

    email = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(
        choices=_roles(tuple(Role)), initial=Role.RESPONDER.value, widget=forms.RadioSelect
    )
    team_id = forms.TypedChoiceField(label="Team", required=False, coerce=int, empty_value=None)

    def __init__(self, teams: list[TeamView], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        choices: list[tuple[object, str]] = [
            ("", "None"),
            *[(team.id, team.name) for team in teams],
        ]
        self.fields["team_id"].choices = choices  # type: ignore[attr-defined]  # a choice field


class RoleForm(forms.Form):
    """Asks for the role on the site."""

    role = forms.ChoiceField(choices=_roles(tuple(Role)), widget=forms.RadioSelect)


class TeamForm(forms.Form):
    """Asks for a team's name."""

    name = forms.CharField(max_length=120)
    description = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))


class MemberForm(forms.Form):
    """Asks who joins a team, as what."""

    user_id = forms.TypedChoiceField(label="Person", coerce=int)
    role = forms.ChoiceField(choices=_roles(TEAM_ROLES), initial=Role.RESPONDER.value)

    def __init__(self, people: list[Person], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Django's
        super().__init__(*args, **kwargs)
        choices: list[tuple[object, str]] = [(person.id, person.name) for person in people]
        self.fields["user_id"].choices = choices  # type: ignore[attr-defined]  # a choice field


class ProfileForm(forms.Form):
    """Asks how somebody is called and where they are."""

    name = forms.CharField(max_length=120)
    time_zone = ZoneField(help_text="Pages show times in this zone.")
    language = forms.ChoiceField(
        choices=LANGUAGES, help_text="Calls and messages to you use this language."
    )


class JoinForm(ProfileForm):
    """Asks for what a new account needs."""

    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters. You can add a passkey afterwards.",
        strip=False,
    )
    field_order = ("email", "name", "password", "time_zone", "language")


class FirstAdminForm(JoinForm):
    """Asks for the first account, which nobody invited."""

    email = forms.EmailField(label="E-mail address", help_text="You sign in with it.")


class TokenForm(forms.Form):
    """Asks for a token."""

    name = forms.CharField(max_length=120, help_text="Where you use it, such as “deploy script”.")
    scopes = forms.MultipleChoiceField(
        choices=[(scope.value, SCOPE_HELP[scope]) for scope in Permission],
        initial=[Permission.VIEW.value],
        widget=forms.CheckboxSelectMultiple,
        help_text="What it may do, within what you may do.",
    )
    days = forms.IntegerField(label="Valid for days", min_value=1, initial=90)


class SettingsForm(forms.Form):
    """Asks for the settings of the site."""

    site_name = forms.CharField(max_length=80, label="Name of this installation")
    time_zone = ZoneField(help_text="For newcomers, until they choose their own.")
    language = forms.ChoiceField(choices=LANGUAGES, help_text="For newcomers.")
    invitation_days = forms.IntegerField(min_value=1, max_value=90, label="Invitations last, days")
    token_days = forms.IntegerField(min_value=1, max_value=3650, label="Tokens last at most, days")


class AuditForm(forms.Form):
    """Asks what to look for in the audit. Days are in the reader's zone."""

    actor = forms.ChoiceField(label="Who", required=False)
    domain = forms.ChoiceField(label="What", required=False)
    subject = forms.CharField(
        label="About",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"size": 10, "placeholder": "rota:3"}),
    )
    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label="To, that day included",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(
        self,
        people: list[Person],
        domains: list[str],
        *args: Any,  # noqa: ANN401 - as Django's
        **kwargs: Any,  # noqa: ANN401 - as Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        actors = [("", "Anybody"), ("system", "The system itself")]
        actors += [(f"user:{person.id}", person.name) for person in people]
        self.fields["actor"].choices = actors  # type: ignore[attr-defined]  # a choice field
        kinds = [("", "Everything"), *[(name, name.capitalize()) for name in domains]]
        self.fields["domain"].choices = kinds  # type: ignore[attr-defined]  # a choice field
