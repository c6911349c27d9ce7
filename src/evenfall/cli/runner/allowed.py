"""The list of what a runner allows: exact commands, with typed parameters. TOML, such as

    [commands.restart]
    argv = ["/usr/bin/systemctl", "restart", "app@{port}"]
    time_limit_s = 30
    parameters.port = { type = "number", least = 8000, most = 8999 }
    parameters.mode = { type = "choice", values = ["fast", "safe"] }
    parameters.tag = { type = "text", pattern = "[a-z0-9-]{1,40}" }

There is no shell: each entry of `argv` is one argument, whatever its values hold.
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_PLACE: Final = re.compile(r"\{([A-Za-z0-9._-]+)\}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}")
_LONGEST: Final = 500
_OTHERS_MAY_WRITE: Final = 0o022
_LIMIT_S: Final = 60.0
_TYPES: Final = ("number", "choice", "text")


class NotAllowed(Exception):
    """Says in words why this is not done."""


class Parameter(Struct, frozen=True, kw_only=True):
    """What a value may be: a number between two, one of some words, or a text of a pattern."""

    type: str
    least: int | None = None
    most: int | None = None
    values: tuple[str, ...] = ()
    pattern: str = ""

    def fits(self, value: str) -> bool:
        if len(value) > _LONGEST or any(ord(char) < ord(" ") for char in value):
            return False
        if self.type == "choice":
            return value in self.values
        if self.type == "text":
            return re.fullmatch(self.pattern, value) is not None
        return _NUMBER.fullmatch(value) is not None and self._is_between(int(value))

    def _is_between(self, number: int) -> bool:
        is_enough = self.least is None or number >= self.least
        return is_enough and (self.most is None or number <= self.most)


class Allowed(Struct, frozen=True, kw_only=True):
    """One command. `argv[0]` is a path and never depends on values."""

    name: str
    argv: tuple[str, ...]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    time_limit_s: float = _LIMIT_S
    folder: str = "/"

    def filled(self, arguments: Mapping[str, str]) -> list[str]:
        """The arguments to run, value by value in their places; raises NotAllowed."""
        if set(arguments) != set(self.parameters):
            wanted = ", ".join(sorted(self.parameters)) or "none"
            raise NotAllowed(f"{self.name} wants the arguments {wanted}.")
        for name, value in arguments.items():
            if not self.parameters[name].fits(value):
                raise NotAllowed(f"{self.name} does not allow this value of {name}.")
        return [self.argv[0], *(_put(part, arguments) for part in self.argv[1:])]

    def described(self) -> dict[str, Any]:
        """What the installation may show of it."""
        return {
            "name": self.name,
            "parameters": sorted(self.parameters),
            "argv": list(self.argv),
        }


def _put(part: str, arguments: Mapping[str, str]) -> str:
    said = _PLACE.sub(lambda found: arguments[found[1]], part)
    # a value at the front must not become an option
    if part.startswith("{") and said.startswith("-"):
        raise NotAllowed("A value at the front of an argument must not begin with a dash.")
    return said


def read_allowed(path: Path) -> dict[str, Allowed]:
    """Read the list; raises NotAllowed with what is wrong in it."""
    if path.stat().st_mode & _OTHERS_MAY_WRITE:
        raise NotAllowed(f"{path} can be written by others than its owner: chmod go-w {path}")
    try:
        read = tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NotAllowed(f"{path}: {error}") from error
    commands = read.get("commands")
    if not isinstance(commands, dict) or not commands:
        raise NotAllowed(f"{path} has no [commands.…].")
    return {name: _command(name, entry) for name, entry in commands.items()}


def _command(name: str, entry: Any) -> Allowed:  # noqa: ANN401 - whatever the file holds
    argv = entry.get("argv") if isinstance(entry, dict) else None
    if not _NAME.fullmatch(name) or not _is_words(argv) or not argv:
        raise NotAllowed(f"commands.{name}: argv must be a list of texts.")
    if not argv[0].startswith("/") or _PLACE.search(argv[0]):
        raise NotAllowed(f"commands.{name}: the first of argv must be a whole path.")
    limit = entry.get("time_limit_s", _LIMIT_S)
    if not isinstance(limit, int | float) or isinstance(limit, bool) or limit <= 0:
        raise NotAllowed(f"commands.{name}: time_limit_s must be a number of seconds.")
    known = {key: _parameter(name, key, one) for key, one in entry.get("parameters", {}).items()}
    places = {place for part in argv for place in _PLACE.findall(part)}
    if places != set(known):
        raise NotAllowed(f"commands.{name}: the places in argv and the parameters differ.")
    return Allowed(
        name=name,
        argv=tuple(argv),
        parameters=known,
        time_limit_s=float(limit),
        folder=str(entry.get("folder", "/")),
    )


def _parameter(command: str, name: str, entry: Any) -> Parameter:  # noqa: ANN401 - as above
    where = f"commands.{command}.parameters.{name}"
    kind = entry.get("type") if isinstance(entry, dict) else None
    if kind not in _TYPES:
        raise NotAllowed(f"{where}: type must be one of {', '.join(_TYPES)}.")
    values, pattern = entry.get("values", []), entry.get("pattern", "")
    if kind == "choice" and (not _is_words(values) or not values):
        raise NotAllowed(f"{where}: values must be a list of texts.")
    if kind == "text":
        _check_pattern(where, pattern)
    ends = (entry.get("least"), entry.get("most"))
    if any(end is not None and not isinstance(end, int) for end in ends):
        raise NotAllowed(f"{where}: least and most must be whole numbers.")
    least, most = ends
    return Parameter(type=kind, least=least, most=most, values=tuple(values), pattern=pattern)


def _check_pattern(where: str, pattern: Any) -> None:  # noqa: ANN401 - as above
    try:
        re.compile(pattern)
    except (re.error, TypeError) as error:
        raise NotAllowed(f"{where}: pattern cannot be read: {error}") from error
    if not pattern:
        raise NotAllowed(f"{where}: a text needs a pattern that says what it may be.")


def _is_words(found: Any) -> bool:  # noqa: ANN401 - as above
    return isinstance(found, list) and all(isinstance(one, str) for one in found)
