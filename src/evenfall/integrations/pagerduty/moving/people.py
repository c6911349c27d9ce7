"""People and their notification rules."""

from evenfall.importing.ports import Export, Notes
from evenfall.integrations.pagerduty.moving.shapes import NotificationRule, User
from evenfall.paging.ports import PersonRule, Urgency

KINDS = {
    "email_contact_method": "email",
    "push_notification_contact_method": "webpush",
}
SMS_AND_CALLS = {"sms_contact_method": "text messages", "phone_contact_method": "phone calls"}


def read(export: Export, notes: Notes) -> None:
    for item in export.of("users"):
        user = item.read(User)
        notes.person(user.id, name=user.name or "", email=user.email or "")
        rules = [
            _rule(rule, notes, f"{item.where}.notification_rules[{number}]", user.name or user.id)
            for number, rule in enumerate(user.notification_rules)
        ]
        notes.give_rules(user.id, rules)


def _rule(rule: NotificationRule, notes: Notes, where: str, about: str) -> PersonRule:
    kind = KINDS.get(rule.contact_method.type)
    if kind is None:
        told = SMS_AND_CALLS.get(rule.contact_method.type, rule.contact_method.type or "?")
        notes.approximated(
            where,
            about,
            f"Evenfall sends no {told} yet, so the rule uses push.",
            "Let them install Evenfall on the phone and allow push.",
        )
    urgency = Urgency.LOW if rule.urgency == "low" else Urgency.HIGH
    delay = max(0, rule.start_delay_in_minutes)
    return PersonRule(urgency=urgency, kind=kind or "webpush", delay_minutes=min(delay, 720))
