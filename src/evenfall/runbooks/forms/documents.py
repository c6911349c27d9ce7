"""What people fill in. Rules live in the actions; a form only reads and shows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from evenfall.identity.queries import TeamView
from evenfall.runbooks.actions import RunbookWish
from evenfall.runbooks.logic.documents import MOST_BYTES, MOST_TEXT, MOST_TITLE
from evenfall.runbooks.ports import owner_of
from evenfall.runbooks.queries import RunbookView

EXAMPLE: Final = """## When to use this
What people see, and which alerts fire.

## First look
1. Open the dashboard and look whether it is one host or all.
2. Look at what was deployed in the last hour.

## Mend it
- [ ] Say in the incident what you are about to do
- [ ] Take the host out of the load balancer: `lb drain HOST`
- [ ] Restart the service: `systemctl restart SERVICE`
- [ ] Watch the error rate for five minutes
- [ ] Put the host back: `lb ready HOST`

## If that does not help
Whom to call, and what to tell them.
"""


class RunbookForm(forms.Form):
    """Asks for a text and who answers for it. `base` is the version that was edited."""

    title = forms.CharField(
        max_length=MOST_TITLE, help_text="What is broken, in the words of the alert."
    )
    owner = forms.ChoiceField(help_text="Hears when it is reported wrong or gets stale.")
    tags = forms.CharField(
        max_length=1000, required=False, help_text="Parted by commas, such as: database, disk."
    )
    text = forms.CharField(
        required=False,
        max_length=2 * MOST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 22, "spellcheck": "true"}),
        help_text="Markdown. Lines that begin with “- [ ]” can be ticked in an incident.",
    )
    summary = forms.CharField(
        label="What you changed", max_length=200, required=False, help_text="For the history."
    )
    base = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = list(owners)  # type: ignore[attr-defined] # a choice field

    def wish(self) -> RunbookWish:
        said = self.cleaned_data
        return RunbookWish(
            title=said["title"],
            text=said["text"],
            tags=said["tags"].split(","),
            owner=owner_of(said["owner"]),
            summary=said["summary"],
        )


def initial_of(runbook: RunbookView, owner: str) -> dict[str, Any]:
    """What the form shows of a runbook at first."""
    return {
        "title": runbook.title,
        "owner": owner,
        "tags": ", ".join(runbook.tags),
        "text": runbook.text,
        "base": runbook.number,
    }


class LinksForm(forms.Form):
    """Asks which services and alerts a runbook is for."""

    services = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="It is shown in each incident of these services.",
    )
    alerts = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="One line for each kind of alert, by labels: alertname=DiskFull, team=db. "
        "A * stands for any text, and != for anything else. All labels of a line must fit.",
    )

    def __init__(self, *args: Any, services: Mapping[int, str], **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self.fields["services"].choices = list(services.items())  # type: ignore[attr-defined] # a choice field


class MissingForm(forms.Form):
    """Asks what somebody looked for in vain."""

    text = forms.CharField(
        label="Which one is missing?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What broke, and what you would have liked to read.",
    )
    service_id = forms.TypedChoiceField(
        label="Service", coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, services: Mapping[int, str], **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self.fields["service_id"].choices = [("", "None"), *services.items()]  # type: ignore[attr-defined] # a choice field


class FolderForm(forms.Form):
    """Asks for a zip of Markdown files."""

    name = forms.CharField(
        max_length=120,
        help_text="Of the folder. Upload it under the same name again to keep in step.",
    )
    team_id = forms.TypedChoiceField(
        label="Team", coerce=int, help_text="Owns what names no owner of its own."
    )
    file = forms.FileField(
        label="Folder",
        help_text=f"A zip of Markdown files, of at most {MOST_BYTES // 1_000_000} MB.",
        error_messages={"required": "Choose the zip of the folder."},
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def __init__(self, *args: Any, teams: Sequence[TeamView], **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self.fields["team_id"].choices = [(team.id, team.name) for team in teams]  # type: ignore[attr-defined] # a choice field

    def clean_file(self) -> Any:  # noqa: ANN401 - Django's uploaded file
        """Refuse by the size that was received, before anything is read into memory."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MOST_BYTES:,} bytes.")
        return file
