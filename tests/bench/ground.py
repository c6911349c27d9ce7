"""A seeded installation to measure on, and the provider that its people are called at."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from msgspec import Struct
from tests.bench import seed
from tests.bench.provider import Provider, provider
from tests.bench.senders import Sender
from tests.scenarios.installation import Installation, Person, running


class Ground(Struct, frozen=True, kw_only=True):
    """An installation with an administrator and one integration key."""

    installation: Installation
    admin: Person
    path: str
    provider: Provider

    def teams(self, count: int) -> list[str]:
        """Make teams of one; returns the slugs of their services.

        Whoever is on call in a new rota is told so. That is waited for, and forgotten: only pages
        are measured.
        """
        slugs: list[str] = seed.run(
            self.installation.environ, "teams", str(count), self.provider.url
        )
        self._wait_until_quiet()
        self.provider.forget()
        return slugs

    def _wait_until_quiet(self) -> None:
        """Wait until nothing was written for a while, in the journal or about a notice."""
        before: list[tuple[object, ...]] = []
        for _ in range(MOST_LOOKS):
            time.sleep(QUIET_S)
            now = self.installation.rows(BUSY)
            if now == before:
                return
            before = now
        raise AssertionError("the new teams keep the installation busy")

    def sender(self, *, lasts: timedelta | None = None) -> Sender:
        return Sender(self.installation.port, self.path, lasts=lasts)

    def count(self, table: str) -> int:
        return int(self.installation.rows(f"SELECT count(*) FROM {table}")[0][0])


QUIET_S = 3.0
MOST_LOOKS = 60
BUSY = """
SELECT count(*), sum(attempts),
       count(*) FILTER (WHERE state IN ('planned', 'claimed', 'sent') AND due_at < now()),
       (SELECT max(id) FROM platform_journal), (SELECT count(*) FROM triage_capacityweek)
  FROM notifications_notice
"""


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="evenfall-bench-") as folder:
        yield Path(folder)


@contextmanager
def ground() -> Iterator[Ground]:
    """An installation of its own with one integration key."""
    with ExitStack() as stack:
        called = stack.enter_context(provider())
        installation = stack.enter_context(installed(stack.enter_context(scratch())))
        admin = installation.first_admin()
        made = admin.api().post("/integrations", name="bench", kind="prometheus")
        yield Ground(
            installation=installation,
            admin=admin,
            path=f"/{made['key']}/api/v2/alerts",
            provider=called,
        )


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """An installation as people run it: no movable clock, and not a word for each alert."""
    settings = {"EVENFALL_CLOCK_OFFSET_FILE": "", "EVENFALL_LOG_LEVEL": "WARNING"}
    with running(folder, new=True, **settings) as installation:
        lines = (installation.data / "postgres/postmaster.pid").read_text().splitlines()
        installation.environ["DATABASE_URL"] = f"postgresql://postgres@/postgres?host={lines[4]}"
        yield installation
