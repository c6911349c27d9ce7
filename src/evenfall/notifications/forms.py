"""What people fill in. Rules live in the actions; a form only reads and shows."""

from django import forms

_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}


class EmailForm(forms.Form):
    """Asks for an address; whether it is one is for the action to say."""

    address = forms.CharField(
        label="E-mail address",
        max_length=1000,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="A code goes there first.",
    )


class WebhookForm(forms.Form):
    """Asks where to post."""

    address = forms.CharField(
        label="Address",
        max_length=1000,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text="Each notice is posted there as signed JSON.",
    )
    label = forms.CharField(label="Name", max_length=80, required=False)


class PushForm(forms.Form):
    """Filled by the browser, not by a person."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=200)
    auth = forms.CharField(max_length=100)
    label = forms.CharField(max_length=80, required=False)


class CodeForm(forms.Form):
    """Asks for what was sent."""

    code = forms.CharField(label="Code", max_length=20, widget=forms.TextInput(attrs=_CODE))
