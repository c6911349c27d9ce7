"""The single processes: web, worker, migrate. Each serves one purpose and can run anywhere."""

import os
import sys
import threading
import time

import django

PARENT_CHECK_S = 1.0


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
    """Migrate the schema (two processes may try at once: one waits), then collect static files."""
    _set_up()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up
    from django.db import OperationalError  # noqa: PLC0415 - needs Django set up

    from evenfall.config import upgrade  # noqa: PLC0415 - needs Django set up

    try:
        upgrade.migrate()
    except OperationalError as error:
        print(f"The database of DATABASE_URL cannot be used: {error}", file=sys.stderr)
        return 1
    call_command("collectstatic", interactive=False, verbosity=0)
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
    _set_up()
    from django.conf import settings  # noqa: PLC0415 - needs Django set up

    from evenfall.identity import actions  # noqa: PLC0415 - needs Django set up
    from evenfall.platform.clock import utc_now  # noqa: PLC0415 - needs Django set up

    link = actions.first_admin_link(now=utc_now())
    if link:
        print(link if link.startswith("http") else settings.EVENFALL.public_url + link)
    return 0


def _set_up() -> None:
    _attach_database()
    django.setup()
    if os.environ.get("EVENFALL_SUPERVISED"):
        threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()


def _attach_database() -> None:
    """Start or join the embedded PostgreSQL where no DATABASE_URL is given."""
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        return
    from evenfall.config.embedded import EmbeddedPostgres  # noqa: PLC0415 - only where it is wanted
    from evenfall.config.environment import read  # noqa: PLC0415 - only where it is wanted

    os.environ["DATABASE_URL"] = EmbeddedPostgres(read().data_dir.resolve() / "postgres").start()


def _end_with_parent(parent: int) -> None:
    """End when the supervisor is gone: the next tree must not find the port taken by us."""
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_S)
    print("the supervisor is gone: ending", file=sys.stderr)
    os._exit(3)
