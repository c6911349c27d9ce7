"""A plan in words, and as Markdown that no name can format."""

from typing import Any

from evenfall.cli.client.manifests import references
from evenfall.cli.client.plan_words import markdown, words

URL = "https://evenfall.example.org"
EFFECT: dict[str, Any] = {
    "days": 7,
    "reason": "",
    "headline": "This would have paged Ada | @all once instead of 2.",
    "alerts": 2,
    "figures": {
        "pages": {"as_is": 2, "proposed": 1},
        "incidents": {"as_is": 0, "proposed": 0},
    },
    "people": [
        {
            "user_id": 1,
            "name": "Ada | @all <b>",
            "pages": {"as_is": 2, "proposed": 1},
            "by_night": {"as_is": 1, "proposed": 0},
        }
    ],
    "left_out": [{"thing": "integrations.new", "reason": "No alert came through it yet."}],
    "what_if_id": 12,
}
PLAN: dict[str, Any] = {
    "bundle": "shop",
    "problems": [],
    "adopted": [],
    "over": [],
    "keys": {},
    "changes": [
        {
            "thing": "teams.a",
            "step": "update",
            "fields": [{"path": "name", "before": "```", "after": "A"}],
        }
    ],
    "effect": EFFECT,
}


def test_the_effect_is_said_behind_the_changes() -> None:
    said = words(PLAN, URL)
    assert "With it, in the last 7 days (2 alerts replayed):" in said
    assert "pages: 2 -> 1" in said
    assert "incidents" not in said
    assert "Not replayed: integrations.new. No alert came through it yet." in said
    assert said.endswith("All of it: https://evenfall.example.org/what-if/12/")
    assert words(PLAN | {"effect": None}, URL).endswith("1 to update.")


def test_what_was_not_replayed_says_why() -> None:
    effect = EFFECT | {"reason": "Too many.", "people": [], "left_out": [], "what_if_id": None}
    said = words(PLAN | {"effect": effect | {"alerts": 0, "days": 1}}, URL)
    assert said.endswith("With it, in the last 1 day:\n    Not replayed: Too many.")


def test_markdown_keeps_names_as_text() -> None:
    said = markdown(PLAN, URL)
    assert "| Ada \\| \\@all \\<b\\> | 2 → 1 | 1 → 0 |" in said
    assert "````diff\n! teams.a" in said
    assert "[Whom, when and why](https://evenfall.example.org/what-if/12/)" in said
    problem = {"file": "a.yaml", "line": 3, "what": "teams.a", "message": "Odd."}
    wrong = markdown(PLAN | {"problems": [problem], "effect": None}, URL)
    assert "<details open><summary>1 to mend</summary>" in wrong
    assert "a.yaml:3: teams.a: Odd." in wrong


def test_references_are_found_wherever_they_stand() -> None:
    text = """
integrations:
  a: {name: A, kind: sentry, secret: env:HOOK, key: "file:/run/key"}
  b:
    key: env:OTHER
    name: "env:NOT_THIS"
teams: {x: {secret: env:NOR_THIS}}
"""
    assert references(text) == {"env:HOOK", "file:/run/key", "env:OTHER"}
    for nothing in ("", "- a", "integrations: [a]", "integrations: {a: 1}", "a: ["):
        assert references(nothing) == set()
