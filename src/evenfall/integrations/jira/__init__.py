"""Jira, in the cloud and on own servers: issues that stand for actions.

Out: REST version 2, which both have: ``/issue``, ``/issue/{key}/transitions``, ``/search``. A
project has its own states; what counts is their category, and to change one a transition is looked
for that leads into the right category. In: webhooks with a secret, known by ``X-Hub-Signature``.
"""

from evenfall.integrations.jira.tracker import Jira
from evenfall.postmortems.ports import register_tracker_type

register_tracker_type(Jira())
