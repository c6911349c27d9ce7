"""Commands are run without a shell and end in time."""

import os
import sys
import time
from pathlib import Path

import pytest

from evenfall.cli.runner.commands import MOST_OUTPUT, Done, run_command


def python(code: str, *more: str, limit: float = 20.0) -> Done:
    return run_command([sys.executable, "-c", code, *more], folder="/", time_limit_s=limit)


def test_what_it_says_and_how_it_ends_comes_back() -> None:
    done = python("print('hello'); import sys; print('oh', file=sys.stderr); sys.exit(3)")
    assert not done.ok
    assert done.output.splitlines()[-1] == "It ended with 3."
    assert {"hello", "oh"} <= set(done.output.splitlines())
    assert python("print('fine')") == Done(ok=True, output="fine")


def test_nothing_is_read_by_a_shell() -> None:
    assert python("import sys; print(sys.argv[1])", "$HOME; `id`").output == "$HOME; `id`"


def test_secrets_of_the_runner_are_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENFALL_RUNNER_TOKEN", "evf_rn_secret")
    assert "secret" not in python("import os; print(os.environ)").output


def test_much_output_is_cut_in_the_middle() -> None:
    done = python("print('a' * 30000 + 'b' * 30000)")
    assert len(done.output) < MOST_OUTPUT + 100
    assert done.output.startswith("aaa")
    assert done.output.endswith("bbb")
    assert "bytes left out" in done.output


def test_one_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    line = tmp_path / "line"
    os.mkfifo(line)
    heard = os.open(line, os.O_RDONLY | os.O_NONBLOCK)
    code = (
        "import subprocess, time\n"
        f"line = open({str(line)!r}, 'w')\n"
        "subprocess.Popen(['/bin/sh', '-c', 'echo here; exec sleep 300'], stdout=line)\n"
        "time.sleep(300)"
    )
    done = python(code, limit=2.0)
    assert (done.ok, done.output) == (False, "Ended after 2 s.")
    # the line has an end once nobody holds it any more: a killed process lets go in its own time
    os.set_blocking(heard, True)
    with os.fdopen(heard) as said:
        assert said.read() == "here\n"


def test_a_server_that_it_leaves_behind_does_not_keep_it() -> None:
    code = "import subprocess; subprocess.Popen(['/bin/sleep', '5'], start_new_session=True)"
    began = time.monotonic()
    assert python(code).ok
    assert time.monotonic() - began < 4


def test_what_is_not_there_is_said() -> None:
    done = run_command(["/no/such/program"], folder="/", time_limit_s=5)
    assert done == Done(ok=False, output="It could not be started: No such file or directory.")
