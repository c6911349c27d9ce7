"""A worker process: the drains of its lanes, and the ordinary jobs of the slow lane."""

import asyncio
import signal
import sys
import threading
from types import FrameType

from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from evenfall.chat.drains import DESK
from evenfall.config.collecting import collect_seldom
from evenfall.config.lanes import drains
from evenfall.config.patience import gives_way
from evenfall.integrations.email.inbound.service import MailIn
from evenfall.notifications.drains import SENDER
from evenfall.platform.database import dsn
from evenfall.platform.jobs import LANE
from evenfall.platform.logs import get_logger
from evenfall.platform.runner import Runner
from evenfall.statuspages.drains import POSTMAN

log = get_logger(__name__)

# A thread that computes keeps the others waiting this long, not Python's 5 ms: a page passes
# through several threads on its way.
SWITCH_S = 0.0002
MAIL_LANE = "intake"  # mail that comes in is a signal, or an answer


def run(lanes: tuple[str, ...]) -> None:
    """Work until SIGTERM or SIGINT, then finish what was begun and return."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    sys.setswitchinterval(SWITCH_S)
    collect_seldom()
    runner = Runner(drains(lanes), dsn=dsn(), gives_way=gives_way)
    runner.start()
    mail = MailIn() if MAIL_LANE in lanes else None
    if mail is not None:
        mail.start()
    jobs = _Jobs() if LANE in lanes else None
    if jobs is not None:
        jobs.start()
    log.info("worker started", lanes=lanes)
    stop.wait()
    log.info("worker stops", lanes=lanes)
    if mail is not None:
        mail.stop()
    if jobs is not None:
        jobs.stop()
    runner.stop()
    DESK.stop()
    POSTMAN.stop()
    SENDER.stop()  # what is out is written down now, not recovered later
    log.info("worker stopped", lanes=lanes)


class _Jobs:
    """procrastinate's worker, in a thread with an event loop of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._main, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join(timeout_s)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _main(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._task = self._loop.create_task(self._work())
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            return

    async def _work(self) -> None:
        while True:
            try:
                await _run_jobs()
            except Exception:
                log.exception("the job worker ended; starting it again")
                await asyncio.sleep(2)


async def _run_jobs() -> None:
    # one connection listens, one looks; jobs themselves use those of Django. The library would keep
    # four for ten minutes after the last that was needed, and each takes 4 MB of the database
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4, max_idle=6)
    worker_app = app.with_connector(connector)
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            queues=[LANE],
            concurrency=2,
            install_signal_handlers=False,
            fetch_job_polling_interval=5,
            shutdown_graceful_timeout=8,
            delete_jobs="successful",
        )
