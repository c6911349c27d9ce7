"""What only shows when all documents are looked at together: names and what refers to them."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from evenfall.slo.logic.openslo.notes import Note, Severity
from evenfall.slo.logic.openslo.structs import (
    KINDS,
    AlertPolicy,
    Budgeting,
    Document,
    Indicator,
    Kind,
    Objective,
    Slo,
)

type Names = Mapping[Kind, Mapping[str, Document]]


class _At(Struct, frozen=True):
    number: int
    document: Document

    def note(self, path: str, severity: Severity, text: str, todo: str) -> Note:
        return Note(
            document=self.number,
            path=path,
            severity=severity,
            text=text,
            todo=todo,
            about=f"{KINDS[type(self.document)]} {self.document.meta.name}",
        )

    def error(self, path: str, text: str, todo: str) -> Note:
        return self.note(path, Severity.ERROR, text, todo)

    def warning(self, path: str, text: str, todo: str) -> Note:
        return self.note(path, Severity.WARNING, text, todo)


def names_of(documents: Mapping[int, Document]) -> Names:
    """The documents by kind and name, the first of each name, inline ones included."""
    names: dict[Kind, dict[str, Document]] = {kind: {} for kind in Kind}
    for document in documents.values():
        names[KINDS[type(document)]].setdefault(document.meta.name, document)
    return names


def check(documents: Mapping[int, Document]) -> list[Note]:
    """Return what does not fit together, of documents that are right one by one."""
    names, seen = names_of(documents), set[tuple[Kind, str]]()
    notes: list[Note] = []
    for number, document in documents.items():
        at = _At(number, document)
        key = (KINDS[type(document)], document.meta.name)
        if key in seen:
            notes.append(
                at.error(
                    "metadata.name",
                    f"There is another {key[0]} with this name before it.",
                    "Give it another name, or remove one of them.",
                )
            )
        seen.add(key)
        if isinstance(document, Slo):
            notes += _slo(at, document, names)
        elif isinstance(document, AlertPolicy):
            notes += _policy(at, document, names)
    return notes


def indicator_of(slo: Slo, objective: Objective, names: Names) -> Indicator | None:
    """The indicator that an objective is about: its own, or that of its SLO."""
    owner = objective if objective.is_member else slo
    if owner.indicator is not None:
        return owner.indicator
    found = names[Kind.SLI].get(owner.indicator_ref)
    return found if isinstance(found, Indicator) else None


def _slo(at: _At, slo: Slo, names: Names) -> Iterator[Note]:
    if slo.service not in names[Kind.SERVICE]:
        yield at.warning(
            "spec.service",
            f"There is no Service {slo.service} among these documents.",
            "It is matched with the services here by its name; look at the mapping.",
        )
    for number, one in enumerate(slo.objectives):
        yield from _objective(at, slo, number, one, names)
    for number, policy in enumerate(slo.policies):
        if isinstance(policy, str) and policy not in names[Kind.ALERT_POLICY]:
            yield at.warning(
                f"spec.alertPolicies[{number}]",
                f"There is no AlertPolicy {policy} that can be read among these documents.",
                "Add it, or this SLO alerts in the way of this place.",
            )
        elif isinstance(policy, AlertPolicy):
            yield from _policy(at, policy, names, f"spec.alertPolicies[{number}].")


def _objective(at: _At, slo: Slo, number: int, one: Objective, names: Names) -> Iterator[Note]:
    path = f"spec.objectives[{number}]"
    indicator = indicator_of(slo, one, names)
    if indicator is None:
        reference = one.indicator_ref or slo.indicator_ref
        where = f"{path}.indicatorRef" if one.is_member else "spec.indicatorRef"
        yield at.error(
            where,
            f"There is no SLI {reference} that can be read among these documents.",
            "Add it, or mend its errors.",
        )
        return
    is_threshold = indicator.threshold is not None
    if is_threshold and (one.op is None or one.value is None):
        yield at.error(
            path, "A threshold needs op and value.", "Write such as op: lte, value: 0.2."
        )
    if not is_threshold and (one.op is not None or one.value is not None):
        yield at.warning(path, "A ratio has no op and value; they mean nothing.", "Remove them.")
    if is_threshold and number and not slo.is_composite:
        yield at.error(
            path, "A threshold has one objective only.", "Write an SLO of its own for each limit."
        )
    if slo.is_composite and slo.budgeting is Budgeting.TIMESLICES and one.weight not in {None, 1}:
        yield at.warning(
            f"{path}.compositeWeight",
            "A slice is bad when any member is bad: weights change nothing.",
            "Remove it.",
        )


def _policy(at: _At, policy: AlertPolicy, names: Names, prefix: str = "") -> Iterator[Note]:
    reference = policy.condition_ref
    if reference and reference not in names[Kind.ALERT_CONDITION]:
        yield at.error(
            f"{prefix}spec.conditions[0].conditionRef",
            f"There is no AlertCondition {reference} that can be read among these documents.",
            "Add it, or mend its errors.",
        )
    for number, target in enumerate(policy.targets):
        if isinstance(target, str) and target not in names[Kind.ALERT_NOTIFICATION_TARGET]:
            yield at.warning(
                f"{prefix}spec.notificationTargets[{number}].targetRef",
                f"There is no AlertNotificationTarget {target} among these documents.",
                "Nothing needs to be done: who is paged is said by the policies here.",
            )
