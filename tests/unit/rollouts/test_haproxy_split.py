"""Weights of servers make the shares that were asked for, with two sides and with three."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenfall.integrations.haproxy.split import Side, weights
from evenfall.integrations.haproxy.states import Server
from evenfall.integrations.nginx.splitting import config_of
from evenfall.rollouts.ports import Split


def side(name: str, servers: int, share: int) -> Side:
    one = Server(name=name, state="ready", is_up=True, weight=1)
    return Side(name=name, servers=[one] * servers, share=share)


@given(st.integers(1, 50), *([st.integers(1, 6)] * 3))
def test_shares_are_right_whatever_the_number_of_servers(
    share: int, new: int, stable: int, beside: int
) -> None:
    split = Split(new="green", stable="blue", weight=share, beside=share)
    counts = {"green": new, "blue": stable, "baseline": beside}
    sides = [side(name, counts[name], split.share(name)) for name in counts]
    each = weights(*sides)
    got = [one * len(part.servers) for one, part in zip(each, sides, strict=True)]
    for part, mine in zip(sides, got, strict=True):
        # weights are whole numbers up to 256: one step is as much as it may be off
        assert abs(100 * mine / sum(got) - part.share) <= 2 + len(part.servers) / 2
        assert bool(mine) == bool(part.share)


@pytest.mark.parametrize(
    ("weight", "beside", "drawn"),
    [
        (0, 0, "* blue;"),
        (100, 0, "* green;"),
        (20, 0, "20% green; * blue;"),
        (5, 5, "5% green; 5% baseline; * blue;"),
        (50, 50, "50% green; 50% baseline; * blue;"),
    ],
)
def test_nginx_draws_three_sides(weight: int, beside: int, drawn: str) -> None:
    split = Split(new="green", stable="blue", weight=weight, beside=beside)
    said = config_of("shop", split)
    assert said == f'split_clients "$request_id" $evenfall_shop {{ {drawn} }}'
