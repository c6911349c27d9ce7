"""What differs, by path: structures, texts, plans and manifests."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.monitors.logic import comparing, manifests, plans
from evenfall.monitors.logic.comparing import Reader, Wanted
from evenfall.monitors.logic.drift import Difference, Rules, lines, structures
from evenfall.monitors.logic.reading import MOST_VALUES, Unreadable, document, documents

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
NAMES = st.text("abcxyz", min_size=1, max_size=3)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=15,
)


def brief(found: list[Difference]) -> list[tuple[str, str]]:
    return [(one.path, one.what) for one in found]


@given(VALUES)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert structures(value, json.loads(json.dumps(value))) == []


@given(VALUES, VALUES)
def test_what_differs_differs_both_ways(one: Any, other: Any) -> None:
    there, back = structures(one, other), structures(other, one)
    swapped = {"added": "removed", "removed": "added", "changed": "changed"}
    assert brief(there) == [(d.path, swapped[d.what]) for d in back]
    assert bool(there) == (json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True))


@given(st.lists(NAMES, max_size=12), st.lists(NAMES, max_size=12))
def test_lines_differ_exactly_where_texts_do(old: list[str], new: list[str]) -> None:
    found = lines("\n".join(old), "\n".join(new))
    assert (found == []) == (old == new)
    kept = len(old) - sum(one.what != "added" for one in found)
    assert kept + sum(one.what != "removed" for one in found) == len(new)


def test_members_with_names_are_compared_by_name() -> None:
    old = {"jobs": [{"name": "a", "n": 1}, {"name": "b", "n": 2}]}
    new = {"jobs": [{"name": "b", "n": 3}, {"name": "c"}, {"name": "a", "n": 1}]}
    assert brief(structures(old, new)) == [("jobs[b].n", "changed"), ("jobs[c]", "added")]


def test_true_is_not_one() -> None:
    assert brief(structures({"on": True}, {"on": 1})) == [("on", "changed")]


def test_what_is_ignored_and_what_is_hidden() -> None:
    old = {"db": {"password": "old", "host": "a"}, "at": 1, "jobs": [{"name": "x", "at": 2}]}
    new = {"db": {"password": "new", "host": "b"}, "at": 9, "jobs": [{"name": "x", "at": 3}]}
    rules = Rules(ignored=["at", "jobs[*].at"], hidden=["db.password"])
    found = structures(old, new, rules)
    assert brief(found) == [("db.host", "changed"), ("db.password", "changed")]
    assert "new" not in str(found)
    gone = structures(old, {"at": 1, "jobs": []}, Rules(hidden=["*.password"]))
    assert "old" not in str(gone)
    assert structures({"a": {"b": 1}}, {}, Rules(ignored=["a"])) == []


def test_texts_that_are_too_much_are_refused() -> None:
    for text in (
        "[" * 100_000,
        json.dumps([0] * (MOST_VALUES + 1)),
        "a: &a [1,1,1,1,1,1,1,1,1]\n"
        + "\n".join(
            f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]"
            for p, n in zip("abcdef", "bcdefg", strict=True)
        ),
        "&a [*a]",
        "!!python/object/apply:os.system [ls]",
        "a: [",
        "x" * 1_000_001,
    ):
        with pytest.raises(Unreadable):
            documents(text)
    with pytest.raises(Unreadable, match="2 documents"):
        document("a: 1\n---\nb: 2")
    assert document("at: 2027-01-13\n1: true") == {"at": "2027-01-13", "1": True}
    assert document("") is None


def test_yaml_and_json_say_the_same() -> None:
    wanted = Wanted(reader=Reader.STRUCTURE)
    assert (
        comparing.compare(wanted, "a: [1, x]\nb: {c: null}", '{"b": {"c": null}, "a": [1, "x"]}')
        == []
    )


PLAN = {
    "format_version": "1.2",
    "resource_changes": [
        {"address": "a.same", "change": {"actions": ["no-op"], "before": {}, "after": {}}},
        {"address": "data.read", "change": {"actions": ["read"], "before": None, "after": {}}},
        {
            "address": "aws_db.main",
            "change": {
                "actions": ["update"],
                "before": {"size": 1, "password": "old", "tags": {"a": 1}},
                "after": {"size": 2, "password": "new", "tags": {"a": 1}},
                "after_unknown": {"arn": True, "tags": {}},
            },
        },
        {"address": "aws_vm.b", "change": {"actions": ["delete", "create"], "before": None}},
    ],
    "resource_drift": [
        {
            "address": "aws_sg.web",
            "change": {"actions": ["update"], "before": {"open": 1}, "after": {"open": 2}},
        }
    ],
}


def test_a_plan_tells_what_it_would_do_and_what_drifted() -> None:
    found = plans.differences(PLAN)
    assert [(one.path, one.what, one.live) for one in found] == [
        ("aws_db.main", "planned", "to be changed: arn, password, size"),
        ("aws_vm.b", "planned", "to be replaced"),
        ("aws_sg.web", "drifted", "to be changed: open"),
    ]
    assert "new" not in str(found)
    ignored = plans.differences(PLAN, ["aws_vm.b", "aws_sg.web.open", "aws_db.main.size"])
    assert [one.live for one in ignored] == ["to be changed: arn, password"]


@pytest.mark.parametrize("plan", [None, [], {}, {"format_version": "1.2", "errored": True}])
def test_what_is_no_plan_is_refused(plan: Any) -> None:
    with pytest.raises(Unreadable):
        plans.differences(plan)


def deployment(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "till", "namespace": "shop", "labels": {"app": "till"}},
        "spec": {"replicas": 2, **spec},
    }


def live(one: dict[str, Any]) -> dict[str, Any]:
    """The object as a server gives it back."""
    about = {
        **one["metadata"],
        "uid": "1-2-3",
        "resourceVersion": "77",
        "creationTimestamp": "2027-01-01T00:00:00Z",
        "managedFields": [{"manager": "kubectl"}],
    }
    spec = {**one.get("spec", {}), "revisionHistoryLimit": 10, "strategy": {"type": "Rolling"}}
    return {**one, "metadata": about, "spec": spec, "status": {"replicas": 2}}


def test_what_the_server_sets_is_no_drift() -> None:
    assert manifests.differences([deployment()], [live(deployment())]) == []


def test_what_somebody_changed_is() -> None:
    container = {"name": "web", "image": "till:1", "env": [{"name": "A", "value": "1"}]}
    declared = deployment(template={"spec": {"containers": [container]}})
    edited = {**container, "image": "till:2", "env": [*container["env"], {"name": "B"}]}
    there = live(deployment(template={"spec": {"containers": [edited]}}, replicas=5))
    there["metadata"]["labels"] = {"app": "till", "debug": "on"}
    assert brief(manifests.differences([declared], [there])) == [
        ("Deployment shop/till: metadata.labels.debug", "added"),
        ("Deployment shop/till: spec.replicas", "changed"),
        ("Deployment shop/till: spec.template.spec.containers[web].env[B]", "added"),
        ("Deployment shop/till: spec.template.spec.containers[web].image", "changed"),
    ]
    assert brief(manifests.differences([declared], [live({**declared, "kind": "Job"})])) == [
        ("Deployment shop/till", "removed")
    ]


def test_quantities_are_compared_as_numbers() -> None:
    def limits(cpu: Any, memory: str) -> dict[str, Any]:
        return deployment(resources={"limits": {"cpu": cpu, "memory": memory}})

    assert manifests.differences([limits("1000m", "1Gi")], [live(limits(1, "1024Mi"))]) == []
    assert (
        manifests.differences([limits("1e999999999", "x")], [live(limits("1e999999999", "x"))])
        == []
    )
    assert len(manifests.differences([limits("2", "1Gi")], [live(limits("1", "1Gi"))])) == 1


def test_secrets_are_compared_and_never_told() -> None:
    def secret(**data: Any) -> dict[str, Any]:
        return {"kind": "Secret", "metadata": {"name": "db"}, **data}

    declared = secret(stringData={"password": "hunter2"})
    same = secret(data={"password": "aHVudGVyMg=="})
    other = secret(data={"password": "b3RoZXI="})
    assert manifests.differences([declared], [{"kind": "List", "items": [same]}]) == []
    found = manifests.differences([declared], [other])
    assert brief(found) == [("Secret default/db: data.password", "changed")]
    assert "b3RoZXI" not in str(found)
    assert "aHVudGVyMg" not in str(found)


def test_what_is_no_object_is_refused() -> None:
    for wrong in ([], [{"a": 1}], ["x"]):
        with pytest.raises(Unreadable):
            manifests.differences(wrong, wrong)


def test_both_sides_say_which_of_them_cannot_be_read() -> None:
    wanted = Wanted(reader=Reader.STRUCTURE)
    with pytest.raises(Unreadable, match="The live state cannot be read"):
        comparing.compare(wanted, "a: 1", "a: [")
