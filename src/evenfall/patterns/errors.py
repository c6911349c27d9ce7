"""What can go wrong with patterns. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class PatternNotFound(NotFound):
    """There is no pattern {pattern_id}. It may have become part of another one."""

    code = "patterns.pattern_not_found"


class StateNotPossible(Conflict):
    """Pattern {pattern_id} is {state}; it cannot become {wanted} from there."""

    code = "patterns.state_not_possible"


class ReasonMissing(Invalid):
    """Say why; people will ask later."""

    code = "patterns.reason_missing"


class TitleMissing(Invalid):
    """Say in a few words what comes back."""

    code = "patterns.title_missing"


class OwnerNotActive(Invalid):
    """This person does not work here any more. Choose somebody else."""

    code = "patterns.owner_not_active"


class SameIncident(Invalid):
    """An incident is always like itself. Name another one."""

    code = "patterns.same_incident"


class NotAMember(NotFound):
    """Incident {incident_id} is not in pattern {pattern_id}."""

    code = "patterns.not_a_member"


class NotAnIncident(Conflict):
    """Incident {incident_id} was merged or declined, or is private: it is not compared."""

    code = "patterns.not_an_incident"
