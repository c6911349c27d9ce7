"""What happens to an item, as it goes over the wire."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from evenfall.catalog.ports import Environment
from evenfall.incidents.ports import Sev
from evenfall.triage.actions import IncidentWish
from evenfall.triage.logic.priority import Priority
from evenfall.triage.logic.states import Reason, State, What


class MoveIn(Schema):
    """What else each move needs.

    `reason` to pause; `text` to decline, to answer, to ask, to open again, for `not_fixed`, and to
    take a risk, with `accepted_by` and `review_at`; `monday` to schedule (a day of that week);
    `original_id` for a duplicate.
    """

    what: What
    text: str = Field(default="", max_length=5000)
    reason: Reason | None = None
    monday: date | None = None
    original_id: int | None = None
    accepted_by: str = Field(default="", max_length=200)
    review_at: datetime | None = None


class TriagePromotionIn(Schema):
    """Empty, the title is that of the item. With `page` whoever is on call is called."""

    severity: Sev
    title: str = Field(default="", max_length=200)
    environment: Environment = Environment.PROD
    service_id: int | None = None
    page: bool = True
    text: str = Field(default="", max_length=5000)

    def wish(self) -> IncidentWish:
        said = {name: value for name, value in dict(self).items() if name != "text"}
        return IncidentWish(**said)


class TriageLinkOut(Schema):
    id: int
    title: str
    state: State
    priority: Priority
    reporter_name: str
    reporter_contact: str


class TriageLinksOut(Schema):
    items: list[TriageLinkOut]
