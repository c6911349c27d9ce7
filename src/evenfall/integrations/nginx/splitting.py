"""The line of configuration that makes a split. No I/O.

It sets the variable `$evenfall_NAME` to blue or green, or baseline, for each request; `proxy_pass`
uses it.
"""

from typing import Final

from evenfall.rollouts.ports import Split

_ALL: Final = 100


def variable(name: str) -> str:
    """The variable that tells the side of a request."""
    return f"$evenfall_{name}"


def header_variable(header: str) -> str:
    """As nginx names a header of the request: X-Canary is $http_x_canary."""
    return f"$http_{header.lower().replace('-', '_')}"


def config_of(name: str, split: Split) -> str:
    """One line. Requests of one person may meet both sides: what splits is the request."""
    drawn = f"{variable(name)}_drawn" if split.routes else variable(name)
    parts = [_drawing(drawn, split)]
    for number, (header, value) in enumerate(sorted(split.routes.items()), start=1):
        is_last = number == len(split.routes)
        to = variable(name) if is_last else f"{variable(name)}_{number}"
        parts.append(
            f'map {header_variable(header)} {to} {{ default {drawn}; "{value}" {split.new}; }}'
        )
        drawn = to
    return " ".join(parts)


def _drawing(to: str, split: Split) -> str:
    """`split_clients` takes no 0 % and no 100 %: everything is the rest."""
    shares = [f"{share}% {side};" for side, share in _parts(split).items() if 0 < share < _ALL]
    rest = split.new if split.weight == _ALL else split.stable
    return f'split_clients "$request_id" {to} {{ {" ".join([*shares, f"* {rest};"])} }}'


def _parts(split: Split) -> dict[str, int]:
    """What is drawn before the rest; half and half leaves a rest that nobody draws."""
    return {side: share for side, share in split.weights.items() if side != split.stable}
