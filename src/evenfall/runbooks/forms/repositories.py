"""Asks where a Git repository is."""

from collections.abc import Sequence
from typing import Any

from django import forms

from evenfall.identity.queries import TeamView
from evenfall.runbooks.actions import RepositoryWish
from evenfall.runbooks.logic.repositories import MOST_BRANCH, MOST_PATH, MOST_URL
from evenfall.runbooks.queries import RepositoryView


class RepositoryForm(forms.Form):
    """With a `known` token, an empty field keeps it."""

    name = forms.CharField(max_length=120, help_text="What people call it here.")
    team_id = forms.TypedChoiceField(
        label="Team",
        coerce=int,
        help_text="Owns what names no owner of its own, and hears when it cannot be fetched.",
    )
    url = forms.CharField(
        label="Address",
        max_length=MOST_URL,
        help_text="As for git clone, such as https://git.example.org/ops/runbooks.git.",
    )
    branch = forms.CharField(max_length=MOST_BRANCH, initial="main")
    path = forms.CharField(
        label="Folder",
        max_length=MOST_PATH,
        required=False,
        help_text="Such as docs/runbooks. Leave it empty for the whole repository.",
    )
    user_name = forms.CharField(
        label="User name",
        max_length=100,
        required=False,
        help_text="For a private repository. Many hosts take any name beside a token.",
    )
    token = forms.CharField(
        max_length=1_000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="One that may only read. Kept encrypted and never shown.",
    )
    forget = forms.BooleanField(label="Forget the token that is known", required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's signature
        teams: Sequence[TeamView],
        known: bool = False,
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team_id"].choices = [(team.id, team.name) for team in teams]  # type: ignore[attr-defined] # a choice field
        if known:
            kept = "One is known and kept for this host; leave the field empty to keep it."
            self.fields["token"].help_text = kept
        else:
            del self.fields["forget"]

    def wish(self) -> RepositoryWish:
        said = dict(self.cleaned_data)
        forget = said.pop("forget", False)
        token = said.pop("token") or ("" if forget else None)
        return RepositoryWish(**said, token=token)

    @staticmethod
    def initial_of(repository: RepositoryView) -> dict[str, Any]:
        names = ("name", "team_id", "url", "branch", "path", "user_name")
        return {name: getattr(repository, name) for name in names}
