"""What files declare, and everything that can be wrong with them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.identity.permissions import Role
from evenfall.manifests.logic import marked, reading, specs, writing
from evenfall.manifests.logic.keys import keys
from evenfall.manifests.logic.planning import Live, Step, changes, differences, filled
from evenfall.manifests.logic.reading import Thing

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def problems(text: str, name: str = "a.yaml") -> list[tuple[int, str, str]]:
    found = reading.declaration({name: text})
    return [(one.place.line, one.what, one.message) for one in found.problems]


def test_times_and_words_stay_what_they_are() -> None:
    text = "a: 10:00\nb: on\nc: 2027-01-04\nd: [1, 2.5, null, ~, true, '1']\ne: 0x10\n"
    assert marked.read(text).value == {
        "a": "10:00",
        "b": "on",
        "c": "2027-01-04",
        "d": [1, 2.5, None, None, True, "1"],
        "e": "0x10",
    }


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: [", 1, "not YAML"),
        ("a: 1\na: 2", 2, "stands here twice"),
        ("? [a]\n: 1", 1, "must be text"),
        ("a: \x00", 1, "not YAML"),
        ("--- a\n--- b", 2, "not YAML"),
    ],
)
def test_what_is_no_yaml_is_told_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(marked.MarkedError, match=words) as caught:
        marked.read(text)
    assert caught.value.line == line


def test_aliases_cannot_blow_up() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(marked.MarkedError, match="more than"):
        marked.read("\n".join(lines))
    with pytest.raises(marked.MarkedError, match="nested deeper"):
        marked.read("[" * 60 + "]" * 60)
    with pytest.raises(marked.MarkedError, match="nested deeper"):
        marked.read("- " * 1_000_000)
    with pytest.raises(marked.MarkedError, match="nested deeper"):
        marked.read("a: &a [*a]")


def test_an_empty_file_and_one_of_another_kind() -> None:
    for text in ("", "- a", "evenfall: v2"):
        assert problems(text) == [
            (1, "evenfall", "A manifest begins with the line “evenfall: v1”.")
        ]


def test_every_problem_is_told_at_once() -> None:
    text = """evenfall: v1
teams:
  A B: {name: x}
  a: {name: x, colour: red}
services: [a]
rotas:
policies:
  p: {name: P, steps: [{targets: [{kind: nobody}]}]}
surprises: 1
"""
    assert [(line, what) for line, what, _ in problems(text)] == [
        (3, "teams.A B"),
        (4, "teams.a"),
        (5, "services"),
        (8, "policies.p.steps.0.targets.0.kind"),
        (9, "surprises"),
    ]


def test_a_thing_stands_once_in_all_files() -> None:
    files = {"a.yaml": "evenfall: v1\nteams: {a: {name: A}}"}
    found = reading.declaration(files | {"b.yaml": files["a.yaml"]})
    (problem,) = found.problems
    assert problem.place.file == "b.yaml"
    assert "a.yaml, line 2" in problem.message


def test_too_much_is_refused() -> None:
    many = dict.fromkeys(map(str, range(reading.MOST_FILES + 1)), "evenfall: v1")
    assert "At most" in reading.declaration(many).problems[0].message


def test_two_ways_to_write_the_same_are_one() -> None:
    def silence(at: str, matcher: str) -> specs.Silence:
        return specs.Silence(matchers=(matcher,), starts_at=at, ends_at="soon")

    assert silence("2027-01-01T01:00:00+01:00", "a=b") == silence("2027-01-01T00:00:00Z", 'a = "b"')
    assert silence("2027-01-01T01:00:00", "=").matchers == ("=",)


names = st.text(alphabet="abcdefghij-äöß ", min_size=1, max_size=12).filter(str.strip)
teams = st.dictionaries(
    st.from_regex(r"[a-z0-9][a-z0-9-]{0,10}", fullmatch=True),
    st.builds(specs.Team, name=names, description=names),
)


@given(teams)
def test_what_is_written_is_read_again(found: dict[str, specs.Team]) -> None:
    things = {Thing("teams", key): spec for key, spec in found.items()}
    again = reading.declaration({"x": writing.text(things)})
    assert again.problems == []
    assert again.specs == things


def test_rules_are_one_thing() -> None:
    rules = specs.Rules(ordered=(specs.Rule(name="A"),))
    text = writing.text({Thing("rules", "all"): rules})
    assert reading.declaration({"x": text}).specs == {Thing("rules", "all"): rules}


def test_keys_stay_and_are_free() -> None:
    found = keys([(3, "Über uns"), (1, "Uber uns"), (2, "???")], taken={9: "uber-uns"})
    assert found == {9: "uber-uns", 1: "uber-uns-2", 2: "unnamed", 3: "uber-uns-3"}


def test_changes_come_in_the_order_in_which_they_can_be_made() -> None:
    team, service = specs.Team(name="T"), specs.Service(name="S", team="t")
    declared = {Thing("services", "s"): service, Thing("teams", "t"): team}
    made = changes(declared, {}, [], now=NOW)
    assert [(str(c.thing), c.step) for c in made] == [
        ("teams.t", Step.CREATE),
        ("services.s", Step.CREATE),
    ]
    live = {thing: Live(1, spec) for thing, spec in declared.items()}
    assert changes(declared, live, declared, now=NOW) == []
    gone = changes({}, live, [*declared, Thing("rotas", "was-gone-already")], now=NOW)
    assert [str(c.thing) for c in gone] == ["services.s", "teams.t"]
    assert gone[0].fields[0].after is None


def test_what_is_left_to_people_stays() -> None:
    there = specs.Team(name="T", members={"a@b": Role.MANAGER})
    wanted = specs.Team(name="T")
    assert filled(wanted, there, now=NOW) == there
    assert filled(wanted, None, now=NOW) == wanted
    assert [one.path for one in differences(there, wanted)] == ["members.a@b"]
