"""Task lists in a text: `- [ ] drain the node` can be ticked while an incident runs.

A task is known by its words, not by its line: after an edit what was ticked stays ticked. Fenced
blocks are left alone, so that a list inside of an example is no task; a block called `step` holds
the name of a step that can be run, which is shown in its place.
"""

import html
import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

from markdown_it.token import Token
from msgspec import Struct

from evenfall.platform import markdown

_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
# Characters for private use: `cleaned` takes them out of what people write, so they mark a place.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PLACE = re.compile(f"{_OPEN}([0-9a-f]{{12}}){_CLOSE}")
_BLOCK = re.compile(f"<p>{_OPEN}([0-9a-f]{{12}}){_CLOSE}</p>")
_KEY_LENGTH: Final = 12
STEP: Final = "step"


class Task(Struct, frozen=True):
    """`key` names it in this and later versions; `text` is the first line of its words."""

    key: str
    text: str


class Progress(Struct, frozen=True):
    done: int
    total: int

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0


def cleaned(text: str) -> str:
    """Return the text as it is stored: one kind of line end, nothing that marks our places."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(f"[\0{_OPEN}{_CLOSE}]", "", plain)


def tasks(text: str) -> Sequence[Task]:
    """Return the tasks of a text, in its order."""
    return [task for task, _ in _found(markdown.parsed(cleaned(text)))]


def to_html(
    text: str, draw: Callable[[Task], str], draw_step: Callable[[str], str] | None = None
) -> str:
    """Return safe HTML; `draw` gives the safe HTML of the box before each task.

    `draw_step` gives that of the step of a name; without it the block is shown as it is written.
    """
    tokens = markdown.parsed(cleaned(text))
    drawn = {}
    for task, token in _found(tokens):
        first = (token.children or [])[0]
        first.content = f"{_OPEN}{task.key}{_CLOSE}{_TASK.sub('', first.content, count=1)}"
        drawn[task.key] = draw(task)
    if draw_step is not None:
        drawn |= {_step_key(name): draw_step(name) for name in steps_in(text)}
        tokens = [part for token in tokens for part in _placed(token)]
    html_ = _BLOCK.sub(lambda place: drawn.get(place[1], ""), markdown.rendered(tokens))
    return _PLACE.sub(lambda place: drawn.get(place[1], ""), html_)


def steps_in(text: str) -> Sequence[str]:
    """Return the names of the steps that stand in a text, in its order, each once."""
    found = (_step_name(token) for token in markdown.parsed(cleaned(text)))
    return tuple(dict.fromkeys(name for name in found if name))


def plain_box(task: Task) -> str:
    """A box that cannot be ticked here: runbooks are ticked in an incident."""
    return f'<span class="task-box" role="img" aria-label="To do: {html.escape(task.text)}"></span>'


def progress(tasks: Sequence[Task], ticked: frozenset[str]) -> Progress:
    return Progress(done=sum(task.key in ticked for task in tasks), total=len(tasks))


def _found(tokens: Sequence[Token]) -> list[tuple[Task, Token]]:
    """The tasks with the inline token that holds their words."""
    found: list[tuple[Task, Token]] = []
    seen: dict[str, int] = {}
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        kinds = (item.type, paragraph.type, inline.type)
        if kinds != ("list_item_open", "paragraph_open", "inline"):
            continue
        if not (inline.children and inline.children[0].type == "text"):
            continue
        if not _TASK.match(inline.children[0].content):
            continue
        words = " ".join(_TASK.sub("", inline.content, count=1).split("\n", 1)[0].split())
        seen[words] = seen.get(words, 0) + 1
        key = sha256(f"{words}\n{seen[words]}".encode()).hexdigest()[:_KEY_LENGTH]
        found.append((Task(key, words), inline))
    return found


def _step_name(token: Token) -> str:
    """The name in a block called `step`; empty for everything else."""
    return token.content.strip() if token.type == "fence" and token.info.strip() == STEP else ""


def _step_key(name: str) -> str:
    return sha256(f"{STEP}\n{name}".encode()).hexdigest()[:_KEY_LENGTH]


def _placed(token: Token) -> Sequence[Token]:
    """A paragraph with nothing but our mark instead of the block of a step."""
    name = _step_name(token)
    if not name:
        return (token,)
    mark = Token("text", "", 0, content=f"{_OPEN}{_step_key(name)}{_CLOSE}")
    inline = Token("inline", "", 0, content=mark.content, children=[mark])
    return (Token("paragraph_open", "p", 1), inline, Token("paragraph_close", "p", -1))
