"""How soon a fresh installation is ready and pages somebody, and what it takes when idle."""

import time
from contextlib import ExitStack, suppress

import psutil
from tests.bench.ground import installed, scratch
from tests.bench.report import Figure, show
from tests.bench.senders import Sender
from tests.scenarios.installation import Installation, Person, eventually
from tests.scenarios.setting import make_team

REST_S = 60.0  # by then the start is over: connections that nobody needs any more are closed


def main() -> list[Figure]:
    with ExitStack() as stack:
        folder = stack.enter_context(scratch())
        began = time.monotonic()
        installation = stack.enter_context(installed(folder))
        ready_s = time.monotonic() - began
        _first_page(installation)
        page_s = time.monotonic() - began
        installation.hang_up()
        time.sleep(REST_S)
        parts = _memory(installation)
    return [
        Figure(what="start of a new installation to readiness", measured=ready_s, unit="s"),
        Figure(
            what="start of a new installation to first acknowledged page",
            measured=page_s,
            unit="s",
            bar=15,
            note="the clicks are made by a program",
        ),
        Figure(
            what="memory of the whole idle tree, a minute later (PSS)",
            measured=sum(parts.values()),
            unit="MB",
            bar=350,
            note=", ".join(f"{name} {size:.0f}" for name, size in parts.items()),
        ),
    ]


def _first_page(installation: Installation) -> None:
    """Do what a newcomer does: account, team, rota, key, alert; acknowledge its page."""
    admin: Person = installation.first_admin()
    api = admin.api()
    team = make_team(api, kind="prometheus")
    with Sender(installation.port, f"/{team.key}/api/v2/alerts") as sender:
        sender.send([{"instance": "first"}])
    pages = eventually(
        lambda: installation.rows("SELECT id FROM paging_page"), within_s=30, what="the first page"
    )
    admin.post(f"/pages/{pages[0][0]}/respond/", response="acknowledge")
    eventually(
        lambda: installation.rows("SELECT id FROM paging_page WHERE acknowledged_at IS NOT NULL"),
        within_s=10,
        what="the acknowledgement",
    )


def _memory(installation: Installation) -> dict[str, float]:
    """Return the proportional set size of each part, in MB; together that of the tree."""
    sizes = dict.fromkeys(("supervisor", "web", "intake", "paging", "slow", "postgres"), 0.0)
    database = psutil.Process(installation.postmaster_pid())
    processes = [*installation.processes(), database, *database.children(recursive=True)]
    supervisor = psutil.Process(installation.pid_of("web")).parent()
    assert supervisor is not None, "web has no parent"
    sizes["supervisor"] = _pss(supervisor)
    for process in {process.pid: process for process in processes}.values():
        with suppress(psutil.NoSuchProcess):  # a connection that was closed meanwhile
            sizes[_part(process)] += _pss(process)
    return sizes


def _part(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    named = (name for name in ("web", "intake", "paging", "slow") if f"evenfall {name}" in words
             or f"worker {name}" in words)  # fmt: skip
    return next(named, "postgres")


def _pss(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / 1e6


if __name__ == "__main__":
    show(main())
