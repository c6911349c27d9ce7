"""Reads the text of a regular expression (the RE2 subset in `patterns`) into a small tree."""

from msgspec import Struct

MAX_LENGTH = 500
_MAX_DEPTH = 20
_MAX_REPEAT = 200
_LAST = chr(0x10FFFF)


class PatternError(ValueError):
    """`column` counts from 1; 0 means the whole pattern."""

    def __init__(self, reason: str, column: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.column = column


class Chars(Struct, frozen=True):
    """One character out of `ranges` (first and last, both included), or none of them."""

    ranges: tuple[tuple[str, str], ...]
    negated: bool = False
    any_case: bool = False

    def has(self, char: str) -> bool:
        forms = {char, char.lower(), char.upper()} if self.any_case else (char,)
        found = any(first <= form <= last for form in forms for first, last in self.ranges)
        return found is not self.negated


class Begin(Struct, frozen=True):
    pass


class End(Struct, frozen=True):
    pass


class Sequence(Struct, frozen=True):
    parts: tuple["Node", ...]


class AnyOf(Struct, frozen=True):
    parts: tuple["Node", ...]


class Repeat(Struct, frozen=True):
    part: "Node"
    least: int
    most: int | None


type Node = Chars | Begin | End | Sequence | AnyOf | Repeat

_DIGIT = (("0", "9"),)
_WORD = (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z"))
_SPACE = (("\t", "\n"), ("\f", "\r"), (" ", " "))
_KINDS = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_REPEATS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_ANY = ((chr(0), _LAST),)


def parse(source: str) -> Node:
    """Return the tree of a pattern; raises PatternError with the column of the mistake."""
    if len(source) > MAX_LENGTH:
        raise PatternError(f"a pattern may have {MAX_LENGTH} characters at most", 0)
    return _Reader(source).whole()


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.depth = 0
        self.any_case = source.startswith("(?i)")
        self.at = len("(?i)") if self.any_case else 0

    def whole(self) -> Node:
        node = self._choice()
        if self.at < len(self.source):
            raise self._error("this ) closes nothing")
        return node

    def _error(self, reason: str) -> PatternError:
        return PatternError(reason, self.at + 1)

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def _take(self, reason: str) -> str:
        char = self._peek()
        if not char:
            raise self._error(reason)
        self.at += 1
        return char

    def _eat(self, text: str) -> bool:
        found = self.source.startswith(text, self.at)
        self.at += len(text) * found
        return found

    def _choice(self) -> Node:
        parts = [self._sequence()]
        while self._eat("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._peek() and self._peek() not in "|)":
            parts.append(self._repeated(self._one()))
        return Sequence(tuple(parts))

    def _repeated(self, part: Node) -> Node:
        limits = self._repeat()
        if limits is None:
            return part
        if isinstance(part, Begin | End):
            raise self._error("nothing to repeat before this")
        self._eat("?")  # "as few as possible" makes no difference when the whole text must match
        if self._peek() in ("*", "+", "?"):
            raise self._error("one repeat after another: put the first one in brackets")
        return Repeat(part, *limits)

    def _repeat(self) -> tuple[int, int | None] | None:
        char = self._peek()
        if char in _REPEATS:
            self.at += 1
            return _REPEATS[char]
        return self._counted() if char == "{" else None

    def _counted(self) -> tuple[int, int | None]:
        end = self.source.find("}", self.at)
        low, comma, high = self.source[self.at + 1 : end].partition(",")
        numbers = [low, high] if high else [low]
        if end < 0 or not all(n.isascii() and n.isdigit() for n in numbers):
            raise self._error(r"write a count as {2} or {2,5}, or \{ for the character")
        least = int(low)
        most = int(high) if high else None if comma else least
        if max(least, most or 0) > _MAX_REPEAT or (most is not None and most < least):
            raise self._error(f"counts go from small to large, {_MAX_REPEAT} at most")
        self.at = end + 1
        return least, most

    def _one(self) -> Node:
        if self._peek() in ("*", "+", "?", "{"):
            raise self._error(r"nothing to repeat before this; write \ before it for the character")
        char = self._take("the pattern ends too early")
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char in ("^", "$"):
            return Begin() if char == "^" else End()
        if char == ".":
            return Chars(_ANY)
        return self._escape() if char == "\\" else self._chars(((char, char),))

    def _chars(self, ranges: tuple[tuple[str, str], ...], *, negated: bool = False) -> Chars:
        return Chars(ranges, negated, self.any_case)

    def _group(self) -> Node:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self._error(f"more than {_MAX_DEPTH} brackets inside each other")
        if self._peek() == "?" and not self._eat("?:"):
            raise self._error("only (?:...) is known here, and (?i) at the very beginning")
        node = self._choice()
        if not self._eat(")"):
            raise self._error("a ) is missing")
        self.depth -= 1
        return node

    def _escape(self) -> Chars:
        char = self._take(r"a single \ at the end; write \\ for the character")
        if char.lower() in _KINDS:
            return Chars(_KINDS[char.lower()], negated=char.isupper())
        literal = self._escaped(char)
        return self._chars(((literal, literal),))

    def _escaped(self, char: str) -> str:
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char.isascii() and char.isalnum():
            raise self._error(rf"\{char} is not known here")
        return char

    def _class(self) -> Chars:
        negated = self._eat("^")
        ranges: list[tuple[str, str]] = []
        while not (ranges and self._eat("]")):
            ranges += self._range()
        return self._chars(tuple(ranges), negated=negated)

    def _range(self) -> tuple[tuple[str, str], ...]:
        first = self._take("a ] is missing")
        if first == "\\":
            first = self._take("a ] is missing")
            if first in _KINDS:
                return _KINDS[first]
            first = self._escaped(first)
        following = self.source[self.at : self.at + 2]
        if len(following) < len("-x") or following[0] != "-" or following[1] in "]\\":
            return ((first, first),)
        self.at += len(following)
        if following[1] < first:
            raise self._error("a range goes from small to large")
        return ((first, following[1]),)
