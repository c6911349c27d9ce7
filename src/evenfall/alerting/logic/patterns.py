"""Regular expressions that cannot hang: time grows with the text, never with what is in it.

People who may write a silence or a rule must not be able to stop the pipeline with ``(a+)+$``.
Python's `re` goes back and tries again, so a short pattern can take hours. Here a pattern becomes
a set of positions that moves along the text once (Thompson 1968), and sets already seen are
remembered. Anchored at both ends, as in Alertmanager: write ``.*disk.*`` to search. ``.`` matches
line breaks too. There are no back references and no look-around; everything else that people use
in monitoring rules is here.
"""

from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from evenfall.alerting.logic.pattern_syntax import (
    AnyOf,
    Begin,
    Chars,
    End,
    Node,
    PatternError,
    Repeat,
    Sequence,
    parse,
)

__all__ = ["Pattern", "PatternError", "pattern"]

# A text longer than this is judged by its beginning: labels are short, payloads may not be.
TEXT_LIMIT = 10_000
_PROGRAM_LIMIT = 5_000
_REMEMBERED_MOVES = 20_000


class _Step(Struct, frozen=True):
    chars: Chars
    then: int


class _Fork(Struct, frozen=True):
    targets: tuple[int, ...]


class _Edge(Struct, frozen=True):
    """Passes only at the beginning (or only at the end) of the text."""

    at_end: bool
    then: int


_MATCH = 0
type _Instruction = _Step | _Fork | _Edge | None


class _Place:
    """A set of positions in the program, with the moves out of it found so far."""

    __slots__ = ("accepts", "members", "moves")

    def __init__(self, members: frozenset[int], *, accepts: bool) -> None:
        self.members = members
        self.accepts = accepts
        self.moves: dict[str, _Place] = {}


class Pattern:
    """A compiled pattern. Safe to share between threads."""

    def __init__(self, source: str) -> None:
        self.source = source
        # instruction 0 is the match; it has nothing to do
        self._program: list[_Instruction] = [None]
        self._entry = self._build(parse(source), _MATCH)
        self._forget()

    def matches(self, text: str) -> bool:
        """Say whether the whole text matches."""
        place = self._start
        for char in text[:TEXT_LIMIT]:
            following = place.moves.get(char)
            place = self._move(place, char) if following is None else following
            if not place.members:
                return False
        return place.accepts

    def _forget(self) -> None:
        self._places: dict[frozenset[int], _Place] = {}
        self._remembered = 0
        self._start = self._place([self._entry], at_start=True)

    def _move(self, place: _Place, char: str) -> _Place:
        if self._remembered >= _REMEMBERED_MOVES:
            self._forget()
        following = self._place(self._after(place.members, char), at_start=False)
        place.moves[char] = following
        self._remembered += 1
        return following

    def _after(self, members: Iterable[int], char: str) -> list[int]:
        steps = (self._program[index] for index in members)
        return [step.then for step in steps if isinstance(step, _Step) and step.chars.has(char)]

    def _place(self, entries: Iterable[int], *, at_start: bool) -> _Place:
        members = self._closure(entries, at_start=at_start, at_end=False)
        known = None if at_start else self._places.get(members)
        if known is None:
            ended = self._closure(entries, at_start=at_start, at_end=True)
            known = _Place(members, accepts=_MATCH in ended)
        if not at_start:
            self._places[members] = known
        return known

    def _closure(self, entries: Iterable[int], *, at_start: bool, at_end: bool) -> frozenset[int]:
        """Follow everything that needs no character."""
        waiting = list(entries)
        seen: set[int] = set()
        while waiting:
            index = waiting.pop()
            if index in seen:
                continue
            seen.add(index)
            instruction = self._program[index]
            if isinstance(instruction, _Fork):
                waiting.extend(instruction.targets)
            elif isinstance(instruction, _Edge) and (at_end if instruction.at_end else at_start):
                waiting.append(instruction.then)
        return frozenset(seen)

    def _add(self, instruction: _Instruction) -> int:
        if len(self._program) >= _PROGRAM_LIMIT:
            raise PatternError("the pattern is too big once its repeats are written out", 0)
        self._program.append(instruction)
        return len(self._program) - 1

    def _build(self, node: Node, then: int) -> int:
        """Add the instructions for `node`, followed by `then`; return where they begin."""
        if isinstance(node, Chars):
            return self._add(_Step(node, then))
        if isinstance(node, Begin | End):
            return self._add(_Edge(at_end=isinstance(node, End), then=then))
        if isinstance(node, AnyOf):
            return self._add(_Fork(tuple(self._build(part, then) for part in node.parts)))
        if isinstance(node, Repeat):
            return self._build_repeat(node, then)
        for part in reversed(node.parts):
            then = self._build(part, then)
        return then

    def _build_repeat(self, node: Repeat, then: int) -> int:
        out = then
        if node.most is None:
            loop = self._add(None)
            self._program[loop] = _Fork((self._build(node.part, loop), out))
            then = loop
        else:
            for _ in range(node.most - node.least):
                then = self._add(_Fork((self._build(node.part, then), out)))
        return self._build(Sequence((node.part,) * node.least), then)


@lru_cache(maxsize=2048)
def pattern(source: str) -> Pattern:
    """Compile a pattern, or return the one compiled before; raises PatternError."""
    return Pattern(source)
