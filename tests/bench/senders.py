"""Senders of alerts in the words of Alertmanager's API version 2."""

import http.client
import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

type Labels = dict[str, str]


class Sender:
    """One connection that stays open."""

    def __init__(self, port: int, path: str, *, lasts: timedelta | None = None) -> None:
        self._path, self._lasts = path, lasts
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def __enter__(self) -> Self:
        self._connection.connect()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def send(self, alerts: Sequence[Labels]) -> float:
        """POST and return the moment before it (`time.perf_counter`)."""
        body = json.dumps([_alert(labels, self._lasts) for labels in alerts])
        began = time.perf_counter()
        self._connection.request(
            "POST", self._path, body, headers={"Content-Type": "application/json"}
        )
        answer = self._connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        return began


def _alert(labels: Labels, lasts: timedelta | None) -> dict[str, object]:
    """One that says when it ends stays open; another is over when nobody repeats it."""
    now = datetime.now(UTC)
    ends = {"endsAt": (now + lasts).isoformat()} if lasts else {}
    return {
        **ends,
        "labels": {"alertname": "CPUHigh", "severity": "critical", **labels},
        "annotations": {"summary": "CPU high"},
        "startsAt": now.isoformat(),
        "generatorURL": "http://p/graph",
    }
