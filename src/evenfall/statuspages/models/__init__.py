"""The tables of status pages. Rows are written by `actions` only; times are UTC."""

from evenfall.statuspages.models.looks import Look, PageCopy
from evenfall.statuspages.models.pages import (
    Component,
    ComponentService,
    Group,
    Interval,
    StatusPage,
)
from evenfall.statuspages.models.posts import Post, PostUpdate, UpdateEdit, UpdateStatus
from evenfall.statuspages.models.prepared import Prepared
from evenfall.statuspages.models.subscribers import Bulletin, Delivery, Mailing, Subscriber
from evenfall.statuspages.models.works import Work, WorkComponent, WorkNote

__all__ = [
    "Bulletin",
    "Component",
    "ComponentService",
    "Delivery",
    "Group",
    "Interval",
    "Look",
    "Mailing",
    "PageCopy",
    "Post",
    "PostUpdate",
    "Prepared",
    "StatusPage",
    "Subscriber",
    "UpdateEdit",
    "UpdateStatus",
    "Work",
    "WorkComponent",
    "WorkNote",
]
