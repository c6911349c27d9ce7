"""The recipes for pipelines: they can be read, and their commands exist."""

import re
import shlex

import pytest
import yaml
from tests.documentation import Block, blocks

from evenfall.cli.main import _parser

PAGE = "docs/how-to/gate-a-pipeline.md"
OF = "--service shop --version 1.4.2"
RECIPES = [one for one in blocks("yaml", "text") if one.page == PAGE]
_COMMAND = re.compile(r"evenfall (?:gate|quality|deployed) [^'\n|]*")


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda one: one.name)
def test_every_command_of_a_recipe_is_understood(recipe: Block) -> None:
    found = _COMMAND.findall(recipe.text)
    names = set()
    for line in found:
        arguments = shlex.split(line.replace("$OF", OF))[1:]
        assert _parser().parse_args(arguments).run
        names.add(arguments[0])
    assert names == {"gate", "quality", "deployed"}


@pytest.mark.parametrize(
    "recipe", [one for one in RECIPES if one.kind == "yaml"], ids=lambda one: one.name
)
def test_a_recipe_is_yaml_with_jobs(recipe: Block) -> None:
    document = yaml.safe_load(recipe.text)
    assert document.get("jobs") or document.get("stages")


def test_there_is_a_recipe_for_each_of_the_three() -> None:
    assert len(RECIPES) == 3
