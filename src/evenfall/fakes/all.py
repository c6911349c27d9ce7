"""The fakes that ``evenfall fakes`` serves."""

from evenfall.fakes.github import GitHub
from evenfall.fakes.gitlab import GitLab
from evenfall.fakes.jira import Jira
from evenfall.fakes.kubernetes import Kubernetes
from evenfall.fakes.mattermost import Mattermost
from evenfall.fakes.ntfy import Ntfy
from evenfall.fakes.push_service import PushService
from evenfall.fakes.pushover import Pushover
from evenfall.fakes.s3 import S3
from evenfall.fakes.slack import Slack
from evenfall.fakes.teams import Teams
from evenfall.fakes.telegram import Telegram
from evenfall.fakes.twilio import Twilio
from evenfall.fakes.vendor import Vendor
from evenfall.fakes.vonage import Vonage


def all_vendors() -> list[Vendor]:
    """A fresh one of each."""
    return [
        Twilio(),
        Vonage(),
        Slack(),
        Telegram(),
        Mattermost(),
        Teams(),
        Ntfy(),
        PushService(),
        Pushover(),
        GitHub(),
        GitLab(),
        Jira(),
        S3(),
        Kubernetes(),
    ]
