"""The journal in words: one sentence for each kind of fact that an incident's story can hold.

A template names fields of the fact, and: `{actor}` who did it, `{user}` the person of `user_id`,
`{people}` who was paged and why, `{missing}` whom nobody could find, `{took}` the `seconds` in
words, `{channel}` the kind of channel in words. A field that an old fact lacks reads as "…".
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from evenfall.incidents.logic.life_words import LIFE
from evenfall.incidents.logic.promise_words import PROMISES
from evenfall.incidents.logic.step_words import STEPS
from evenfall.incidents.logic.wording import Sentence, Tone, Words, plain
from evenfall.platform import durations

__all__ = ["SENTENCES", "SYSTEM_NAME", "Fact", "Names", "Sentence", "Tone", "sentence"]


class Fact(Struct, frozen=True, kw_only=True):
    """One entry of the journal; `at` is aware UTC."""

    id: int
    at: datetime
    kind: str
    actor: str
    subjects: tuple[str, ...]
    data: Mapping[str, Any]


class Names(Struct, frozen=True):
    """Who is who: people by id, actors by their word ("user:3", "token:9")."""

    people: Mapping[int, str] = field(default_factory=dict)
    actors: Mapping[str, str] = field(default_factory=dict)


SYSTEM_NAME: Final = "Evenfall"
_CHANNELS: Final = {
    "email": "e-mail",
    "webpush": "push",
    "inbox": "the inbox",
    "webhook": "a webhook",
    "sms": "SMS",
    "voice": "a call",
    "web": "the page",
    "link": "a link",
    "api": "the API",
    "cli": "the command line",
}
_MISSING: Final = {
    "no_team": "no team is named",
    "no_rota": "the team has no rota",
    "rota_gap": "nobody is on call",
    "no_lieutenant": "there is no lieutenant",
    "no_next": "nobody is next",
    "empty_team": "the team is empty",
    "no_team_lead": "the team has no lead",
    "no_person": "the person is not active",
    "no_administrator": "there is no administrator",
    "no_method": "there is no way to reach them but the inbox",
    "wants_help": "they asked for the help",
}


def _opened(data: Mapping[str, Any]) -> Sentence:
    who = "{actor} declared it" if data.get("declared") else "Opened by an alert"
    return Sentence(who, Tone.CRITICAL, "{title}")


def _nobody(data: Mapping[str, Any]) -> Sentence:
    reasons = {one.get("reason") for one in data.get("missing") or ()}
    text = "Only an inbox was told" if "no_method" in reasons else "Nobody was found to page"
    return Sentence(text, Tone.CRITICAL, "{missing}")


def _joined(data: Mapping[str, Any]) -> Sentence:
    if data.get("is_caused"):
        one = data.get("count", 1) == 1
        waits = "An alert waits" if one else "{count} alerts wait"
        why = "{title}" if one else "{title}, …"
        return Sentence(f"{waits} for it, of a service that needs this one", Tone.QUIET, why)
    if data.get("count", 1) == 1:
        return Sentence("An alert joined", why="{title}")
    return Sentence("{count} alerts joined", why="{title}, …")


def _recovered(data: Mapping[str, Any]) -> Sentence:
    ended = "An alert ended" if data.get("count", 1) == 1 else "{count} alerts ended"
    left = "{open_count} still open" if data.get("open_count") else "none is open any more"
    return Sentence(f"{ended}, {left}", Tone.GOOD, "{title}")


def _seen(data: Mapping[str, Any]) -> Sentence:
    if data.get("user_id") is None:
        return Sentence("Acknowledged where the alert came from", Tone.ACCENT)
    return Sentence("{user} acknowledged after {took}", Tone.ACCENT)


def _resolved(data: Mapping[str, Any]) -> Sentence:
    if data.get("by_itself"):
        return Sentence("Resolved after {took}", Tone.GOOD, "All its alerts ended.")
    return Sentence("{actor} resolved it after {took}", Tone.GOOD)


def _reopened(data: Mapping[str, Any]) -> Sentence:
    who = "Reopened" if data.get("by_alert") else "{actor} reopened it"
    return Sentence(who, Tone.CRITICAL, "{why}")


def _taken_back(data: Mapping[str, Any]) -> Sentence:
    count = data.get("count", 1)
    which = "an alert" if count == 1 else "{count} alerts"
    if data.get("were_over"):
        text = f"{{actor}} took back that {which} {'is' if count == 1 else 'are'} over"
    else:
        text = f"{{actor}} took back that somebody knows of {which}"
    return Sentence(text, Tone.WARNING)


def _severity(data: Mapping[str, Any]) -> Sentence:
    if data.get("by_person"):
        return Sentence("{actor} set the severity to {after}", why="It was {before}.")
    return Sentence("The severity is {after} now", why="It was {before}; its open alerts say so.")


def _privacy(data: Mapping[str, Any]) -> Sentence:
    if data.get("is_private"):
        return Sentence("{actor} made it private", why="Only those named see it.")
    return Sentence("{actor} let everybody see it")


def _not_actionable(data: Mapping[str, Any]) -> Sentence:
    if data.get("withdrawn"):
        return Sentence("{actor} took back “not actionable”", Tone.QUIET)
    return Sentence(
        "{actor} marked it as not actionable", why="The noise audit will name its rule."
    )


def _role_taken(data: Mapping[str, Any]) -> Sentence:
    after = ", after {people}" if data.get("people") else ""
    return Sentence(f"{{user}} is {{role}} now{after}", Tone.ACCENT, "{why}")


def _relief(data: Mapping[str, Any]) -> Sentence:
    asked = "{people} was asked to take over." if data.get("people") else "Nobody could be asked."
    return Sentence("{user} is in command for {took}", Tone.WARNING, asked)


def _task_added(data: Mapping[str, Any]) -> Sentence:
    owner = "For {user}." if data.get("user_id") else "Nobody has it yet."
    return Sentence("{actor} added the task “{title}”", why=owner)


def _task_taken(data: Mapping[str, Any]) -> Sentence:
    if data.get("user_id") is None:
        return Sentence("Nobody has the task “{title}” now", why="{people} had it.")
    after = "{people} had it before." if data.get("people") else ""
    return Sentence("{user} has the task “{title}” now", why=after)


_VERDICTS: Final = {
    "confirmed": Sentence("{actor}: it came from “{title}”", Tone.ACCENT),
    "ruled_out": Sentence("{actor}: it did not come from “{title}”", Tone.QUIET),
}


def _suspect(data: Mapping[str, Any]) -> Sentence:
    withdrawn = Sentence("{actor} took back what was said of “{title}”", Tone.QUIET)
    return _VERDICTS.get(str(data.get("verdict")), withdrawn)


def _harm(data: Mapping[str, Any]) -> Sentence:
    text = "is no longer" if data.get("withdrawn") else "is"
    return Sentence(f"“{{summary}}” {text} in the ledger as what caused an incident", Tone.QUIET)


def _more_paged(data: Mapping[str, Any]) -> Sentence:
    if data.get("why"):
        return Sentence("Called {who}", Tone.WARNING, "{why}")
    return Sentence("{actor} asked for {who}", Tone.WARNING)


def _struck(data: Mapping[str, Any]) -> Sentence:
    text = "{actor} let a note stand again" if data.get("withdrawn") else "{actor} took a note back"
    return Sentence(text, Tone.QUIET)


def _pinned(data: Mapping[str, Any]) -> Sentence:
    verb = "unpinned" if data.get("withdrawn") else "pinned"
    return Sentence(f"{{actor}} {verb} an entry of the timeline", Tone.QUIET)


def _runbook_used(data: Mapping[str, Any]) -> Sentence:
    if data.get("outcome") == "wrong":
        return Sentence("{actor}: the runbook “{title}” is wrong", Tone.WARNING, "{text}")
    return Sentence("The runbook “{title}” helped {actor}", Tone.GOOD, "{text}")


def _step(data: Mapping[str, Any]) -> Sentence:
    if data.get("people"):
        return Sentence("Paged {people}", Tone.WARNING, "{missing}")
    skipped = {
        "skipped_time": "A step was skipped: not at this time",
        "skipped_severity": "A step was skipped: not for this severity",
    }
    text = skipped.get(str(data.get("reason")), "A step of the policy led to nobody")
    return Sentence(text, Tone.QUIET, "{missing}")


def _page_resolved(data: Mapping[str, Any]) -> Sentence:
    if data.get("actionable", True):
        return Sentence("{user} resolved the page by {via}", Tone.GOOD)
    return Sentence("{user} answered “not actionable” by {via}", Tone.GOOD)


def _expired(data: Mapping[str, Any]) -> Sentence:
    text = "The acknowledgement ran out, paging again"
    return Sentence(text, Tone.WARNING, "{user} gave it." if data.get("user_id") else "")


def _notice(text: str, tone: Tone = Tone.QUIET, why: str = "") -> Words:
    return lambda _data: Sentence(f"{{user}}: {text}", tone, why)


SENTENCES: Final[dict[str, Words]] = {
    **LIFE,
    **PROMISES,
    **STEPS,
    "incidents.incident_opened": _opened,
    "incidents.alerts_joined": _joined,
    "incidents.alerts_recovered": _recovered,
    "incidents.alerts_left": plain("Alerts became a problem of their own", Tone.WARNING, "{title}"),
    "incidents.cause_linked": plain("#{incident_id} was probably caused by #{cause_id}"),
    "incidents.incident_acknowledged": _seen,
    "incidents.incident_mobilised": plain("{user} is on it after {took}", Tone.ACCENT),
    "incidents.incident_alarmed": plain("It needs somebody again", Tone.CRITICAL, "{why}"),
    "incidents.incident_resolved": _resolved,
    "incidents.incident_reopened": _reopened,
    "incidents.alerts_taken_back": _taken_back,
    "incidents.incident_merged": plain(
        "{actor} merged #{incident_id} into #{into_id}", why="{title}"
    ),
    "incidents.severity_changed": _severity,
    "incidents.privacy_changed": _privacy,
    "incidents.insiders_added": plain("{actor} let {who} see it", Tone.QUIET),
    "incidents.incident_renamed": plain("{actor} renamed it", why="{after}"),
    "incidents.note_added": plain("{actor} wrote a note", why="{text}"),
    "incidents.note_corrected": plain("{actor} corrected a note", Tone.QUIET, "{text}"),
    "incidents.note_struck": _struck,
    "incidents.note_images_attached": plain("{actor} attached {count} images", Tone.QUIET),
    "incidents.entry_pinned": _pinned,
    "incidents.entry_annotated": plain("{actor} remarked", Tone.QUIET, "{text}"),
    "incidents.marked_not_actionable": _not_actionable,
    "incidents.role_taken": _role_taken,
    "incidents.role_left": plain("{user} is not {role} any more"),
    "incidents.command_relief_offered": _relief,
    "incidents.handover_read": plain("{user} read the hand-over", Tone.QUIET),
    "incidents.task_added": _task_added,
    "incidents.task_taken": _task_taken,
    "incidents.task_changed": plain("{actor} changed the task “{title}”", Tone.QUIET),
    "incidents.task_done": plain("Done: {title}", Tone.GOOD, "Said by {actor}."),
    "incidents.task_dropped": plain("{actor} dropped the task “{title}”", why="{reason}"),
    "incidents.task_reopened": plain("{actor} opened the task “{title}” again"),
    "incidents.task_moved": plain("{actor} moved the task “{title}”", Tone.QUIET),
    "incidents.more_paged": _more_paged,
    "incidents.suspect_judged": _suspect,
    "changes.harm_said": _harm,
    "runbooks.task_ticked": plain(
        "Done: {task}", Tone.GOOD, "{done} of {total} of {title}, by {actor}."
    ),
    "runbooks.task_unticked": plain("{actor} took a tick back", why="{task}"),
    "runbooks.runbook_used": _runbook_used,
    "runbooks.runbook_missing": plain("{actor} missed a runbook", Tone.WARNING, "{text}"),
    "postmortems.postmortem_started": plain("The draft of its post-mortem was made", Tone.QUIET),
    "postmortems.postmortem_moved": plain("{actor} moved its post-mortem on: {after}", Tone.QUIET),
    "chat.incident_posted": plain("Shown in {room}", Tone.QUIET),
    "chat.incident_room_opened": plain("{actor} opened the channel {room}", Tone.ACCENT),
    "chat.incident_room_failed": plain("No channel was opened", Tone.WARNING, "{reason}"),
    "alerting.alert_opened": plain("Alert opened", Tone.WARNING, "{title}"),
    "alerting.alert_updated": plain("Alert changed", Tone.QUIET, "{title}"),
    "alerting.alert_acknowledged": plain("Alert acknowledged where it came from", Tone.ACCENT),
    "alerting.alert_resolved": plain("Alert ended", Tone.GOOD, "{title}"),
    "alerting.alert_suppressed": plain("Alert held back", Tone.QUIET, "{reason}"),
    "alerting.alert_unacknowledged": plain(
        "{actor} took back that somebody knows of an alert", Tone.WARNING, "{title}"
    ),
    "alerting.alert_reopened": plain(
        "{actor} took back that an alert is over", Tone.WARNING, "{title}"
    ),
    "alerting.alert_ends_soon": plain("Alert ends soon by policy", Tone.QUIET, "{why}"),
    "alerting.alert_kept_open": plain("{actor} keeps an alert open", Tone.QUIET),
    "paging.page_started": plain("Paging began", Tone.WARNING, "Urgency {urgency}."),
    "paging.page_step_taken": _step,
    "paging.page_nobody_found": _nobody,
    "paging.page_content_changed": plain("The page says something new", Tone.QUIET, "{title}"),
    "paging.page_acknowledged": plain("{user} acknowledged by {via} after {took}", Tone.ACCENT),
    "paging.page_mobilised": plain("{user} is on it, said by {via} after {took}", Tone.ACCENT),
    "paging.page_escalated": plain("{user} passed it on to the next step", Tone.WARNING),
    "paging.help_requested": plain("{user} asked for help", Tone.WARNING),
    "paging.page_resolved": _page_resolved,
    "paging.page_stopped": plain("Paging stopped", Tone.QUIET, "{reason}"),
    "paging.ack_expired": _expired,
    "paging.page_handed_on": plain("{user} handed the duty over, and this with it", Tone.WARNING),
    "notifications.notice_accepted": _notice("told by {channel}"),
    "notifications.notice_delivered": _notice("reached by {channel}"),
    "notifications.notice_failed": _notice("not reached by {channel}", Tone.WARNING, "{reason}"),
    "notifications.notice_unknown": _notice(
        "perhaps not reached by {channel}", Tone.WARNING, "{reason}"
    ),
    "notifications.notice_cancelled": _notice("no {channel} needed any more", why="{reason}"),
}


def sentence(fact: Fact, names: Names) -> Sentence:
    """Say a fact in words; a kind without a sentence is said by its name."""
    words = SENTENCES.get(fact.kind)
    if words is None:
        name = fact.kind.partition(".")[2].replace("_", " ") or fact.kind
        return Sentence(name.capitalize(), Tone.QUIET)
    template, said = words(fact.data), _Said(fact, names)
    return Sentence(
        template.text.format_map(said), template.tone, template.why.format_map(said).strip()
    )


class _Said(dict[str, str]):
    """The fields of one fact as a template reads them."""

    def __init__(self, fact: Fact, names: Names) -> None:
        self._fact, self._names = fact, names
        plain = {
            name: "" if value is None else str(value)
            for name, value in fact.data.items()
            if not isinstance(value, dict | list | tuple)
        }
        special = {
            "actor": names.actors.get(fact.actor, SYSTEM_NAME),
            "user": self._person(fact.data.get("user_id")),
            "people": self._people(),
            "missing": self._missing(),
            "took": durations.spoken(float(fact.data.get("seconds") or 0)),
        }
        for name in ("channel", "via"):
            if name in plain:
                special[name] = _CHANNELS.get(plain[name], plain[name])
        super().__init__({**plain, **special})

    def __missing__(self, key: str) -> str:
        return "…"

    def _person(self, user_id: object) -> str:
        return (
            self._names.people.get(user_id, "Somebody") if isinstance(user_id, int) else "Somebody"
        )

    def _people(self) -> str:
        paged = self._fact.data.get("people") or []
        told = [
            f"{self._person(one.get('user_id'))} ({one['why']})"
            if one.get("why")
            else self._person(one.get("user_id"))
            for one in paged
        ]
        return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)

    def _missing(self) -> str:
        unfound = self._fact.data.get("missing") or []
        words = (str(one.get("reason", "")) for one in unfound)
        reasons = dict.fromkeys(_MISSING.get(word, word.replace("_", " ")) for word in words)
        text = "; ".join(reasons)
        return f"{text[0].upper()}{text[1:]}." if text else ""
