"""Asks where a server of metrics is."""

from typing import Any

from django import forms

from evenfall.telemetry import ports
from evenfall.telemetry.actions import SourceWish
from evenfall.telemetry.actions.sources import MOST_NAME
from evenfall.telemetry.logic.addresses import MOST_URL
from evenfall.telemetry.queries import SourceView


class SourceForm(forms.Form):
    """With a `known` secret, an empty field keeps it."""

    name = forms.CharField(max_length=MOST_NAME, help_text="What people call it here.")
    kind = forms.ChoiceField()
    url = forms.CharField(
        label="Address",
        max_length=MOST_URL,
        help_text="What comes before /api/v1, such as https://prometheus.example.org.",
    )
    user_name = forms.CharField(
        label="User name",
        max_length=100,
        required=False,
        help_text="For basic authentication. Without one the secret is sent as a bearer token.",
    )
    secret = forms.CharField(
        label="Password or token",
        max_length=4_000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="One that may only read. Kept encrypted and never shown.",
    )
    forget = forms.BooleanField(label="Forget the secret that is known", required=False)
    tenant = forms.CharField(
        max_length=100, required=False, help_text="Sent as X-Scope-OrgID, for Mimir and Cortex."
    )
    authority = forms.CharField(
        label="Certificate authority",
        max_length=100_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
        help_text="PEM, where the server's certificate is from an authority of your own.",
    )

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(ports.metric_kinds().items())  # type: ignore[attr-defined] # a choice field
        if known:
            kept = "One is known and kept for this address; leave the field empty to keep it."
            self.fields["secret"].help_text = kept
        else:
            del self.fields["forget"]

    def wish(self) -> SourceWish:
        said = dict(self.cleaned_data)
        forget = said.pop("forget", False)
        secret = said.pop("secret") or ("" if forget else None)
        return SourceWish(**said, secret=secret)

    @staticmethod
    def initial_of(source: SourceView) -> dict[str, Any]:
        names = ("name", "kind", "url", "user_name", "tenant", "authority")
        return {name: getattr(source, name) for name in names}


class QueryForm(forms.Form):
    """A query to try."""

    query = forms.CharField(
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
        help_text="Asked for the last hour. $names are not filled in here.",
    )
