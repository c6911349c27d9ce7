"""One schedule in which several people are on call at once, as several rotas with one each."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from evenfall.importing.logic.turns import overlap
from evenfall.oncall.ports import LayerSpec

type Levelled = tuple[int, LayerSpec]
"""A layer with its level: the higher level wins, the same level is on call together."""


def seats(layers: Iterable[Levelled]) -> list[tuple[LayerSpec, ...]]:
    """The layers of each rota from the lowest to the highest; one rota where that says it all.

    A layer that wins over others must win in every rota, so it stands in each of them.
    """
    rotas: list[list[Levelled]] = []
    by_level = sorted(layers, key=itemgetter(0))
    for level, group in groupby(by_level, key=itemgetter(0)):
        for pair in group:
            _place(rotas, pair)
        _repeat(rotas, level)
    return [tuple(layer for _, layer in rota) for rota in rotas]


def _place(rotas: list[list[Levelled]], pair: Levelled) -> None:
    """Put it into the first rota where nobody of its level is on call at the same time."""
    for rota in rotas:
        if not _is_taken(rota, pair):
            rota.append(pair)
            return
    rotas.append([pair])


def _is_taken(rota: Sequence[Levelled], pair: Levelled) -> bool:
    level, layer = pair
    return any(
        other_level == level and overlap(other.windows, layer.windows)
        for other_level, other in rota
    )


def _repeat(rotas: Sequence[list[Levelled]], level: int) -> None:
    first = [pair for pair in rotas[0] if pair[0] == level]
    for rota in rotas[1:]:
        if not any(pair[0] == level for pair in rota):
            rota.extend(first)
