"""What people fill in to move in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from evenfall.identity.queries import TeamView
from evenfall.importing.logic.export import MOST_BYTES
from evenfall.importing.ports import translators


class UploadForm(forms.Form):
    """Which tool, for which team, and the file."""

    vendor = forms.ChoiceField(label="You move from")
    team = forms.TypedChoiceField(
        label="Team",
        coerce=int,
        help_text="Gets the rotas whose own team is not known here by the same name.",
    )
    file = forms.FileField(
        label="Export",
        help_text=f"A JSON file, or a zip of JSON files, of at most {MOST_BYTES // 1_000_000} MB.",
        error_messages={"required": "Choose the file with the export."},
        widget=forms.FileInput(attrs={"accept": ".json,.zip,application/json,application/zip"}),
    )

    def __init__(
        self,
        teams: Sequence[TeamView],
        data: QueryDict | None = None,
        files: "MultiValueDict[str, Any] | None" = None,
    ) -> None:
        super().__init__(data, files)
        self.fields["vendor"].choices = [(one.kind, one.label) for one in translators()]  # type: ignore[attr-defined] # a choice field
        self.fields["team"].choices = [(team.id, team.name) for team in teams]  # type: ignore[attr-defined] # a choice field

    def clean_file(self) -> Any:  # noqa: ANN401 - Django's uploaded file
        """Refuse by the size that was received, before anything is read into memory."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(f"The file is larger than {MOST_BYTES:,} bytes.")
        return file
