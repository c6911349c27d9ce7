"""GitHub: issues that stand for actions, and what changed.

Out: ``POST`` and ``PATCH /repos/{owner}/{repo}/issues`` (REST, version 2022-11-28). In: webhooks of
``issues``, known by ``X-Hub-Signature-256``. A removed issue answers 410, one that was moved 301.
"""

from evenfall.changes.ports import register_format
from evenfall.integrations.github.changes import CHANGES
from evenfall.integrations.github.tracker import GitHub
from evenfall.postmortems.ports import register_tracker_type

register_tracker_type(GitHub())
register_format(CHANGES)
