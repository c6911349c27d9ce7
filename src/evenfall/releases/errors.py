"""What can go wrong with releases. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class ReleaseNotFound(NotFound):
    """There is no release {release}. Look at the list of releases."""

    code = "releases.release_not_found"


class PassageNotFound(NotFound):
    """There is no stage {passage} of this release. Reload its page."""

    code = "releases.passage_not_found"


class StageNotFound(NotFound):
    """{service} has no stage {stage}. Its stages are: {known}."""

    code = "releases.stage_not_found"


class ReleaseExists(Conflict):
    """Version {version} of this service is there already."""

    code = "releases.release_exists"


class ChangedMeanwhile(Conflict):
    """Somebody changed this while you wrote. Look at what they wrote, then save again."""

    code = "releases.changed_meanwhile"


class StateNotPossible(Conflict):
    """This stage is {state}; it cannot become {wanted} from there."""

    code = "releases.state_not_possible"


class AnotherDeploys(Conflict):
    """Version {version} is being deployed there. Wait until it is done, or has failed."""

    code = "releases.another_deploys"


class GatesClosed(Conflict):
    """The gates do not pass: {gates}. See why on the page of the release."""

    code = "releases.gates_closed"


class VersionMissing(Invalid):
    """A release needs a version, such as 1.4.2."""

    code = "releases.version_missing"


class LinkNotValid(Invalid):
    """{url} is not a web address. It starts with http:// or https://."""

    code = "releases.link_not_valid"


class ReasonMissing(Invalid):
    """Say why; people will ask later."""

    code = "releases.reason_missing"


class NameMissing(Invalid):
    """Give it a name."""

    code = "releases.name_missing"


class StopNotFound(NotFound):
    """There is no stop {stop_id}. Look at the page of the stop button."""

    code = "releases.stop_not_found"


class FreezeNotFound(NotFound):
    """There is no freeze {freeze_id}. Look at the calendar."""

    code = "releases.freeze_not_found"


class WindowNotFound(NotFound):
    """There is no deployment window {window_id}. Look at the calendar."""

    code = "releases.window_not_found"


class StandardNotFound(NotFound):
    """There is no standard change {standard_id}."""

    code = "releases.standard_not_found"


class ExceptionNotFound(NotFound):
    """There is no exception {exception_id}."""

    code = "releases.exception_not_found"


class TrainNotFound(NotFound):
    """There is no train {train_id}."""

    code = "releases.train_not_found"


class AlreadyLifted(Conflict):
    """This was lifted already."""

    code = "releases.already_lifted"


class AlreadyDecided(Conflict):
    """Somebody decided about this already. Reload the page."""

    code = "releases.already_decided"


class NotByOneself(Conflict):
    """Nobody signs what they asked for themselves. Ask somebody else."""

    code = "releases.not_by_oneself"


class NotOfTheTeam(Conflict):
    """Only somebody of {team} signs for it."""

    code = "releases.not_of_the_team"


class TeamNotAsked(Invalid):
    """This stage asks for no sign-off of that team. It asks for: {known}."""

    code = "releases.team_not_asked"


class NotWaiting(Conflict):
    """This stage is {state}: nothing waits there any more."""

    code = "releases.not_waiting"


class ItemNotFound(NotFound):
    """The checklist of this stage has no item {item}. It has: {known}."""

    code = "releases.item_not_found"


class SpanNotValid(Invalid):
    """It ends after it starts, and it ends in the future."""

    code = "releases.span_not_valid"


class RulesNotValid(Invalid):
    """This makes no sense: {flaws}."""

    code = "releases.rules_not_valid"


class EnvironmentMissing(Invalid):
    """Name at least one of PROD, UAT and DEV."""

    code = "releases.environment_missing"


class ZoneUnknown(Invalid):
    """{zone} is not a time zone. Use a name such as Europe/Berlin."""

    code = "releases.zone_unknown"


class CountryUnknown(Invalid):
    """The holidays of {country} are not known. Use a code such as DE, with a region such as BY."""

    code = "releases.country_unknown"


class GateUnknown(Invalid):
    """{gate} is not a gate, or nobody is let through it. Use some of: {known}."""

    code = "releases.gate_unknown"


class OneScope(Invalid):
    """Choose a service, a team, or neither for the whole site."""

    code = "releases.one_scope"


class Circle(Conflict):
    """These need each other, so that none can go first: {path}. Remove one dependency."""

    code = "releases.circle"


class DowntimeUnclear(Invalid):
    """{reason}"""

    code = "releases.downtime_unclear"


class TrainEmpty(Invalid):
    """A train has at least one release."""

    code = "releases.train_empty"
