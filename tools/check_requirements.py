"""The lock files are those of pyproject.toml, and name no host.

``--write`` compiles them anew. Without it only checks: a lock file with an address would tie
everybody to one mirror, and a package added to pyproject.toml without a lock would be found by the
first fresh machine only.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

COMPILE = (
    *("uv", "pip", "compile", "-q", "pyproject.toml", "--python-version", "3.12", "--universal"),
    *("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"),
)
FILES = {"requirements/base.txt": ("build",), "requirements/dev.txt": ("build", "dev")}


def main() -> int:
    if "--write" in sys.argv:
        for file, groups in FILES.items():
            uv = Path(sys.executable).with_name("uv")
            extra = [word for group in groups for word in ("--group", group)]
            subprocess.run([uv, *COMPILE[1:], *extra, "-o", file], check=True)
    problems = [problem for file in FILES for problem in _problems(Path(file))]
    print("\n".join(problems) or "lock files are in order")
    return 1 if problems else 0


def _problems(file: Path) -> list[str]:
    text = file.read_text()
    locked = {
        _name(line) for line in text.splitlines() if re.match(r"^[a-z0-9]", line, re.IGNORECASE)
    }
    problems = [f"{file}: {name} is not locked; run make lock" for name in _wanted(file) - locked]
    if "://" in text or "--index" in text or "--find-links" in text:
        problems.append(f"{file}: names a host; run make lock")
    return problems


def _wanted(file: Path) -> set[str]:
    project = tomllib.loads(Path("pyproject.toml").read_text())
    wanted = list(project["project"]["dependencies"])
    for group in FILES[str(file)]:
        wanted += project["dependency-groups"][group]
    return {_name(item) for item in wanted}


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=~!; ]", requirement.strip())[0].lower().replace("_", "-")


if __name__ == "__main__":
    sys.exit(main())
