"""What is loaded before the fork stays shared. Each case has a process: what it marks stays so."""

import subprocess
import sys
from pathlib import Path

import pytest

_COUNTS = """
import sys
from evenfall.cli.sharing import share_what_is_loaded

class Loaded:
    def method(self):
        return "a constant of a method that is long enough to be an object of its own", lambda: 1.5

text = "".join(["a text that", " nobody else has"])
inner = next(one for one in Loaded.method.__code__.co_consts if hasattr(one, "co_consts"))
asked = {
    "text": text, "class": Loaded, "function": Loaded.method, "code": Loaded.method.__code__,
    "code inside": inner, "constant": inner.co_consts[-1], "table": {"a": 1}, "value": Loaded(),
}
share_what_is_loaded()
before = {name: sys.getrefcount(one) for name, one in asked.items()}
held = [list(asked.values()) for _ in range(10)]
print([name for name, one in asked.items() if sys.getrefcount(one) != before[name]])
later = object()
was = sys.getrefcount(later)
again = later
print(sys.getrefcount(later) - was)
"""

_ENDS = """
import sys
from evenfall.cli.sharing import share_what_is_loaded

class Ends:
    def __del__(self):
        print("ended")

def steps():
    try:
        yield
    finally:
        print("left")

one, file, running = Ends(), open(sys.argv[1], "w"), steps()
next(running)
share_what_is_loaded()
file.write("written")
del one, file, running
print(open(sys.argv[1]).read())
"""

_FORK = """
import os
from evenfall.cli.sharing import share_what_is_loaded

def copied_mb():
    for line in open("/proc/self/smaps_rollup"):
        if line.startswith("Private_Dirty:"):
            return int(line.split()[1]) / 1000

loaded = [f"text number {number:060}" for number in range(200_000)]
share_what_is_loaded()
if os.fork() == 0:
    before = copied_mb()
    held = list(loaded)
    print(copied_mb() - before, flush=True)
    os._exit(0)
os.wait()
"""


def _said(program: str, *arguments: str) -> list[str]:
    command = [sys.executable, "-c", program, *arguments]
    ran = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return ran.stdout.splitlines()


def test_references_to_what_is_loaded_are_not_counted_and_to_others_they_are() -> None:
    assert _said(_COUNTS) == ["[]", "1"]


def test_what_does_something_at_its_end_still_does(tmp_path: Path) -> None:
    assert _said(_ENDS, str(tmp_path / "file")) == ["ended", "left", "written"]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
def test_a_child_that_looks_at_all_of_it_copies_next_to_nothing() -> None:
    (copied,) = _said(_FORK)
    assert float(copied) < 4, "the list of what it looked at takes 1.6 MB, the texts 24"
