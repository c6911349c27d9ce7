"""GitLab: issues that stand for actions, and what changed.

Out: ``POST`` and ``PUT /api/v4/projects/{path}/issues``. In: webhooks of issues, known by
``X-Gitlab-Token``. GitLab has no reason for closing, so a closed issue is a done one.
"""

from evenfall.changes.ports import register_format
from evenfall.integrations.gitlab.changes import CHANGES
from evenfall.integrations.gitlab.tracker import GitLab
from evenfall.postmortems.ports import register_tracker_type

register_tracker_type(GitLab())
register_format(CHANGES)
