"""Documents of OpenSLO, pasted or uploaded."""

from typing import Any, override

from django import forms

from evenfall.slo.logic.openslo.documents import MOST_BYTES


class OpenSloForm(forms.Form):
    """A text, pasted or as a file; the file wins."""

    pasted = forms.CharField(
        label="Documents",
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        help_text="YAML or JSON, several documents at once.",
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "mono"}),
    )
    file = forms.FileField(label="Or a file", required=False, allow_empty_file=True)

    @override
    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        found = said.get("file")
        if found and found.size > MOST_BYTES:
            self.add_error("file", f"This has more than {MOST_BYTES:,} bytes. Import it in parts.")
        elif not found and not (said.get("pasted") or "").strip():
            self.add_error("pasted", "Paste documents, or choose a file.")
        return said

    def text(self) -> str:
        found = self.cleaned_data.get("file")
        if found:
            body: bytes = found.read()
            return body.decode("utf-8-sig", errors="replace")
        pasted: str = self.cleaned_data["pasted"]
        return pasted
