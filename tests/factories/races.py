"""Several people at the same moment: real connections, real locks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from evenfall.platform.errors import DomainError


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run these in threads of their own, started together; return what each came to."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=10)
            act()
        except DomainError as error:
            return error.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))
