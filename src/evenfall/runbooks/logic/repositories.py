"""Git repositories: what an address may be, and when one is fetched and people hear of it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

EVERY: Final = timedelta(minutes=10)
LEASE: Final = timedelta(minutes=3)
"""How long one worker may take; longer than its time limit and the work after it."""
TELL_AFTER: Final = 3
"""Failures in a row: half an hour, which a server that is restarted does not take."""
MOST_URL: Final = 500
MOST_BRANCH: Final = 200
MOST_PATH: Final = 300
# what `git check-ref-format` refuses
_NO_BRANCH: Final = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[/.-]|[/.]$|/\.|\.lock(/|$)")


class Unclear(ValueError):
    """`field` and `reason` say to people what to write instead."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def clean_url(url: str, *, may_be_plain: Callable[[str], bool]) -> str:
    """The address of a repository; http only for hosts that may be plain. Raises Unclear."""
    url = url.strip()
    example = "Give an address like https://git.example.org/ops/runbooks.git."
    try:
        parts = urlsplit(url)
        host, is_port_fine = parts.hostname or "", parts.port != 0
    except ValueError as error:
        raise Unclear("url", example) from error
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(' ?#\\"<>')
    if not host or not is_port_fine or not is_plain or len(url) > MOST_URL:
        raise Unclear("url", example)
    if "@" in parts.netloc:
        raise Unclear("url", "Put the user name and the token into their own fields.")
    if parts.scheme == "https" or (parts.scheme == "http" and may_be_plain(host)):
        return url.rstrip("/")
    raise Unclear("url", "The address must begin with https://.")


def origin_of(url: str) -> tuple[str, str]:
    """The scheme and host that a token is for."""
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def clean_branch(branch: str) -> str:
    """Raises Unclear."""
    branch = branch.strip().removeprefix("refs/heads/")
    if not branch or len(branch) > MOST_BRANCH or _NO_BRANCH.search(branch):
        raise Unclear("branch", "Give the name of a branch, such as main.")
    return branch


def clean_path(path: str) -> str:
    """A folder in the repository, "" for all of it. Raises Unclear."""
    parts = [part for part in path.strip().strip("/").split("/") if part != "."]
    if not any(parts):
        return ""
    cleaned = "/".join(parts)
    if {"", ".."} & set(parts) or len(cleaned) > MOST_PATH or not cleaned.isprintable():
        raise Unclear("path", "Give a folder like docs/runbooks, or nothing for all.")
    return cleaned
