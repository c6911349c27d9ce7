"""What can go wrong with policies, pages and answers."""

from evenfall.platform.errors import Conflict, Invalid, NotFound


class PolicyNotFound(NotFound):
    """No escalation policy {policy_id}. It may have been archived; see the list of policies."""

    code = "paging.policy_not_found"


class PageNotFound(NotFound):
    """No page {page_id}. Check the number, or open the incident it belongs to."""

    code = "paging.page_not_found"


class DigestNotFound(NotFound):
    """No digest {digest_id}. Open your list of pages in Evenfall instead."""

    code = "paging.digest_not_found"


class PolicyInvalid(Invalid):
    """{reason}"""

    code = "paging.policy_invalid"


class PolicyNameTaken(Conflict):
    """There is already a policy named {name}. Choose another name."""

    code = "paging.policy_name_taken"


class PolicyChanged(Conflict):
    """Somebody saved version {number} of this policy meanwhile. Reload and change it again."""

    code = "paging.policy_changed"


class PolicyInUse(Conflict):
    """Services or teams still use this policy, or it is the default. Give them another first."""

    code = "paging.policy_in_use"


class RuleInvalid(Invalid):
    """{reason}"""

    code = "paging.rule_invalid"


class NobodyToPage(Invalid):
    """Choose a service, a team, a person or a policy to page."""

    code = "paging.nobody_to_page"


class ResponseUnknown(Invalid):
    """There is no answer {response}. Use one of: {known}."""

    code = "paging.response_unknown"


class HoursInvalid(Invalid):
    """These hours cannot be used. {reason}"""

    code = "paging.hours_invalid"
