"""What OpenSLO documents become here, before our rows are known: names instead of ids."""

from collections.abc import Mapping

from msgspec import Struct, field

from evenfall.slo.logic.openslo.notes import Note
from evenfall.slo.logic.spec import AlertRules, IndicatorSpec, Policy, Promise

PREFIX = "evenfall/"
"""Annotations that say what OpenSLO has no word for."""
OWN_TYPE = "evenfall"
"""The type of a metric source that is this place itself: pushed counts, monitors."""

type Labels = Mapping[str, tuple[str, ...]]


class DraftIndicator(Struct, frozen=True, kw_only=True):
    """An indicator under the name `slug`; `source` is the name of its metric source."""

    slug: str
    name: str
    service: str
    source: str
    spec: IndicatorSpec
    environment: str
    description: str = ""
    labels: Labels = field(default_factory=dict)


class DraftMember(Struct, frozen=True, kw_only=True):
    """One indicator of a composite, by its slug; None is what the whole has."""

    indicator: str
    weight: float = 1.0
    target: float | None = None
    slice_target: float | None = None


class DraftObjective(Struct, frozen=True, kw_only=True):
    """One objective of an SLO; `document` is the number of the SLO in the text.

    It has the slug of an `indicator`, or `members`. `alerts` None: the document says nothing.
    """

    slug: str
    name: str
    document: int
    service: str
    promise: Promise
    environment: str
    indicator: str = ""
    members: tuple[DraftMember, ...] = ()
    description: str = ""
    alerts: AlertRules | None = None
    policy: Policy = field(default_factory=Policy)
    labels: Labels = field(default_factory=dict)


class NamedThing(Struct, frozen=True, kw_only=True):
    """A service or a source that the documents speak of, to be matched with one of ours."""

    name: str
    title: str = ""
    type: str = ""


class Drafts(Struct, frozen=True, kw_only=True):
    """Indicators come before the objectives that need them; all in the order of the text."""

    services: tuple[NamedThing, ...] = ()
    sources: tuple[NamedThing, ...] = ()
    indicators: tuple[DraftIndicator, ...] = ()
    objectives: tuple[DraftObjective, ...] = ()
    notes: tuple[Note, ...] = ()
