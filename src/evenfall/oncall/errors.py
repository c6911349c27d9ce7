"""What can go wrong with rotas. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class RotaNotFound(NotFound):
    """There is no rota {rota_id}, or it was deleted. Look at the list of rotas."""

    code = "oncall.rota_not_found"


class LayerNotFound(NotFound):
    """The rota has no layer {layer_id} in its newest plan. Reload the rota."""

    code = "oncall.layer_not_found"


class OverrideNotFound(NotFound):
    """There is no override {override_id}. Look at the overrides of the rota."""

    code = "oncall.override_not_found"


class OverrideCancelled(Conflict):
    """This override was cancelled before. Reload the rota."""

    code = "oncall.override_cancelled"


class OverrideOver(Conflict):
    """This override is over: what was cannot be changed. Add a new override for what comes."""

    code = "oncall.override_over"


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


class TimeOutOfRange(Invalid):
    """Times lie between the years {first} and {last}. Check the year."""

    code = "oncall.time_out_of_range"


class StretchTooLong(Invalid):
    """A schedule covers at most {most} days and ends after it starts. Ask for less at once."""

    code = "oncall.stretch_too_long"


class OverrideWithoutEffect(Conflict):
    """This override would change nothing: {why}. Choose another time, role or person."""

    code = "oncall.override_without_effect"


class OverrideOfRequest(Conflict):
    """This override comes from request {request_id}. Undo it there, so that both agree."""

    code = "oncall.override_of_request"


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


class AbsenceNotFound(NotFound):
    """There is no absence {absence_id}. Look at the list of absences."""

    code = "oncall.absence_not_found"


class WindowUnknown(Invalid):
    """Loads are told over {windows} weeks. Choose one of these."""

    code = "oncall.window_unknown"


class WeightsOutOfRange(Invalid):
    """Weights lie between 0 and {most}. Choose others."""

    code = "oncall.weights_out_of_range"


class NightEmpty(Invalid):
    """A night begins and ends at two different times of the day."""

    code = "oncall.night_empty"


class RegionUnknown(Invalid):
    """No holidays are known for {place}. Use codes of ISO 3166, such as DE and BY, or none."""

    code = "oncall.region_unknown"


class PercentOutOfRange(Invalid):
    """Somebody works between 0 and 100 percent of full time."""

    code = "oncall.percent_out_of_range"


class ProposalWeeks(Invalid):
    """A proposal covers from 1 to {most} weeks. Ask for as many."""

    code = "oncall.proposal_weeks"


class ProposalOutdated(Conflict):
    """The rota, an absence or a load changed since this was proposed. Look at the new proposal."""

    code = "oncall.proposal_outdated"


class ProposalEmpty(Conflict):
    """The proposal changes nothing: the plan is as fair as the rules allow."""

    code = "oncall.proposal_empty"


class ProposalNotFound(NotFound):
    """There is no applied proposal {proposal_id} of this rota. Look at the planner."""

    code = "oncall.proposal_not_found"


class ProposalUndone(Conflict):
    """This proposal was undone before. Reload the planner."""

    code = "oncall.proposal_undone"


class ReliefNotFound(NotFound):
    """There is no such offer, or it is not about you. Look at the rota."""

    code = "oncall.relief_not_found"


class NoDuty(NotFound):
    """Nobody has this role at that time, and nobody is missing. Look at the calendar."""

    code = "oncall.no_duty"


class FeedNotFound(NotFound):
    """There is no such feed, or it was revoked. Make a new one on the page of feeds."""

    code = "oncall.feed_not_found"


class FeedOfNobody(Invalid):
    """A feed is of one person, one rota or one team. Choose which one."""

    code = "oncall.feed_of_nobody"


class TooManyFeeds(Conflict):
    """You have {most} feeds, and more are not made. Revoke those that nobody reads."""

    code = "oncall.too_many_feeds"


class PublicPageNotFound(NotFound):
    """There is no such page. Ask whoever gave you the address for a new one."""

    code = "oncall.public_page_not_found"


class NoGaps(Conflict):
    """This rota has no gaps in the next six weeks. There is nothing to fill."""

    code = "oncall.no_gaps"


class HandoverNoteTooLong(Invalid):
    """A note for the next one has at most {most} characters. Put the rest into the runbook."""

    code = "oncall.handover_note_too_long"


class AbsenceEmpty(Invalid):
    """An absence ends after it starts."""

    code = "oncall.absence_empty"


class AbsenceInPast(Invalid):
    """This absence would be over before it begins. Let it end in the future."""

    code = "oncall.absence_in_past"


class AbsenceTooLong(Invalid):
    """An absence lasts at most {most} days. Enter a shorter one."""

    code = "oncall.absence_too_long"


class AbsenceOver(Conflict):
    """This absence is over or was cancelled, and what was cannot be changed. Add a new one."""

    code = "oncall.absence_over"


class AbsenceOfCalendar(Conflict):
    """This absence comes from a calendar. Change it there, or remove the calendar."""

    code = "oncall.absence_of_calendar"


class AwayNow(Conflict):
    """This person is away and cannot be on call. End the absence first."""

    code = "oncall.away_now"


class CalendarNotFound(NotFound):
    """There is no such calendar, or it was removed. Look at the page of absences."""

    code = "oncall.calendar_not_found"


class CalendarOfNobody(Invalid):
    """A calendar is of one person or of one team. Choose which one."""

    code = "oncall.calendar_of_nobody"


class CalendarAddress(Invalid):
    """A calendar has an address that starts with https:// or http://. Copy its iCal address."""

    code = "oncall.calendar_address"


class CalendarWords(Invalid):
    """Give words of the events that count, at most {most}, or let every event count."""

    code = "oncall.calendar_words"


class TooManyCalendars(Conflict):
    """There are {most} calendars already, and more are not read. Remove those you do not need."""

    code = "oncall.too_many_calendars"


class PersonNotInTeam(NotFound):
    """This person is not one of the team's. Look at the loads of the team."""

    code = "oncall.person_not_in_team"
