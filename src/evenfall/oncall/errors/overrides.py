"""What can be wrong with an override."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class OverrideNotFound(NotFound):
    """There is no override {override_id}. Look at the overrides of the rota."""

    code = "oncall.override_not_found"


class OverrideCancelled(Conflict):
    """This override was cancelled before. Reload the rota."""

    code = "oncall.override_cancelled"


class OverrideOver(Conflict):
    """This override is over: what was cannot be changed. Add a new override for what comes."""

    code = "oncall.override_over"


class OverrideEmpty(Invalid):
    """An override ends after it starts."""

    code = "oncall.override_empty"


class OverrideInPast(Invalid):
    """This override would be over before it begins. Let it end in the future."""

    code = "oncall.override_in_past"


class OverrideTooLong(Invalid):
    """An override lasts at most {most} days. Change the members of the rota instead."""

    code = "oncall.override_too_long"


class OverridePerson(Invalid):
    """Say who takes over; an override of the kind remove names nobody but the person to remove."""

    code = "oncall.override_person"


class AlreadyOnCall(Conflict):
    """You are on call already. There is nothing to take over."""

    code = "oncall.already_on_call"


class NothingToTake(Conflict):
    """Nobody will be on call by this rota, so there is no shift to take. Plan the rota first."""

    code = "oncall.nothing_to_take"


class OverrideWithoutEffect(Conflict):
    """This override would change nothing: {why}. Choose another time, role or person."""

    code = "oncall.override_without_effect"


class OverrideOfRequest(Conflict):
    """This override comes from request {request_id}. Undo it there, so that both agree."""

    code = "oncall.override_of_request"


class NoGaps(Conflict):
    """This rota has no gaps in the next six weeks. There is nothing to fill."""

    code = "oncall.no_gaps"
