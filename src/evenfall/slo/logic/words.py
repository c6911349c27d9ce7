"""What alerts say, in plain words: which windows fired, and how fast the budget goes."""

from datetime import datetime

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
        f" {duration_words(pair.long)}, {burns.short:.1f} times over"
        f" {duration_words(pair.short)} ({pair.name}: from {pair.factor:g} on)"
    )


def duration_words(minutes: int) -> str:
    """5 min, 6 h, 3 d: the largest unit that is whole."""
    if minutes % _DAY == 0:
        return f"{minutes // _DAY} d"
    if minutes % _HOUR == 0:
        return f"{minutes // _HOUR} h"
    return f"{minutes} min"
