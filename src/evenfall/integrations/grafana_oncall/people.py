"""People and their notification rules."""

from collections import defaultdict

from evenfall.importing.ports import Export, Item, Notes
from evenfall.integrations.grafana_oncall.shapes import NotificationRule, User
from evenfall.paging.ports import PersonRule, Urgency

WAIT = "wait"
KINDS = {
    "notify_by_email": "email",
    "notify_by_mobile_app": "webpush",
    "notify_by_mobile_app_critical": "webpush",
}
MOST_MINUTES = 720


def read(export: Export, notes: Notes) -> None:
    for item in export.of("users"):
        user = item.read(User)
        name = user.name or user.username or ""
        notes.person(user.id, name=name, email=user.email or "")
    by_user: dict[str, list[tuple[Item, NotificationRule]]] = defaultdict(list)
    for item in export.of("personal_notification_rules"):
        rule = item.read(NotificationRule)
        by_user[rule.user_id].append((item, rule))
    for user_id, rules in by_user.items():
        _read_rules(user_id, rules, notes)


def _read_rules(user_id: str, rules: list[tuple[Item, NotificationRule]], notes: Notes) -> None:
    """The default rules of one person; the important ones where there are no others."""
    notes.person(user_id)
    known = notes.known(user_id)
    about = (known.name if known else "") or user_id
    usual = [pair for pair in rules if not pair[1].important]
    if usual and len(usual) < len(rules):
        where = next(item.where for item, rule in rules if rule.important)
        why = "One set of rules serves all urgent pages here; the important ones are left out."
        notes.approximated(where, about, why, "Let them look at their own rules.")
    waited, found = 0, []
    for item, rule in sorted(usual or rules, key=lambda pair: pair[1].position):
        if rule.type == WAIT:
            waited += (rule.duration or 0) // 60
            continue
        kind = _kind(rule, item.where, about, notes)
        delay = min(waited, MOST_MINUTES)
        found.append(PersonRule(urgency=Urgency.HIGH, kind=kind, delay_minutes=delay))
    notes.give_rules(user_id, found)


def _kind(rule: NotificationRule, where: str, about: str, notes: Notes) -> str:
    if rule.type not in KINDS:
        told = rule.type.removeprefix("notify_by_").replace("_", " ")
        why = f"Evenfall does not notify by {told} yet, so the rule uses push."
        todo = "Let them install Evenfall on the phone and allow push."
        notes.approximated(where, about, why, todo)
    return KINDS.get(rule.type, "webpush")
