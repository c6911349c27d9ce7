"""What alerts say, in plain words: which windows fired, and how fast the budget goes."""

from datetime import datetime

from evenfall.platform import durations
from evenfall.slo.logic.burning import AlertKind, PairBurn

_HOUR, _DAY = 60, 1440


def alert_words(
    name: str, kind: AlertKind, burns: PairBurn | None, *, last_data_at: datetime | None
) -> str:
    """One line; times are UTC."""
    if kind is AlertKind.ABSENT:
        if last_data_at is None:
            return f"{name}: no data has come yet"
        return f"{name}: no data since {last_data_at:%Y-%m-%d %H:%M} UTC"
    if kind is AlertKind.EXHAUSTED:
        return f"{name}: the error budget is used up"
    if burns is None or burns.long is None or burns.short is None:
        return f"{name}: the error budget burns too fast"
    pair = burns.pair
    return (
        f"{name}: the error budget burns {burns.long:.1f} times as fast as it may over"
        f" {durations.exact(pair.long * 60)}, {burns.short:.1f} times over"
        f" {durations.exact(pair.short * 60)} ({pair.name}: from {pair.factor:g} on)"
    )
