"""The single processes: web, worker, migrate. Each serves one purpose and can run anywhere."""

import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Final

import django
from django.apps import apps

PARENT_CHECK_S = 1.0
# Two fifths of what there is to load, in order of weight; what is missing here is loaded later.
_LIBRARIES: Final = (
    *("django.db.models", "django.forms", "django.template", "django.contrib.postgres"),
    *("pydantic", "aiohttp", "cryptography.x509", "fido2", "psycopg", "psycopg_pool"),
    *("procrastinate", "uvicorn", "uvloop", "structlog", "prometheus_client", "markdown_it"),
    *("websockets.asyncio.client", "yaml", "email.mime.multipart"),
)


def load_libraries() -> None:
    """Load what needs no settings, while the database that they will name is started."""
    with _uncollected():
        for name in _LIBRARIES:
            import_module(name)


def load() -> None:
    """Load what all processes have in common, before they are forked."""
    _set_up()
    with _uncollected():
        import_module("evenfall.config.worker")
        import_module("evenfall.config.lanes")


def load_pages() -> None:
    """Load what serves requests. The static files must be collected: they are listed now.

    The addresses bring the pages and the API. Loaded by the web process alone, they would also
    copy a third of what it shares: to load is to write to what is loaded already.
    """
    with _uncollected():
        import_module("evenfall.config.front_door")
        import_module("evenfall.config.urls")
        import_module("evenfall.config.ahead").prepare()


def supervised(run: Callable[[], int]) -> Callable[[], int]:
    """Let a process end when its supervisor is gone: the next tree must find the port free."""

    def supervised_run() -> int:
        parent = os.getppid()
        threading.Thread(target=_end_with_parent, args=(parent,), daemon=True).start()
        return run()

    return supervised_run


def web() -> int:
    _set_up()
    from evenfall.config import front_door  # noqa: PLC0415 - needs Django set up

    front_door.serve()
    return 0


def worker(lanes: tuple[str, ...]) -> int:
    _set_up()
    from evenfall.config import worker as worker_process  # noqa: PLC0415 - needs Django set up

    worker_process.run(lanes)
    return 0


def migrate() -> int:
    """Bring the schema and the static files up to date."""
    return migrate_schema() or collect()


def collect() -> int:
    """Write the static files under their names by content; pages can be loaded after that."""
    _set_up()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    call_command("collectstatic", interactive=False, verbosity=0)
    return 0


def migrate_schema() -> int:
    """Migrate the schema; two processes may try at once: one waits."""
    _set_up()
    from django.db import OperationalError  # noqa: PLC0415 - needs Django set up

    from evenfall.config import upgrade  # noqa: PLC0415 - needs Django set up

    try:
        upgrade.migrate()
    except OperationalError as error:
        print(f"The database of DATABASE_URL cannot be used: {error}", file=sys.stderr)
        return 1
    except upgrade.OtherVersionError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def database_url() -> int:
    """Print what psql and pg_dump want to know; the embedded server is asked, never started."""
    from evenfall.config.embedded import running_url  # noqa: PLC0415 - only where it is wanted
    from evenfall.config.environment import read  # noqa: PLC0415 - only where it is wanted

    environment = read()
    url = environment.database_url or running_url(environment.data_dir.resolve() / "postgres")
    if not url:
        print("The embedded database does not run: start it with evenfall up.", file=sys.stderr)
        return 1
    print(url)
    return 0


def admin_link() -> int:
    """Print the one-time link of the first administrator, or nothing when there is one already."""
    link = _first_link()
    if link:
        print(link)
    return 0


def welcome() -> int:
    """Print how to create the first administrator, where there is none yet."""
    link = _first_link()
    if link:
        print("\nCreate the first administrator with this link (it works once):\n")
        print(f"  {link}\n")
    return 0


def _first_link() -> str:
    """The one-time link as an absolute address; "" when there is an administrator."""
    _set_up()
    from django.conf import settings  # noqa: PLC0415 - needs Django set up

    from evenfall.identity import actions  # noqa: PLC0415 - needs Django set up
    from evenfall.platform.clock import utc_now  # noqa: PLC0415 - needs Django set up

    link = actions.first_admin_link(now=utc_now()) or ""
    return settings.EVENFALL.public_url + link if link.startswith("/") else link


def _set_up() -> None:
    _attach_database()
    if not apps.ready:
        with _uncollected():
            django.setup()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Load without the collector: what is loaded stays, and looking for waste took an eighth."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _attach_database() -> None:
    """Start or join the embedded PostgreSQL where no DATABASE_URL is given."""
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        return
    from evenfall.config.embedded import EmbeddedPostgres  # noqa: PLC0415 - only where it is wanted
    from evenfall.config.environment import read  # noqa: PLC0415 - only where it is wanted

    os.environ["DATABASE_URL"] = EmbeddedPostgres(read().data_dir.resolve() / "postgres").start()


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_S)
    print("the supervisor is gone: ending", file=sys.stderr)
    os._exit(3)
