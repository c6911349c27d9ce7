"""No function over 60 lines, no file over 400: past that nobody reads to the end.

About 8 and 80 is what the code aims at; these are the hard stops. Migrations are Django's.
"""

import ast
import sys
from pathlib import Path

MOST_LINES_OF_FUNCTION = 60
MOST_LINES_OF_FILE = 400


def main() -> int:
    files = [path for path in Path("src").rglob("*.py") if "migrations" not in path.parts]
    problems = [problem for path in files for problem in _problems(path)]
    print("\n".join(problems) or f"{len(files)} files are small enough")
    return 1 if problems else 0


def _problems(path: Path) -> list[str]:
    text = path.read_text()
    problems = []
    lines = text.count("\n")
    if lines > MOST_LINES_OF_FILE:
        problems.append(f"{path}: {lines} lines; split it by topic")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_LINES_OF_FUNCTION:
                problems.append(f"{path}:{node.lineno}: {node.name} has {length} lines")
    return problems


if __name__ == "__main__":
    sys.exit(main())
