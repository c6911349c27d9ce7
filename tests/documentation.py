"""The pages of the documentation as tests read them: their links and their fenced blocks.

The first line of a fence says what a block is, so that a test can use it as a reader would:

sh      run against an installation; `status=404` names what curl gets, else it is 2xx. A note such
        as `backup` names the step of a longer test; `step` is run after the steps before it on its
        page, all others in any order. (scenarios)
python  run against an installation (scenarios)
yaml    `# prometheus.yml` and `# alertmanager.yml`, checked by their own tools (scenarios)
url     something real is posted there (scenarios)
usage   lines of the command line that run for ever: the arguments are understood (architecture)
env     every variable is a setting and can be read (architecture)
ini     a systemd unit that starts a command of ours (architecture)
rule    each line is a condition of a routing rule (architecture)
json    can be parsed (architecture)
text    only looked at by people
"""

import re
from functools import cache
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^[ ]*```(?P<kind>[^\n]*)\n(?P<text>.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
# the wiring of the code base: its blocks are drawings and lists of targets of make
ABOUT_THE_CODE = ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "docs/adr/")


class Block(Struct, frozen=True, kw_only=True):
    """A fenced block. ``kind`` is the first word of the fence, ``note`` the rest."""

    page: str
    line: int
    kind: str
    note: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"


@cache
def pages() -> dict[str, str]:
    """Return every page by its path from the root."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    return {str(path.relative_to(ROOT)): path.read_text() for path in sorted(found)}


def is_for_users(page: str) -> bool:
    return not page.startswith(ABOUT_THE_CODE)


def blocks(*kinds: str) -> list[Block]:
    """Return the blocks of these kinds (all without any) on the pages for users."""
    found = [
        _block(page, text, fence)
        for page, text in pages().items()
        if is_for_users(page)
        for fence in FENCE.finditer(text)
    ]
    return [block for block in found if not kinds or block.kind in kinds]


def _block(page: str, text: str, fence: re.Match[str]) -> Block:
    kind, _, note = fence["kind"].partition(" ")
    line = text.count("\n", 0, fence.start()) + 1
    return Block(page=page, line=line, kind=kind, note=note.strip(), text=fence["text"])


def links(page: str) -> list[str]:
    """Return where the links and pictures of a page lead to."""
    prose = FENCE.sub("", pages()[page])
    return [found["target"] for found in LINK.finditer(prose)]


def headings(page: str) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    found = re.findall(r"^#+ (.+)$", FENCE.sub("", pages()[page]), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}
