"""A folder holds whole files only, whenever the writer dies."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evenfall.integrations.folder.place import Folder, write_all
from evenfall.statuspages.ports import CopyNotStored, File, PlaceNotUsable

SIZE = 400_000
WRITER = """
import itertools, sys
from pathlib import Path

from evenfall.integrations.folder.place import write_all
from evenfall.statuspages.ports import File
for turn in itertools.count():
    body = bytes([turn % 256]) * {size}
    names = ["assets/style.css", "feed.atom", "history.html", "index.html"]
    write_all(Path(sys.argv[1]), [
        File(name=name, body=body, content_type="text/plain") for name in names
    ])
    print(turn, flush=True)
"""


def file(name: str, body: bytes = b"x") -> File:
    return File(name=name, body=body, content_type="text/plain")


def test_a_killed_writer_leaves_whole_files(tmp_path: Path) -> None:
    chance = random.Random(7)
    for _ in range(5):
        _write_and_kill(tmp_path, chance.uniform(0.0, 0.05))
        for path in (one for one in tmp_path.rglob("*") if one.is_file()):
            body = path.read_bytes()
            assert path.name.startswith(".half-") or (len(body) == SIZE and len(set(body)) == 1)
    write_all(tmp_path, [file("index.html")])
    assert not [*tmp_path.rglob(".half-*")]


def _write_and_kill(folder: Path, after_s: float) -> None:
    words = [sys.executable, "-c", WRITER.format(size=SIZE), str(folder)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()  # it has written all of them once
        time.sleep(after_s)
        writer.kill()


def test_files_are_replaced_in_their_order(tmp_path: Path) -> None:
    write_all(tmp_path, [file("assets/a.css", b"1"), file("index.html", b"1")])
    (tmp_path / "assets/a.css").chmod(0o400)
    write_all(tmp_path, [file("assets/a.css", b"2"), file("index.html", b"2")])
    assert (tmp_path / "assets/a.css").read_bytes() == b"2"
    assert (tmp_path / "index.html").stat().st_mode & 0o777 == 0o644


def test_what_stands_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "assets").write_text("no folder")
    with pytest.raises(CopyNotStored, match="assets"):
        write_all(tmp_path, [file("assets/a.css")])


@pytest.mark.parametrize("name", ["", "..", "a/b", "/etc", ".half-x", "A", "a" * 61, "a\0"])
def test_a_folder_is_a_name_and_no_path(name: str) -> None:
    with pytest.raises(PlaceNotUsable):
        Folder().check({"folder": name})
