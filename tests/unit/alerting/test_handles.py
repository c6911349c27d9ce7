import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.factories.alerting import candidate

from evenfall.alerting.logic.handles import handle_of, handles
from evenfall.alerting.logic.rules import Rule, compile_rules
from evenfall.alerting.logic.updates import Severity


@pytest.mark.parametrize(
    ("text", "about", "values"),
    [
        ('labels.team == "web"', "labels.team", {"web"}),
        ('"web" == labels.team', "labels.team", {"web"}),
        ('labels["team"] in ("web", "api")', "labels['team']", {"web", "api"}),
        ('severity == "error" and (hour() > 3 and labels.team == "web")', "labels.team", {"web"}),
        ('severity == "error" and source == "db"', "source", {"db"}),
        ('annotations.runbook in ["a"]', "annotations.runbook", {"a"}),
    ],
)
def test_the_handle_is_what_alerts_differ_in_most(text: str, about: str, values: set[str]) -> None:
    handle = handle_of(text)
    assert handle is not None
    assert handle.about == about
    assert set(handle.values) == values


@pytest.mark.parametrize(
    "text",
    [
        "true",
        'labels.team == "web" or labels.team == "api"',
        'not labels.team == "web"',
        'labels.team != "web"',
        '"web" == labels.team == "web"',
        "labels.team == labels.owner",
        "labels.team == 3",
        'details.team == "web"',
        'details.host["name"] == "web"',
        'labels.team in ("web", 3)',
        '"web" in labels',
        'lower(source) == "web"',
    ],
)
def test_what_says_no_certain_text_has_no_handle(text: str) -> None:
    assert handle_of(text) is None


def test_near_are_those_that_may_hold_in_their_order() -> None:
    known = handles(
        ('labels.team == "api"', "true", 'labels.team == "web"', 'source in ("a", "b")', "false")
    )
    alert = replace(candidate(labels={"team": "web"}), source="b")
    assert known.near(alert) == [1, 2, 3, 4]
    assert known.near(candidate()) == [1, 4]


_WORDS = st.sampled_from(["", "web", "api", "error", "critical"])
_SUBJECTS = st.sampled_from(
    ["labels.team", 'labels["host"]', "severity", "source", "environment", "details.team"]
)
_PARTS = st.one_of(
    st.builds('{} == "{}"'.format, _SUBJECTS, _WORDS),
    st.builds('"{}" == {}'.format, _WORDS, _SUBJECTS),
    st.builds('{} != "{}"'.format, _SUBJECTS, _WORDS),
    st.builds('{} in ("{}", "{}")'.format, _SUBJECTS, _WORDS, _WORDS),
    st.builds('contains({}, "{}")'.format, _SUBJECTS, _WORDS),
    st.sampled_from(["true", "false"]),
)
_CONDITIONS = st.recursive(
    _PARTS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=4,
)


@given(
    conditions=st.lists(_CONDITIONS, max_size=8),
    labels=st.dictionaries(st.sampled_from(["team", "host"]), _WORDS),
    severity=st.sampled_from(Severity),
    source=_WORDS,
    team=st.one_of(_WORDS, st.lists(_WORDS), st.none()),
)
def test_the_first_rule_that_holds_is_found_as_by_trying_each(
    conditions: list[str], labels: dict[str, str], severity: Severity, source: str, team: object
) -> None:
    rules = [Rule(id=n, name=str(n), condition=text) for n, text in enumerate(conditions, 1)]
    book = compile_rules(1, rules)
    alert = replace(
        candidate(labels=labels, severity=severity), source=source, details={"team": team}
    )
    tried = (one.rule for one in book.rules if one.condition.holds(alert))
    assert book.rule_for(alert) is next(tried, book.catch_all)
