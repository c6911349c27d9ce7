"""What can be wrong with a request for cover or a swap."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class RequestNotFound(NotFound):
    """There is no request {request_id}. Look at the list of requests."""

    code = "oncall.request_not_found"


class NoShiftThen(Conflict):
    """{name} is not on call by this rota at that time, so there is nothing to hand over."""

    code = "oncall.no_shift_then"


class PartOutsideShift(Invalid):
    """The part must lie inside of the shift and in the future. Leave it empty for all of it."""

    code = "oncall.part_outside_shift"


class RequestRunsAlready(Conflict):
    """Request {request_id} asks for this time already. Withdraw it before you ask again."""

    code = "oncall.request_runs_already"


class PersonToAsk(Invalid):
    """Choose one other person who may sign in and take shifts."""

    code = "oncall.person_to_ask"


class PersonNotFree(Conflict):
    """{name} {why} at that time. Ask somebody else."""

    code = "oncall.person_not_free"


class PersonOnCall(Conflict):
    """{name} is on call for {rotas} at that time. Insist, or ask somebody else."""

    code = "oncall.person_on_call"


class NobodyToAsk(Conflict):
    """Nobody of the rota or the team is free at that time. Ask one person by name."""

    code = "oncall.nobody_to_ask"


class RequestOver(Conflict):
    """This request is closed: {reason} Reload the page."""

    code = "oncall.request_over"


class NotAsked(Conflict):
    """This request was not put to {name}, so there is nothing to answer."""

    code = "oncall.not_asked"


class NothingToUndo(Conflict):
    """Only what was agreed and is not over yet can be undone."""

    code = "oncall.nothing_to_undo"
