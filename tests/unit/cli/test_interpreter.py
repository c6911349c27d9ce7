"""A Python that was built for speed, and one that was not."""

import pytest

from evenfall.cli import interpreter


@pytest.mark.parametrize(
    "arguments",
    [
        "'--prefix=/usr/local' '--enable-optimizations' '--with-lto'",
        "'--enable-shared' '--prefix=/usr' '--enable-ipv6'",
        "",
    ],
)
def test_builds_of_images_and_distributions_are_fast(arguments: str) -> None:
    assert interpreter.is_optimised(arguments)


def test_one_that_nobody_told_to_be_fast_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = {"CONFIG_ARGS": "'--prefix=/home/ada/.pyenv/versions/3.13.0' '--enable-shared'"}
    monkeypatch.setattr("sysconfig.get_config_var", told.get)
    found = interpreter.finding()
    assert found.warning
    assert "without optimisation" in found.found
    assert "--enable-optimizations" in found.mend


def test_one_that_is_fast_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sysconfig.get_config_var", {}.get)
    assert not interpreter.finding().mend
