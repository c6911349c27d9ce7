"""What people fill in. Rules live in the actions; a form only reads and shows."""

from collections.abc import Iterable
from typing import Any, override

from django import forms

from evenfall.notifications.ports import AddressField, ProviderField

_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}


class AddressForm(forms.Form):
    """Asks for an address of one kind; whether it is one is for the channel to say."""

    address = forms.CharField(max_length=1000)
    label = forms.CharField(
        label="Name",
        max_length=80,
        required=False,
        help_text="What you call it, such as “work phone”.",
    )

    def __init__(self, field: AddressField, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        address = self.fields["address"]
        address.label, address.help_text = field.label, field.help
        address.widget.attrs = {
            "inputmode": field.input_mode,
            "autocomplete": field.autocomplete,
            "placeholder": field.placeholder,
            "autofocus": True,
        }
        if field.secret_label:
            self.fields["secret"] = forms.CharField(
                label=field.secret_label,
                help_text=field.secret_help,
                required=False,
                max_length=1000,
                widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            )


class PushForm(forms.Form):
    """Filled by the browser, not by a person."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=200)
    auth = forms.CharField(max_length=100)
    label = forms.CharField(max_length=80, required=False)
    model = forms.CharField(max_length=80, required=False)
    is_app = forms.BooleanField(required=False)


class MovedForm(forms.Form):
    """Filled by a service worker whose subscription changed."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=200)
    auth = forms.CharField(max_length=100)


class NameForm(forms.Form):
    """What a person calls a contact method."""

    label = forms.CharField(
        label="Name",
        max_length=80,
        required=False,
        help_text="What you call it, such as “work phone”.",
    )


class CodeForm(forms.Form):
    """Asks for what was sent."""

    code = forms.CharField(label="Code", max_length=20, widget=forms.TextInput(attrs=_CODE))


class ProviderForm(forms.Form):
    """Asks for an account at a provider: its name, and the fields that its type wants.

    A secret that is known already may stay empty: it is kept then.
    """

    name = forms.CharField(
        max_length=80, help_text="How it is called in reports, such as “Twilio Germany”."
    )

    def __init__(
        self,
        fields: Iterable[ProviderField],
        *args: Any,  # noqa: ANN401 - Django's signature
        knows_secrets: bool = False,
        **kwargs: Any,  # noqa: ANN401 - Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        fields = tuple(fields)
        self._names = [field.name for field in fields]
        for field in fields:
            self.fields[field.name] = _provider_field(field, knows_secrets=knows_secrets)

    def values(self) -> dict[str, str]:
        """What was typed in, by the names of the provider's fields."""
        return {name: self.cleaned_data[name] for name in self._names}


class _SecretLines(forms.Textarea):
    """A secret of several lines, such as a private key: never written back into the page."""

    @override
    def format_value(self, value: Any) -> str:
        return ""


def _provider_field(field: ProviderField, *, knows_secrets: bool) -> forms.CharField:
    attrs = {"autocomplete": "off", "spellcheck": "false"}
    widget: forms.Widget = forms.TextInput(attrs=attrs)
    if field.is_secret and field.is_long:
        widget = _SecretLines(attrs={**attrs, "rows": 4})
    elif field.is_secret:
        widget = forms.PasswordInput(attrs={**attrs, "autocomplete": "new-password"})
    elif field.is_long:
        widget = forms.Textarea(attrs={**attrs, "rows": 4})
    is_kept = field.is_secret and knows_secrets
    return forms.CharField(
        label=field.label,
        required=field.is_required and not is_kept,
        initial=field.default,
        help_text=f"{field.help} Leave empty to keep the one that is stored.".strip()
        if is_kept
        else field.help,
        widget=widget,
        max_length=4000,
    )
