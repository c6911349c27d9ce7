"""Rules of the source that ruff has no word for."""

import ast
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src/evenfall"
FILES = [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]
# the edges: what starts work, and so may ask what time it is
EDGES = {
    "views",
    "api",
    "jobs",
    "intake",
    "contexts",
    "templatetags",
    "cli",
    "config",
    "access",
    "adapters",
    "fakes",
}


def _is_edge(path: Path) -> bool:
    names = {part.removesuffix(".py") for part in path.relative_to(SOURCE).parts}
    return bool(names & EDGES) or path.parent.name == "platform" or "integrations" in names


def _calls(path: Path, *endings: str) -> list[str]:
    """Where the file calls something that ends so. Most files do not even name it."""
    text = path.read_text()
    if not any(ending.strip("().") in text for ending in endings):
        return []
    return [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(endings)
    ]


def test_nobody_below_the_edge_reads_the_clock() -> None:
    """`now` is an argument there."""
    readers = [
        place
        for path in FILES
        if not _is_edge(path)
        for place in _calls(path, "utc_now", "timezone.now", "datetime.now", "now()")
    ]
    assert readers == []


def test_no_signals_between_domains() -> None:
    """A signal hides order and failure; facts are published instead."""
    receivers = [
        f"{path}:{node.lineno}"
        for path in FILES
        if "receiver(" in (text := path.read_text())
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(d).startswith("receiver(") for d in node.decorator_list)
    ]
    assert receivers == []


def test_templates_carry_no_inline_script_or_style() -> None:
    """The content security policy would block them, on the one page where it matters."""
    inline = [
        f"{path.name}:{number}"
        for path in SOURCE.rglob("*.html")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if " style=" in line or "<style" in line or " onclick=" in line or "javascript:" in line
    ]
    assert inline == []
