"""What can be wrong with a rota."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class RotaNotFound(NotFound):
    """There is no rota {rota_id}, or it was deleted. Look at the list of rotas."""

    code = "oncall.rota_not_found"


class LayerNotFound(NotFound):
    """The rota has no layer {layer_id} in its newest plan. Reload the rota."""

    code = "oncall.layer_not_found"


class RotaNameTaken(Conflict):
    """The team has a rota called {name} already. Choose another name."""

    code = "oncall.rota_name_taken"


class NameMissing(Invalid):
    """A rota needs a name of at most 120 characters."""

    code = "oncall.name_missing"


class ZoneUnknown(Invalid):
    """{zone} is not a time zone. Use a name like Europe/Berlin."""

    code = "oncall.zone_unknown"


class LayerMissing(Invalid):
    """A plan needs at least one layer, and a lieutenant's own sequence needs one too."""

    code = "oncall.layer_missing"


class MembersMissing(Invalid):
    """The layer {layer} has no members. Add at least one person or one empty place."""

    code = "oncall.members_missing"


class MemberUnknown(Invalid):
    """These people do not exist or may no longer sign in: {user_ids}. Choose others."""

    code = "oncall.member_unknown"


class MemberDates(Invalid):
    """A member leaves after joining. Put the dates of the members in order."""

    code = "oncall.member_dates"


class ShiftLength(Invalid):
    """A shift lasts a whole number of hours, from 1 hour to {most} hours."""

    code = "oncall.shift_length"


class WindowOutOfWeek(Invalid):
    """A weekly window is given in minutes since Monday 00:00, each from 0 to 10079."""

    code = "oncall.window_out_of_week"


class LieutenantPersonMissing(Invalid):
    """The rule asks for a fixed person as lieutenant. Choose the person."""

    code = "oncall.lieutenant_person_missing"


class MembersFromPast(Invalid):
    """A shift that began on {day} or later is running. Choose a later day for the new members."""

    code = "oncall.members_from_past"
