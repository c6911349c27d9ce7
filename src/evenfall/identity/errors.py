"""What can go wrong in identity. A class's docstring is the message people read."""

from evenfall.platform.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


class RoleTooLow(Forbidden):
    """This needs the role {needed} or a higher one. Ask an administrator for it."""

    code = "identity.role_too_low"


class ScopeMissing(Forbidden):
    """This token lacks the scope {scope}. Create a token which has it."""

    code = "identity.scope_missing"


class UserNotFound(NotFound):
    """There is no person {user_id}. Look at the list of people."""

    code = "identity.user_not_found"


class TeamNotFound(NotFound):
    """There is no team {team}. Look at the list of teams."""

    code = "identity.team_not_found"


class TokenNotFound(NotFound):
    """There is no token {token_id} of yours. It may be revoked already."""

    code = "identity.token_not_found"


class InvitationNotFound(NotFound):
    """There is no open invitation {invitation_id}. Invite the person again."""

    code = "identity.invitation_not_found"


class LinkNotValid(NotFound):
    """This link is used up, expired or damaged. Ask an administrator for a new one."""

    code = "identity.link_not_valid"


class EmailTaken(Conflict):
    """{email} already has an account or an open invitation."""

    code = "identity.email_taken"


class TeamNameTaken(Conflict):
    """There is already a team called {slug}. Choose another name."""

    code = "identity.team_name_taken"


class TeamInUse(Conflict):
    """The team {team} still owns things. Give them to another team first."""

    code = "identity.team_in_use"


class LastAdministrator(Conflict):
    """This is the last active administrator. Make somebody else administrator first."""

    code = "identity.last_administrator"


class UnknownTimeZone(Invalid):
    """{time_zone} is not a time zone. Use a name such as Europe/Lisbon."""

    code = "identity.unknown_time_zone"


class UnknownLanguage(Invalid):
    """{language} is not a language we have. Use one of: {known}."""

    code = "identity.unknown_language"


class UnknownRole(Invalid):
    """{role} is not a role here. Use one of: {known}."""

    code = "identity.unknown_role"


class UnknownScope(Invalid):
    """A token needs at least one scope of: {known}."""

    code = "identity.unknown_scope"


class ExpiryOutOfRange(Invalid):
    """A token lives between 1 and {most} days."""

    code = "identity.expiry_out_of_range"


class PasswordTooWeak(Invalid):
    """The password will not do: {reasons}."""

    code = "identity.password_too_weak"


class EmailMissing(Invalid):
    """{email} is not an e-mail address."""

    code = "identity.email_missing"


class NameMissing(Invalid):
    """Please give a name."""

    code = "identity.name_missing"


class NotSignedIn(DomainError):
    """You are not signed in. Sign in, or send a token as `Authorization: Bearer …`."""

    code = "identity.not_signed_in"
    status = 401


class CsrfMissing(Forbidden):
    """The CSRF token is missing. Send it as X-CSRFToken, or use an API token."""

    code = "identity.csrf_missing"


class DaysOutOfRange(Invalid):
    """Give a number of days between {least} and {most}."""

    code = "identity.days_out_of_range"
