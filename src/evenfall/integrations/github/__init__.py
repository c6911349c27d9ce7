"""GitHub: issues that stand for actions.

Out: ``POST`` and ``PATCH /repos/{owner}/{repo}/issues`` (REST, version 2022-11-28). In: webhooks of
``issues``, known by ``X-Hub-Signature-256``. A removed issue answers 410, one that was moved 301.
"""

from evenfall.integrations.github.tracker import GitHub
from evenfall.postmortems.ports import register_tracker_type

register_tracker_type(GitHub())
