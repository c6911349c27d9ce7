"""What a runner allows is said in its file, and nothing else is done."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.cli.runner.allowed import Allowed, NotAllowed, Parameter, read_allowed

GOOD = """
[commands.restart]
argv = ["/bin/echo", "restart", "app@{port}", "--mode={mode}", "{tag}"]
time_limit_s = 30
parameters.port = { type = "number", least = 8000, most = 8999 }
parameters.mode = { type = "choice", values = ["fast", "safe"] }
parameters.tag = { type = "text", pattern = "[a-z0-9-]{1,40}" }
"""
FITTING = {"port": "8004", "mode": "safe", "tag": "v1"}


def allowed(folder: Path, text: str) -> dict[str, Allowed]:
    path = folder / "allowed.toml"
    path.write_text(text)
    path.chmod(0o600)
    return read_allowed(path)


def test_values_go_to_their_places(tmp_path: Path) -> None:
    restart = allowed(tmp_path, GOOD)["restart"]
    assert restart.filled(FITTING) == ["/bin/echo", "restart", "app@8004", "--mode=safe", "v1"]
    assert restart.time_limit_s == 30
    assert restart.described()["parameters"] == ["mode", "port", "tag"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": "7999"},
        {"port": "9000"},
        {"port": "8004; reboot"},
        {"port": "٨٠٠٤"},
        {"port": "8004\n"},
        {"mode": "Fast"},
        {"tag": "a b"},
        {"tag": "a\n"},
        {"tag": ""},
        {"tag": "-rf"},
        {"more": "x"},
    ],
)
def test_other_values_are_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(NotAllowed):
        allowed(tmp_path, GOOD)["restart"].filled({**FITTING, **wrong})


def test_all_values_are_needed(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="wants the arguments mode, port, tag"):
        allowed(tmp_path, GOOD)["restart"].filled({"port": "8004"})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "commands = 3",
        "[commands.x]",
        '[commands.x]\nargv = "echo"',
        "[commands.x]\nargv = []",
        '[commands.x]\nargv = ["echo"]',
        '[commands.x]\nargv = ["/bin/{which}"]\nparameters.which = {type = "number"}',
        '[commands.x]\nargv = ["/bin/echo", "{a}"]',
        '[commands.x]\nargv = ["/bin/echo"]\nparameters.a = {type = "number"}',
        '[commands.x]\nargv = ["/bin/echo", "{a}"]\nparameters.a = {type = "text"}',
        '[commands.x]\nargv = ["/bin/echo", "{a}"]\nparameters.a = {type = "text", pattern = "("}',
        '[commands.x]\nargv = ["/bin/echo", "{a}"]\nparameters.a = {type = "choice"}',
        '[commands.x]\nargv = ["/bin/echo", "{a}"]\nparameters.a = {type = "word"}',
        '[commands.x]\nargv = ["/bin/echo", "{a}"]\nparameters.a = {type="number", least="1"}',
        '[commands.x]\nargv = ["/bin/echo"]\ntime_limit_s = -1',
        '[commands."a b"]\nargv = ["/bin/echo"]',
        "[commands",
    ],
)
def test_a_list_that_says_too_little_allows_nothing(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotAllowed):
        allowed(tmp_path, text)


def test_a_list_that_others_may_write_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "allowed.toml"
    path.write_text(GOOD)
    path.chmod(0o666)
    with pytest.raises(NotAllowed, match="chmod go-w"):
        read_allowed(path)


@given(st.text(), st.text())
def test_no_value_makes_more_arguments_or_options(first: str, second: str) -> None:
    """Whatever fits the loosest of patterns stays in its one place."""
    anything = Parameter(type="text", pattern=r"[\s\S]*")
    echo = Allowed(
        name="x", argv=("/bin/echo", "{a}", "--b={b}"), parameters={"a": anything, "b": anything}
    )
    try:
        argv = echo.filled({"a": first, "b": second})
    except NotAllowed:
        return
    assert len(argv) == 3
    assert not argv[1].startswith("-")
    assert argv[2] == f"--b={second}"
