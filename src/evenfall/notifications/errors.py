"""What can go wrong with contact methods, notices and response links."""

from evenfall.platform.errors import Conflict, DomainError, Forbidden, Invalid, NotFound


class ContactMethodNotFound(NotFound):
    """You have no contact method {contact_method_id}. It may be removed; see your profile."""

    code = "notifications.contact_method_not_found"


class DeviceUnknown(DomainError):
    """This device is not known any more. Open Evenfall there and enable notifications again."""

    code = "notifications.device_unknown"
    status = 410


class ContactMethodTaken(Conflict):
    """You already have this contact method. Verify or mend the one in the list."""

    code = "notifications.contact_method_taken"


class ContactMethodNotVerified(Conflict):
    """Verify this contact method first, so that no page goes to the wrong place."""

    code = "notifications.contact_method_not_verified"


class TwinNotOffered(Conflict):
    """This contact method has no other use, is not verified, or you have the other one already."""

    code = "notifications.twin_not_offered"


class AddressNotUsable(Invalid):
    """This address cannot be used: {reason}"""

    code = "notifications.address_not_usable"


class KindUnknown(Invalid):
    """There is no channel {kind}. Use one of: {known}."""

    code = "notifications.kind_unknown"


class CodeWrong(Invalid):
    """This is not the code that was sent. Look at the newest message and type it again."""

    code = "notifications.code_wrong"


class CodeExpired(Invalid):
    """This code is too old, or was never sent. Ask for a new one."""

    code = "notifications.code_expired"


class TooManyGuesses(Forbidden):
    """Too many wrong codes. Ask for a new one."""

    code = "notifications.too_many_guesses"


class AskedTooSoon(Conflict):
    """A message went out a moment ago. Wait half a minute before asking for another one."""

    code = "notifications.asked_too_soon"


class NoticeNotFound(NotFound):
    """No notice {notice_id} for you. Notices are visible to the person they were meant for."""

    code = "notifications.notice_not_found"


class ResponseLinkInvalid(DomainError):
    """This link is not valid, or no longer valid. Open the page in Evenfall and answer there."""

    code = "notifications.response_link_invalid"
    status = 410


class ResponseAlreadyUsed(Conflict):
    """This answer was already given with this link. Nothing more happened."""

    code = "notifications.response_already_used"


class ResponseNotOffered(Invalid):
    """The message did not offer the answer {action}. Use one of: {offered}."""

    code = "notifications.response_not_offered"


class ProviderNotFound(NotFound):
    """There is no provider {provider_id}. It may be removed; see the list of providers."""

    code = "notifications.provider_not_found"


class ProviderTypeUnknown(Invalid):
    """There is no type of provider {type}. Use one of: {known}."""

    code = "notifications.provider_type_unknown"


class ProviderNotUsable(Invalid):
    """This account cannot be used: {reason}"""

    code = "notifications.provider_not_usable"


class ProviderNameTaken(Conflict):
    """There is already a provider with the name {name}. Give this one another name."""

    code = "notifications.provider_name_taken"
