"""Plans of Terraform and OpenTofu (`show -json`): what is not as it was declared.

Format 1.x: https://developer.hashicorp.com/terraform/internals/json-format. Values are never told:
they may be secrets, and the plan itself has them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from evenfall.monitors.logic.drift import MOST, Difference, Rules, structures
from evenfall.monitors.logic.reading import Unreadable

# reading is what a plan does to learn; forgetting only touches the state file
_NOTHING: Final = frozenset({"no-op", "read", "forget"})
_WORDS: Final = {
    ("create",): "to be created",
    ("update",): "to be changed",
    ("delete",): "to be deleted",
    ("delete", "create"): "to be replaced",
    ("create", "delete"): "to be replaced",
}


def differences(plan: Any, ignored: Sequence[str] = ()) -> list[Difference]:  # noqa: ANN401 - any plain value
    """What a plan would do, and what was changed outside of it. Raises `Unreadable`.

    `what` is "planned" or "drifted"; `live` names the attributes, `path` is the address.
    """
    if not isinstance(plan, dict) or "format_version" not in plan:
        raise Unreadable("It is no plan: give what `terraform show -json` prints.")
    if plan.get("errored"):
        raise Unreadable("The plan ended with an error, so that it is not complete.")
    found = [
        *_changes(plan.get("resource_changes"), "planned", ignored),
        *_changes(plan.get("resource_drift"), "drifted", ignored),
        *_outputs(plan.get("output_changes"), ignored),
    ]
    return found[:MOST]


def _changes(listed: object, what: str, ignored: Sequence[str]) -> list[Difference]:
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [
        one
        for entry in entries
        if (one := _change(str(entry.get("address", "?")), entry.get("change"), what, ignored))
    ]


def _outputs(listed: object, ignored: Sequence[str]) -> list[Difference]:
    entries = listed.items() if isinstance(listed, dict) else ()
    return [
        one
        for name, change in entries
        if (one := _change(f"output.{name}", change, "planned", ignored))
    ]


def _change(address: str, change: object, what: str, ignored: Sequence[str]) -> Difference | None:
    if not isinstance(change, dict):
        return None
    actions = tuple(str(one) for one in change.get("actions") or ())
    if not set(actions) - _NOTHING or _is_ignored(address, ignored):
        return None
    names = _attributes(change, address, ignored)
    if names is not None and not names:
        return None  # all that differs is ignored
    action = _WORDS.get(actions, ", ".join(actions))
    text = f"{action}: {', '.join(names)}" if names else action
    return Difference(path=address[:300], what=what, live=text[:300])


def _attributes(
    change: Mapping[str, Any], address: str, ignored: Sequence[str]
) -> list[str] | None:
    """The attributes that differ; None where the whole thing comes or goes."""
    before, later = change.get("before"), change.get("after")
    if not isinstance(before, dict) or not isinstance(later, dict):
        return None
    rules = Rules(ignored=[one.removeprefix(f"{address}.") for one in ignored])
    names = {
        one.path.partition(".")[0].partition("[")[0] for one in structures(before, later, rules)
    }
    unknown = change.get("after_unknown")
    if isinstance(unknown, dict):
        names |= {name for name, is_unknown in unknown.items() if is_unknown}
    return sorted(names)


def _is_ignored(address: str, ignored: Sequence[str]) -> bool:
    return address in ignored
