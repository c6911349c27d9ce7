"""The reference of conditions says what the code does: examples, errors, names and limits."""

import re
from pathlib import Path

import pytest

from evenfall.alerting.logic import expression_syntax, expressions, pattern_syntax, patterns
from evenfall.alerting.logic.expressions import ExpressionError, compile_condition

PAGE = (Path(__file__).parents[3] / "docs/reference/rules.md").read_text()
BLOCKS = re.findall(r"^```rule\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
EXAMPLES = [line for block in BLOCKS for line in block.splitlines()]
ERRORS = re.findall(r"^\| `(.+)` \| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)


def limit_of(what: str) -> int:
    found = re.search(rf"^\| {re.escape(what)}[^|]* \| (\d+) \|$", PAGE, re.MULTILINE)
    assert found, f"the page has no limit for {what}"
    return int(found[1])


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_can_be_compiled(text: str) -> None:
    assert compile_condition(text).text == text


@pytest.mark.parametrize(("text", "column", "words"), ERRORS)
def test_every_error_is_told_as_the_page_says(text: str, column: str, words: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_condition(text)
    assert caught.value.reason.startswith(words.replace("\\|", "|"))
    assert caught.value.column == int(column)


def test_the_page_has_examples_and_errors() -> None:
    assert len(EXAMPLES) > 15
    assert len(ERRORS) > 10


@pytest.mark.parametrize(
    "name", [*expressions._TEXTS, *expressions._MAPS, *expressions._WORDS, *expressions._FUNCTIONS]
)
def test_every_name_and_function_is_on_the_page(name: str) -> None:
    assert re.search(rf"`{name}\b", PAGE)


def test_the_limits_are_those_of_the_code() -> None:
    assert limit_of("characters of a condition") == expression_syntax.MAX_LENGTH
    assert limit_of("parts of a condition") == expression_syntax.MAX_NODES
    assert limit_of("depth of brackets") == expression_syntax.MAX_DEPTH
    assert limit_of("characters of a pattern") == pattern_syntax.MAX_LENGTH
    assert limit_of("characters of a text") == patterns.TEXT_LIMIT
