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
