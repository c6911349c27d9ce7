"""Whether somebody can be reached when their shift begins, and what to mend if not."""

from collections.abc import Collection, Iterator
from enum import StrEnum

from msgspec import Struct

METHODS_URL = "/profile/contact-methods/"
RULES_URL = "/profile/rules/"
ABSENCES_URL = "/absences/"


class ReachFlaw(StrEnum):
    """Why personal rules do not reach somebody before their policy moves on."""

    TOO_LATE = "too_late"
    ASLEEP = "asleep"
    NO_METHOD = "no_method"


class Lack(StrEnum):
    """What keeps somebody from being ready."""

    NO_METHOD = "no_method"
    UNVERIFIED = "unverified"
    BROKEN = "broken"
    SILENT = "silent"
    RULES_TOO_LATE = "rules_too_late"
    RULES_ASLEEP = "rules_asleep"
    RULES_WITHOUT_METHOD = "rules_without_method"
    ABSENT = "absent"


class Way(Struct, frozen=True, kw_only=True):
    """One contact method. `state` is verified, unverified, broken, or silent: it did not answer."""

    kind: str
    channel: str
    name: str
    state: str


class Missing(Struct, frozen=True, kw_only=True):
    """A lack in words for everybody, and where its owner mends it."""

    lack: Lack
    text: str
    url: str


_RULES = {
    ReachFlaw.TOO_LATE: Missing(
        lack=Lack.RULES_TOO_LATE,
        text="The personal rules begin only after the policy has moved on to somebody else.",
        url=RULES_URL,
    ),
    ReachFlaw.ASLEEP: Missing(
        lack=Lack.RULES_ASLEEP,
        text="The personal rules are quiet outside working hours, even for what is urgent.",
        url=RULES_URL,
    ),
    ReachFlaw.NO_METHOD: Missing(
        lack=Lack.RULES_WITHOUT_METHOD,
        text="The personal rules use only channels without a working contact method.",
        url=RULES_URL,
    ),
}

_ABSENT = Missing(
    lack=Lack.ABSENT,
    text="Away during the shift, and nobody takes it over.",
    url=ABSENCES_URL,
)


def lacks(
    ways: Collection[Way], flaw: ReachFlaw | None, *, is_absent: bool = False
) -> tuple[Missing, ...]:
    """Everything to mend, the worst first; empty when the person is ready.

    A second device that broke is no lack where another one of the same kind works.
    """
    return (
        *([_ABSENT] if is_absent else []),
        *_of_methods(ways),
        *([_RULES[flaw]] if flaw and _works(ways) else []),
    )


def _works(ways: Collection[Way]) -> set[str]:
    return {way.kind for way in ways if way.state == "verified"}


def _of_methods(ways: Collection[Way]) -> Iterator[Missing]:
    working = _works(ways)
    if not any(way.state in {"verified", "silent"} for way in ways):
        yield Missing(
            lack=Lack.NO_METHOD,
            text="No verified contact method: pages would only wait in the inbox.",
            url=METHODS_URL,
        )
    for way in ways:
        if way.kind in working:
            continue
        if way.state == "broken":
            text = f"{way.channel} no longer works: {way.name}."
            yield Missing(lack=Lack.BROKEN, text=text, url=METHODS_URL)
        elif way.state == "silent":
            text = f"{way.channel} did not answer its check: {way.name}."
            yield Missing(lack=Lack.SILENT, text=text, url=METHODS_URL)
        else:
            text = f"{way.channel} is not verified yet: {way.name}."
            yield Missing(lack=Lack.UNVERIFIED, text=text, url=METHODS_URL)
