"""The steps of runbooks in the story of an incident."""

from collections.abc import Mapping
from typing import Any, Final

from evenfall.incidents.logic.wording import Sentence, Tone, Words, plain


def _started(data: Mapping[str, Any]) -> Sentence:
    if data.get("is_automatic"):
        return Sentence("Automatic remediation began: {steps}", Tone.ACCENT, "Runbook: {title}")
    return Sentence("{actor} started: {steps}", Tone.ACCENT, "Runbook: {title}")


_STEP_ENDED: Final = {
    "ok": Sentence("{step}: done", Tone.GOOD, "{log}"),
    "failed": Sentence("{step}: failed", Tone.CRITICAL, "{log}"),
    "skipped": Sentence("{step}: not run", Tone.WARNING, "{log}"),
    "undone": Sentence("{step}: undone", Tone.ACCENT, "{log}"),
    "unknown": Sentence("{step}: nobody knows what it did", Tone.CRITICAL, "{log}"),
}
_RUN_ENDED: Final = {
    "ok": Sentence("The steps of “{title}” went well", Tone.GOOD),
    "failed": Sentence("The steps of “{title}” failed", Tone.CRITICAL, "{why}"),
    "undone": Sentence("The steps of “{title}” were undone", Tone.WARNING, "{why}"),
    "unknown": Sentence("Look at what “{title}” did", Tone.CRITICAL, "{why}"),
}


def _step_ended(data: Mapping[str, Any]) -> Sentence:
    return _STEP_ENDED.get(str(data.get("outcome")), _STEP_ENDED["unknown"])


def _run_ended(data: Mapping[str, Any]) -> Sentence:
    return _RUN_ENDED.get(str(data.get("outcome")), _RUN_ENDED["unknown"])


STEPS: Final[dict[str, Words]] = {
    "runbooks.run_started": _started,
    "runbooks.approval_wanted": plain("{step} waits for an approval", Tone.WARNING, "{target}"),
    "runbooks.step_approved": plain("{actor} approved: {step}", Tone.ACCENT, "{target}"),
    "runbooks.step_started": plain("{step} acts on {target}", Tone.QUIET),
    "runbooks.step_finished": _step_ended,
    "runbooks.run_finished": _run_ended,
    "runbooks.stop_asked": plain("{actor} stopped the steps of “{title}”", Tone.WARNING, "{why}"),
    "runbooks.undo_asked": plain("{actor} takes back what “{title}” did", Tone.WARNING, "{why}"),
}
