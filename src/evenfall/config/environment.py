"""Settings from environment variables: typed, documented, loud when wrong.

Every variable may also be given as ``NAME_FILE``, the path of a file that holds the value.
The table in docs/reference/settings.md is generated from this class.
"""

import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class WrongSetting(Exception):
    """A setting cannot be used. The process does not start."""


def _setting(help_text: str, parse: Callable[[str], Any] = str, *, default: str = "") -> Any:  # noqa: ANN401 - dataclasses.field is typed like this too
    return field(metadata={"help": help_text, "parse": parse, "default": default})


def _flag(text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in known:
        raise ValueError("use true or false")
    return known[text.lower()]


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(part) for part in _words(text))


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("it must start with http:// or https://")
    return text.rstrip("/")


def _optional_url(text: str) -> str:
    return _url(text) if text else ""


def _optional_path(text: str) -> Path | None:
    return Path(text) if text else None


def _choice(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"use one of {', '.join(choices)}")
        return text

    return parse


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:  # noqa: PLR2004 - the range of ports
        raise ValueError("a port is between 1 and 65535")
    return port


def _optional_port(text: str) -> int:
    return _port(text) if text else 0


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("it must be at least 1")
    return number


def _mail_in_address(text: str) -> str:
    mailbox, at, domain = text.rpartition("@")
    if text and (not domain or (at and not mailbox) or set(text) & set(" <>,")):
        raise ValueError("use a domain like in.example.org, or a mailbox like alerts@example.org")
    return text.lower()


def _days(text: str) -> int:
    days = int(text)
    if days < 1:
        raise ValueError("it must be at least one day")
    return days


@dataclass(frozen=True, kw_only=True)
class Environment:
    """All settings of an installation. Field ``x`` is read from ``EVENFALL_X``."""

    public_url: str = _setting(
        "The address people and tools reach this installation at; links in mails start with it.",
        _url,
        default="http://127.0.0.1:8420",
    )
    host: str = _setting("The address the web process listens on.", default="127.0.0.1")
    port: int = _setting("The port the web process listens on.", _port, default="8420")
    data_dir: Path = _setting(  # noqa: RUF009 - as for its neighbours: it returns a field
        "Where the embedded database and generated keys live.", Path, default="var"
    )
    status_copies_dir: Path | None = _setting(  # noqa: RUF009 - as above
        "Where copies of status pages are put that go to a folder; status-copies in the data "
        "directory when empty.",
        _optional_path,
    )
    secret_keys: tuple[str, ...] = _setting(
        "Keys that encrypt secrets and sign links: comma-separated, the first is used, the others "
        "still decrypt. Made on first start and kept in the data directory when not set.",
        _words,
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "Host names to answer to, besides the one of the public address.", _words
    )
    allow_private_addresses: tuple[Network, ...] = _setting(
        "Networks that outgoing requests may reach although they are private, such as 10.0.0.0/8.",
        _networks,
    )
    haproxy_sockets: tuple[str, ...] = _setting(
        "Paths of runtime API sockets of HAProxy on this machine that steps may use, such as "
        "/run/haproxy/admin.sock. Others are refused; a network address needs no entry here.",
        _words,
    )
    mail_host: str = _setting("SMTP server for outgoing mail. Mail is off when empty.")
    mail_port: int = _setting("Port of the SMTP server.", _port, default="587")
    mail_user: str = _setting("User name at the SMTP server.")
    mail_password: str = _setting("Password at the SMTP server.")
    mail_security: str = _setting(
        "starttls, tls or none.", _choice("starttls", "tls", "none"), default="starttls"
    )
    mail_from: str = _setting("Sender of mails.", default="Evenfall <evenfall@localhost>")
    mail_in_address: str = _setting(
        "Where mail comes in: a domain of its own, such as in.example.org, or one mailbox, such as "
        "alerts@example.org. Alerts by mail, and answers by mail, are off when empty.",
        _mail_in_address,
    )
    mail_in_host: str = _setting("The address our SMTP server listens on.", default="0.0.0.0")  # noqa: S104 - a mail server is for others; it is off without a port
    mail_in_port: int = _setting(
        "The port our SMTP server listens on, such as 25. It is off when empty.", _optional_port
    )
    mail_in_certificate: str = _setting(
        "File with the certificate chain (PEM); with the key it turns STARTTLS on."
    )
    mail_in_private_key: str = _setting("File with the private key of that certificate (PEM).")
    mail_in_largest: int = _setting(
        "The largest mail that is taken, in bytes.", _at_least_one, default="10000000"
    )
    mail_in_per_minute: int = _setting(
        "Mails in a minute that one address makes alerts of; what is more becomes one alert.",
        _at_least_one,
        default="60",
    )
    imap_host: str = _setting("IMAP server with the mailbox to read. Reading is off when empty.")
    imap_port: int = _setting("Port of the IMAP server.", _port, default="993")
    imap_user: str = _setting("User name at the IMAP server.")
    imap_password: str = _setting("Password at the IMAP server.")
    imap_security: str = _setting(
        "tls, starttls or none.", _choice("tls", "starttls", "none"), default="tls"
    )
    imap_folder: str = _setting("The folder to read.", default="INBOX")
    imap_done_folder: str = _setting(
        "The folder that mails go to when they are read; when empty they stay, marked as read."
    )
    dead_mans_switch_url: str = _setting(
        "An external heartbeat address that the auditor calls while all pages are looked after.",
        _optional_url,
    )
    sign_in_oidc_name: str = _setting("Name of the OpenID Connect provider on the sign-in page.")
    sign_in_oidc_server: str = _setting("Discovery address of the provider.", _optional_url)
    sign_in_oidc_client_id: str = _setting("Client id at the provider.")
    sign_in_oidc_secret: str = _setting("Client secret at the provider.")
    log_level: str = _setting(
        "DEBUG, INFO, WARNING or ERROR.",
        _choice("DEBUG", "INFO", "WARNING", "ERROR"),
        default="INFO",
    )
    log_format: str = _setting("json or console.", _choice("json", "console"), default="console")
    signal_retention_days: int = _setting("How long raw signals are kept.", int, default="30")
    check_retention_days: int = _setting(
        "How long each look of a monitor is kept. Sums for each hour and day stay.",
        _days,
        default="90",
    )
    history_retention_days: int = _setting(
        "How long resolved alerts and finished notices are kept; the journal stays.",
        _days,
        default="400",
    )
    metrics_token: str = _setting("When set, /metrics wants it as a bearer token.")
    debug: bool = _setting("Django's debug pages. Never in production.", _flag, default="false")
    database_url: str = _setting(
        "PostgreSQL to use, as postgresql://user:password@host/name (read from DATABASE_URL). "
        "When empty, the embedded one is started."
    )


def variable(name: str) -> str:
    """Return the environment variable of a field."""
    special = {"database_url": "DATABASE_URL", "secret_keys": "EVENFALL_SECRET_KEY"}
    return special.get(name, f"EVENFALL_{name.upper()}")


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """Return the settings; raises WrongSetting naming the variable and what is wrong."""
    values = {
        item.name: _read_one(item.name, item.metadata, environ) for item in fields(Environment)
    }
    if not values["secret_keys"]:
        values["secret_keys"] = (_kept_secret(values["data_dir"]),)
    return Environment(**values)


def _read_one(name: str, metadata: Mapping[str, Any], environ: Mapping[str, str]) -> Any:  # noqa: ANN401 - the field's type
    text = _raw(variable(name), environ)
    try:
        return metadata["parse"](metadata["default"] if text is None else text)
    except ValueError as error:
        raise WrongSetting(f"{variable(name)}={text!r} cannot be used: {error}.") from error


def _raw(name: str, environ: Mapping[str, str]) -> str | None:
    path = environ.get(f"{name}_FILE")
    if path is None:
        return environ.get(name)
    if name in environ:
        raise WrongSetting(f"Both {name} and {name}_FILE are set. Keep one of them.")
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise WrongSetting(f"{name}_FILE={path!r} cannot be read: {error.strerror}.") from error


def _kept_secret(data_dir: Path) -> str:
    """Return the secret of this installation, made once; the file is readable by its owner only."""
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
