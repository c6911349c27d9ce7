"""What people fill in. Rules live in the actions; a form only reads and shows."""

from evenfall.oncall.forms.absences import AbsenceCalendarForm, AbsenceForm, TakePagerForm
from evenfall.oncall.forms.calendar import Asked, asked, instant_in, number_in, prefilled
from evenfall.oncall.forms.fairness import WeightsForm, WorkProfileForm, place_of
from evenfall.oncall.forms.feeds import FeedForm, FillForm, PublicPageForm
from evenfall.oncall.forms.handovers import HandoverNoteForm, NoticeWishForm
from evenfall.oncall.forms.overrides import OverrideForm
from evenfall.oncall.forms.requests import DeclineForm, RequestForm, key_of
from evenfall.oncall.forms.rota_editor import RotaEditor
from evenfall.oncall.forms.rota_trees import tree_of_plan
from evenfall.oncall.forms.rotas import Choosable
from evenfall.oncall.forms.rows import Tree

__all__ = [
    "AbsenceCalendarForm",
    "AbsenceForm",
    "Asked",
    "Choosable",
    "DeclineForm",
    "FeedForm",
    "FillForm",
    "HandoverNoteForm",
    "NoticeWishForm",
    "OverrideForm",
    "PublicPageForm",
    "RequestForm",
    "RotaEditor",
    "TakePagerForm",
    "Tree",
    "WeightsForm",
    "WorkProfileForm",
    "asked",
    "instant_in",
    "key_of",
    "number_in",
    "place_of",
    "prefilled",
    "tree_of_plan",
]
