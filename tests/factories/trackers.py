"""Accounts at the fakes of issue trackers, served on the loopback."""

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import uvicorn
from django.test import Client
from tests.factories.identity import NOW

from evenfall.fakes.github import GitHub
from evenfall.fakes.gitlab import GitLab
from evenfall.fakes.issues import IssueTracker, Stored
from evenfall.fakes.jira import Jira
from evenfall.fakes.server import application
from evenfall.postmortems import actions, queries
from evenfall.postmortems.models import Tracker
from evenfall.postmortems.ports import TrackerAccount

SECRET = "h00k"
FAKES: dict[str, type[IssueTracker]] = {"github": GitHub, "gitlab": GitLab, "jira": Jira}
_STARTS_S = 20.0


def values_for(type_name: str, url: str) -> dict[str, str]:
    """Good settings of each type; the fake answers below `url`."""
    secrets = {"token": "t0ken", "webhook_secret": SECRET}
    return {
        "github": {
            "repository": "acme/shop",
            "web_url": "https://github.com",
            "api_url": f"{url}/github",
        },
        "gitlab": {"project": "acme/shop", "url": f"{url}/gitlab"},
        "jira": {
            "project": "OPS",
            "issue_type": "Task",
            "url": f"{url}/jira",
            "email": "bot@example.org",
        },
    }[type_name] | secrets


def make_tracker(type_name: str = "github", *, url: str = "http://127.0.0.1:9") -> Tracker:
    number = actions.add_tracker(
        type_name=type_name,
        name=f"{type_name} of Shop",
        values=values_for(type_name, url),
        now=NOW,
        actor="system",
    )
    return Tracker.objects.get(id=number)


def account_at(type_name: str, url: str) -> TrackerAccount:
    """An account without a row, for tests of a slice alone."""
    return TrackerAccount(id=3, type=type_name, name="Fake", values=values_for(type_name, url))


@contextlib.contextmanager
def served(vendor: IssueTracker) -> Iterator[str]:
    """Serve a fake in a thread until the end of the block; gives the address of its server."""
    config = uvicorn.Config(
        application([vendor]), host="127.0.0.1", port=0, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name=f"fake {vendor.name}", daemon=True)
    thread.start()
    until = time.monotonic() + _STARTS_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)


def told(
    tracker: Tracker, vendor: IssueTracker, stored: Stored, event: str, *, secret: str = SECRET
) -> Any:
    """Bring the webhook that the tracker would send about this issue; returns our answer."""
    headers, body = vendor.webhook(stored, event, secret)
    path = queries.tracker(tracker.pk).webhook_url.partition("://")[2].partition("/")[2]
    kind = headers.pop("Content-Type")
    return Client().generic("POST", f"/{path}", body, content_type=kind, headers=headers)
