"""The words of state the product shows, each with a tone and a shape.

Tone chooses the colours, the icon tells the same without colour, the label says it in words.
"""

from zlib import crc32

from msgspec import Struct


class Mark(Struct, frozen=True):
    """tone: a class is-<tone> of the stylesheet or ""; icon: a symbol of icons.svg or ""."""

    label: str
    tone: str = ""
    icon: str = ""


_SEVERITY = {
    "critical": Mark("Critical", "critical", "critical"),
    "error": Mark("Error", "error", "error"),
    "warning": Mark("Warning", "warning", "warning"),
    "info": Mark("Info", "info", "info"),
}
_SEV = {
    "sev1": Mark("SEV1", "critical", "critical"),
    "sev2": Mark("SEV2", "critical", "error"),
    "sev3": Mark("SEV3", "error", "error"),
    "sev4": Mark("SEV4", "warning", "warning"),
    "sev5": Mark("SEV5", "info", "info"),
}
_URGENCY = {
    "high": Mark("High urgency", "error", "escalate"),
    "low": Mark("Low urgency", "", "moon"),
}
_OUTCOME = {
    "page": Mark("Page", "accent", "phone"),
    "ticket": Mark("Ticket", "info", "note"),
    "automate": Mark("Automate", "info", "settings"),
    "record": Mark("Record only", "", "log"),
}
_UNHANDLED = {
    word: Mark(label, "open", "incident")
    for word, label in {
        "open": "Open",
        "triggered": "Open",
        "firing": "Firing",
        "reopened": "Reopened",
        "paging": "Paging",
    }.items()
}
_IN_HAND = {
    "acknowledged": Mark("Acknowledged", "accent", "ack"),
    "mobilised": Mark("Working on it", "accent", "working"),
    "on_it": Mark("Working on it", "accent", "working"),
    "fixing": Mark("Fixing", "accent", "working"),
    "monitoring": Mark("Monitoring", "info", "chart"),
    "paused": Mark("Paused", "warning", "moon"),
    "investigating": Mark("Investigating", "accent", "search"),
    "mitigated": Mark("Mitigated", "good", "shield"),
    "escalated": Mark("Escalated", "warning", "escalate"),
    "help": Mark("Help wanted", "warning", "help"),
    "need_help": Mark("Help wanted", "warning", "help"),
    "snoozed": Mark("Snoozed", "", "moon"),
}
_OVER = {
    "resolved": Mark("Resolved", "good", "good"),
    "review": Mark("In review", "info", "note"),
    "closed": Mark("Closed", "", "check"),
    "declined": Mark("Declined", "", "close"),
    "stopped": Mark("Stopped", "", "check"),
    "merged": Mark("Merged", "", "merge"),
    "suppressed": Mark("Suppressed", "", "silence"),
    "silenced": Mark("Silenced", "", "silence"),
    "maintenance": Mark("Maintenance", "", "maintenance"),
    "flapping": Mark("Flapping", "warning", "swap"),
    "exhausted": Mark("Nobody answered", "critical", "critical"),
    "expired": Mark("Expired", "", "oncall"),
    "private": Mark("Private", "warning", "shield"),
    "not_actionable": Mark("Not actionable", "", "quiet"),
}
_REPAIR = {
    "running": Mark("Running", "accent", "working"),
    "watching": Mark("Must clear", "info", "chart"),
    "healed": Mark("Mended", "good", "good"),
    "gave_up": Mark("Gave up, people called", "warning", "phone"),
    "not_needed": Mark("Not needed", "", "check"),
}
_NOTICE = {
    "planned": Mark("Planned", "", "oncall"),
    "claimed": Mark("Going out", "info", "next"),
    "sending": Mark("Going out", "info", "next"),
    "sent": Mark("Sent", "info", "next"),
    "accepted": Mark("Accepted by provider", "info", "next"),
    "delivered": Mark("Delivered", "good", "good"),
    "failed": Mark("Failed", "critical", "critical"),
    "refused": Mark("Refused", "warning", "warning"),
    "lost": Mark("Not delivered", "critical", "critical"),
    "unknown": Mark("Unknown", "warning", "question"),
    "cancelled": Mark("Cancelled", "", "close"),
}
_MONITOR = {
    "good": Mark("Good", "good", "good"),
    "bad": Mark("Bad", "critical", "critical"),
    "new": Mark("New", "", "question"),
}
_RELEASE = {
    "pass": Mark("Pass", "good", "good"),
    "fail": Mark("Fail", "critical", "critical"),
    "exception": Mark("Exception", "warning", "key"),
    "gated": Mark("Gates closed", "warning", "shield"),
    "approved": Mark("Gates open", "good", "check"),
    "deploying": Mark("Deploying", "accent", "working"),
    "deployed": Mark("Watched", "info", "chart"),
    "proven": Mark("Proven", "good", "good"),
    "rolled_back": Mark("Rolled back", "warning", "back"),
    "asked": Mark("Asked", "warning", "question"),
    "signed": Mark("Signed", "good", "check"),
}
_SETTING = {
    "enabled": Mark("On", "good", "good"),
    "disabled": Mark("Off", "", "quiet"),
    "active": Mark("Active", "good", "good"),
    "inactive": Mark("Inactive", "", "quiet"),
    "pending": Mark("Pending", "warning", "oncall"),
    "scheduled": Mark("Scheduled", "info", "oncall"),
    "ended": Mark("Ended", "", "check"),
    "verified": Mark("Verified", "good", "good"),
    "unverified": Mark("Not verified", "warning", "warning"),
    "broken": Mark("Broken", "critical", "critical"),
    "primary": Mark("On call", "accent", "oncall"),
    "lieutenant": Mark("Lieutenant", "info", "shield"),
    "prod": Mark("PROD", "", "globe"),
    "uat": Mark("UAT"),
    "dev": Mark("DEV"),
}
_MARKS = (
    (_SEVERITY | _SEV | _URGENCY | _OUTCOME | _UNHANDLED | _IN_HAND | _OVER | _REPAIR | _NOTICE)
    | _MONITOR
    | _SETTING
    | _RELEASE
)
KINDS = {
    "severity": _SEVERITY,
    "sev": _SEV,
    "urgency": _URGENCY,
    "outcome": _OUTCOME | _URGENCY,
    "state": _UNHANDLED | _IN_HAND | _OVER,
    "notice": _NOTICE,
    "monitor": _MONITOR,
    "setting": _SETTING,
    "release": _RELEASE,
}


def mark(word: str) -> Mark:
    """The mark of a word of any kind; a word nobody drew is shown plainly, with its own letters."""
    key = word.strip().lower().replace("-", "_").replace(" ", "_")
    return _MARKS.get(key) or Mark(word.replace("_", " ").strip().capitalize())


def initials(name: str) -> str:
    """One or two letters for an avatar: "Ada Lovelace" gives "AL", an address its first letter."""
    words = [word for word in name.replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    last = words[-1][0] if len(words) > 1 and "@" not in name else ""
    return (words[0][0] + last).upper()


def hue(name: str, hues: int = 12) -> int:
    """A stable number below `hues`, so that a person keeps one colour on every page."""
    return crc32(name.encode()) % hues
