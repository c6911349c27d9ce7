"""Where the installation is and the token for it: the environment first, then the user's file."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from evenfall.cli.client.errors import NotSetUp

_HOW: Final = "Run `evenfall login`, or set EVENFALL_URL and EVENFALL_TOKEN."
_PRIVATE: Final = 0o600


class Account(Struct, frozen=True, kw_only=True):
    """`url` has no slash at its end; `token` is secret."""

    url: str
    token: str


def config_path(environ: Mapping[str, str]) -> Path:
    """Return the file of `evenfall login`: under XDG_CONFIG_HOME, else under ~/.config."""
    home = environ.get("XDG_CONFIG_HOME") or str(
        Path(environ.get("HOME", "~")).expanduser() / ".config"
    )
    return Path(home) / "evenfall" / "client.json"


def load(environ: Mapping[str, str]) -> Account:
    """Return the account; raises NotSetUp. The environment wins over the file, each alone."""
    kept = _kept(config_path(environ))
    url = environ.get("EVENFALL_URL") or kept.get("url", "")
    token = environ.get("EVENFALL_TOKEN") or kept.get("token", "")
    if not url:
        raise NotSetUp(f"I do not know where Evenfall is. {_HOW}")
    if not token:
        raise NotSetUp(f"There is no token for {url}. {_HOW}")
    return Account(url=clean_url(url), token=token)


def save(account: Account, environ: Mapping[str, str]) -> Path:
    """Keep the account in the user's file, readable for nobody else; return its path."""
    path = config_path(environ)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    # the mode is given on creation: the token is never readable, not even for a moment
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w") as file:
        json.dump({"url": account.url, "token": account.token}, file)
    fresh.replace(path)
    return path


def clean_url(text: str) -> str:
    """Return the address without a slash at its end; raises NotSetUp when it is none."""
    parts = urlsplit(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise NotSetUp(f"{text} is not an address. It looks like https://evenfall.example")
    return text.strip().rstrip("/")


def _kept(path: Path) -> dict[str, str]:
    try:
        kept = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise NotSetUp(f"Cannot read {path}: {error}. Mend it, or run `evenfall login`.") from error
    if not isinstance(kept, dict):
        raise NotSetUp(f"Cannot read {path}: it is not ours. Run `evenfall login`.")
    return {name: value for name, value in kept.items() if isinstance(value, str)}
