"""What each severity asks of people: whom it calls, which roles, and what is written afterwards."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from evenfall.incidents.logic.roles import CrewRole
from evenfall.incidents.logic.severity import Sev


class Review(StrEnum):
    """How thoroughly people look back."""

    FULL = "full"
    LIGHT = "light"
    OPTIONAL = "optional"
    NONE = "none"

    @property
    def is_due(self) -> bool:
        return self in {Review.FULL, Review.LIGHT}


class Duty(Struct, frozen=True, kw_only=True):
    """What a severity means and asks for.

    `test` says when it is the right one, `response` who is called. The review is due so many
    `review_days` after the end; only `working_days` count, or all. None: at no time.
    """

    sev: Sev
    test: str
    response: str
    roles: tuple[CrewRole, ...]
    review: Review
    review_days: int | None = None
    working_days: bool = True

    @property
    def help(self) -> str:
        """One line for whoever chooses."""
        return f"{self.sev.value}: {self.test}"

    @property
    def review_words(self) -> str:
        if self.review_days is None:
            return {Review.OPTIONAL: "review if somebody asks"}.get(self.review, "no review")
        days = "working days" if self.working_days else "days"
        return f"{self.review.value} review within {self.review_days} {days}"

    @property
    def role_words(self) -> str:
        return ", ".join(role.value for role in self.roles) or "nobody in particular"


_MAJOR: Final = (CrewRole.COMMANDER, CrewRole.COMMUNICATIONS, CrewRole.EXPERT)

DUTIES: Final[Mapping[Sev, Duty]] = {
    duty.sev: duty
    for duty in (
        Duty(
            sev=Sev.SEV1,
            test="many customers cannot work, data is lost or exposed, or a contract is broken",
            response="at any hour, with a commander and a lieutenant",
            roles=(*_MAJOR, CrewRole.SCRIBE),
            review=Review.FULL,
            review_days=3,
            working_days=False,
        ),
        Duty(
            sev=Sev.SEV2,
            test="a core function is unusable for many",
            response="at any hour",
            roles=_MAJOR,
            review=Review.FULL,
            review_days=5,
        ),
        Duty(
            sev=Sev.SEV3,
            test="a part is broken, it will get worse, or the last spare is in use",
            response="the owner; at night only where the service says so",
            roles=(CrewRole.COMMANDER,),
            review=Review.LIGHT,
            review_days=10,
        ),
        Duty(
            sev=Sev.SEV4,
            test="it is slower or only inside, and there is a way around",
            response="in working hours",
            roles=(),
            review=Review.OPTIONAL,
        ),
        Duty(
            sev=Sev.SEV5,
            test="it is cosmetic and can wait for the review of small things",
            response="nobody is called",
            roles=(),
            review=Review.NONE,
        ),
    )
}


def duty(sev: Sev) -> Duty:
    return DUTIES[sev]
