"""People and their notification rules."""

from evenfall.importing.ports import Export, Item, Notes
from evenfall.integrations.opsgenie.shapes import NotificationRule, Step, User
from evenfall.paging.ports import PersonRule, Urgency

KINDS = {"email": "email", "mobile": "webpush"}
SPOKEN = {"sms": "text messages", "voice": "phone calls"}
NEW_ALERT = "create-alert"


def read(export: Export, notes: Notes) -> None:
    for item in export.of("users"):
        user = item.read(User)
        notes.person(user.id, name=user.full_name or "", email=user.username)
    for item in export.of("notification_rules"):
        _read_rule(item, notes)


def _read_rule(item: Item, notes: Notes) -> None:
    rule = item.read(NotificationRule)
    person = notes.known(item.about)
    about = person.name if person else item.about or "somebody"
    if rule.action_type != NEW_ALERT or not rule.enabled:
        why = "Only rules for new alerts that are switched on come over."
        notes.ignored(item.where, about, why, "")
    elif person is None or not rule.steps:
        why = "The rule has no steps, or nothing says whose it is."
        todo = "Fetch each rule by its id into notification-rules/USER_ID.json."
        notes.ignored(item.where, about, why, todo)
    else:
        steps = [
            _step(step, notes, f"{item.where}.steps[{number}]", about)
            for number, step in enumerate(rule.steps)
            if step.enabled
        ]
        notes.give_rules(item.about, steps)


def _step(step: Step, notes: Notes, where: str, about: str) -> PersonRule:
    kind = KINDS.get(step.contact.method)
    if kind is None:
        told = SPOKEN.get(step.contact.method, step.contact.method or "?")
        why = f"Evenfall sends no {told} yet, so the rule uses push."
        todo = "Let them install Evenfall on the phone and allow push."
        notes.approximated(where, about, why, todo)
    delay = step.send_after.minutes if step.send_after else 0
    return PersonRule(
        urgency=Urgency.HIGH, kind=kind or "webpush", delay_minutes=min(max(delay, 0), 720)
    )
