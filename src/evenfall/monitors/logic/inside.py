"""The kinds of monitors that look at nothing outside: they are told, or ask a metric source."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from evenfall.monitors.logic import (
    backups,
    comparing,
    declared,
    heartbeats,
    lengths,
    watching,
)
from evenfall.monitors.logic.fields import Field, FieldType, Flaw, number
from evenfall.monitors.logic.looks import Usual
from evenfall.platform import durations

type Settings = Mapping[str, str]

HEARTBEAT: Final = "heartbeat"
METRIC: Final = "metric"
BACKUP: Final = "backup"
DRIFT: Final = "drift"
MOST_CALLED: Final = 200
CONFIGURATION: Final = "configuration"


class InsideKind(Struct, frozen=True, kw_only=True):
    """See `ports.Kind`."""

    name: str
    label: str
    about: str
    fields: Sequence[Field]
    usual: Usual
    checked: Callable[[Settings], None]
    aimed: Callable[[Settings], str]

    def check(self, settings: Settings) -> None:
        self.checked(settings)

    def target(self, settings: Settings) -> str:
        return self.aimed(settings)


def plan_of(settings: Settings) -> heartbeats.Plan:
    """The plan of a heartbeat whose settings were checked."""
    return heartbeats.Plan(
        period=_length(settings, "period") or timedelta(days=1),
        cron=settings["cron"] if settings["schedule"] == "cron" else "",
        zone=_zone(settings["zone"] or "UTC"),
        grace=_length(settings, "grace") or timedelta(hours=1),
        longest_run=_length(settings, "longest_run"),
    )


def threshold_of(settings: Settings) -> watching.Threshold:
    """The threshold of a watcher whose settings were checked."""
    return watching.Threshold(
        compare=watching.Compare(settings["compare"]),
        limit=float(settings["limit"]),
        clear=number(settings["clear"]),
        lasting=_length(settings, "lasting") or timedelta(0),
        no_data=watching.NoData(settings["no_data"]),
    )


def wanted_of(settings: Settings) -> backups.Wanted:
    """What is wanted of backups, by settings that were checked."""
    percent = settings["size_percent"]
    return backups.Wanted(
        longest_age=_length(settings, "longest_age") or timedelta(days=1),
        size_share=int(percent) / 100 if percent else None,
        least_bytes=int(settings["least_bytes"] or 0),
        drill_age=_length(settings, "drill_age"),
        longest_restore=_length(settings, "longest_restore"),
    )


def compared_of(settings: Settings) -> comparing.Wanted:
    """How states are compared, by settings that were checked."""
    return comparing.Wanted(
        reader=comparing.Reader(settings["reader"]),
        ignored=settings["ignored"].split(),
        hidden=settings["hidden"].split(),
    )


def silence_of(settings: Settings) -> timedelta | None:
    """How old the report of a live state may be; None for any age."""
    return _length(settings, "longest_silence")


def _length(settings: Settings, name: str) -> timedelta | None:
    return lengths.read(settings[name]) if settings[name] else None


def _said(settings: Settings, name: str) -> str:
    return durations.exact(_length(settings, name) or timedelta())


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _check_heartbeat(settings: Settings) -> None:
    try:
        _zone(settings["zone"] or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Flaw("zone", "There is no such time zone. Write one such as Europe/Berlin.") from None
    if settings["schedule"] == "cron":
        why = heartbeats.cron_flaw(settings["cron"])
        if why:
            raise Flaw("cron", why)
    elif not settings["period"]:
        raise Flaw("period", "Say how often it tells of itself.")
    if settings["called"] and not settings["integration"]:
        raise Flaw("integration", "Choose the integration whose key tells under this name.")
    if len(settings["called"]) > MOST_CALLED:
        raise Flaw("called", f"Its name there has more than {MOST_CALLED} characters.")


def _check_metric(settings: Settings) -> None:
    if settings["clear"]:
        compare = watching.Compare(settings["compare"])
        why = watching.clear_flaw(compare, float(settings["limit"]), float(settings["clear"]))
        if why:
            raise Flaw("clear", why)


def _check_backup(settings: Settings) -> None:
    if settings["longest_restore"] and not settings["drill_age"]:
        raise Flaw("drill_age", "Say how often a restore is to be tried.")


def _check_drift(settings: Settings) -> None:
    for name in ("ignored", "hidden"):
        _check_patterns(settings, name)
    declared.check(settings)


def _check_patterns(settings: Settings, name: str) -> None:
    if len(settings[name].split()) > 100:  # noqa: PLR2004 - each is tried with each path
        raise Flaw(name, "At most 100 patterns.")


def _compared_with(settings: Settings) -> str:
    """A token is for one place: with another one this is another target."""
    words = comparing.LABELS[comparing.Reader(settings["reader"])]
    place = declared.place_of(settings)
    return words if place.origin is declared.Origin.GIVEN else f"{words}: {place.words}"


def _rhythm(settings: Settings) -> str:
    if settings["schedule"] == "cron":
        return f"{settings['cron']} in {settings['zone'] or 'UTC'}"
    return f"every {_said(settings, 'period')}"


def _duration(name: str, label: str, default: str = "", **more: object) -> Field:
    return Field(
        name=name,
        label=label,
        type=FieldType.DURATION,
        required=bool(more.get("required", default)),
        default=default,
        help=str(more.get("help", "Such as 90s, 5m, 1h 30m or 2d.")),
    )


def _choice(name: str, label: str, choices: Mapping[str, str], help_text: str = "") -> Field:
    return Field(
        name=name,
        label=label,
        type=FieldType.CHOICE,
        choices=tuple((str(value), text) for value, text in choices.items()),
        default=str(next(iter(choices))),
        help=help_text,
    )


_HEARTBEAT_FIELDS: Final = (
    _choice(
        "schedule", "It tells of itself", {"period": "Every so often", "cron": "By a schedule"}
    ),
    _duration("period", "Every", "1d", required=False),
    Field(
        name="cron",
        label="Schedule",
        required=False,
        help="Five parts as in a crontab, such as 0 3 * * 1-5.",
    ),
    Field(name="zone", label="Time zone of the schedule", required=False, default="UTC"),
    _duration("grace", "Grace", "1h", help="So late it may be. Such as 5m or 1h 30m."),
    _duration("longest_run", "Longest run", help="From start to end. The grace when left empty."),
    Field(
        name="integration",
        is_rare=True,
        label="Also told over",
        type=FieldType.INTEGRATION,
        required=False,
        help="The integration whose key a tool made for Opsgenie or Grafana OnCall uses.",
    ),
    Field(
        name="called",
        is_rare=True,
        label="Its name there",
        required=False,
        help="The heartbeat's name in Opsgenie. Empty for OnCall: an integration has one there.",
    ),
)
_METRIC_FIELDS: Final = (
    Field(name="source", label="Source", type=FieldType.SOURCE),
    Field(name="query", label="Query", type=FieldType.LINES, help="In the source's own language."),
    _choice(
        "compare",
        "It is bad when the value is",
        {one.value: text for one, text in watching.WORDS.items()},
        "Of several series the worst one counts.",
    ),
    Field(name="limit", label="Threshold", type=FieldType.DECIMAL),
    Field(
        name="clear",
        label="Over again at",
        type=FieldType.DECIMAL,
        required=False,
        help="A second threshold on the good side, so that it does not flap. Empty: the same.",
    ),
    _duration("lasting", "For at least", help="Empty: at once."),
    _choice(
        "no_data",
        "Without data",
        {
            "unknown": "Nobody knows, and somebody hears of it",
            "bad": "It is bad",
            "keep": "What was bad stays bad, what was good is unknown",
        },
        "Never good.",
    ),
)
_BACKUP_FIELDS: Final = (
    _duration("longest_age", "Oldest allowed", "1d 6h"),
    Field(
        name="size_percent",
        label="Size may differ by, in percent",
        type=FieldType.NUMBER,
        required=False,
        default="50",
        help="From the median of the seven before. 0 allows no difference.",
    ),
    Field(
        name="least_bytes",
        is_rare=True,
        label="Smallest allowed, in bytes",
        type=FieldType.NUMBER,
        required=False,
        default="1",
    ),
    _duration("drill_age", "A restore is tried at least every", help="Empty: not asked for."),
    _duration("longest_restore", "A restore takes at most", help="Empty: any time."),
)
_DRIFT_FIELDS: Final = (
    _choice(
        "reader", "What is compared", {one.value: text for one, text in comparing.LABELS.items()}
    ),
    Field(
        name="ignored",
        label="Ignored",
        type=FieldType.LINES,
        required=False,
        help="Paths, one a line, * for anything, such as spec.replicas or metadata.annotations.*",
    ),
    Field(
        name="hidden",
        is_rare=True,
        label="Never shown",
        type=FieldType.LINES,
        required=False,
        help="Paths of secrets: that they differ is told, their values are not.",
    ),
    _choice(
        "declared_from",
        "What should be",
        {one.value: text for one, text in declared.LABELS.items()},
    ),
    Field(
        name="declared_url",
        label="Address",
        type=FieldType.URL,
        required=False,
        help="Of the file, or of the repository such as https://git.example.org/ops/shop.git.",
    ),
    Field(
        name="declared_path",
        label="File in the repository",
        required=False,
        help="Such as deploy/shop.yaml.",
    ),
    Field(name="declared_branch", label="Branch", required=False, help="Empty: main."),
    Field(
        name="declared_user",
        label="User name",
        required=False,
        help="Empty: the token alone is sent.",
    ),
    Field(name="declared_token", label="Token", type=FieldType.SECRET, required=False),
    _duration(
        "longest_silence", "A report is due every", help="Later it is unknown. Empty: never."
    ),
)
_CONFIGURATION_FIELDS: Final = (
    Field(
        name="bundle",
        label="Bundle",
        required=False,
        help="As in evenfall apply --bundle. Empty: all that were applied.",
    ),
    Field(
        name="ignored",
        label="Ignored",
        type=FieldType.LINES,
        required=False,
        help="Paths, one a line, * for anything, such as rotas.payments or silences.*",
    ),
)

INSIDE: Final = (
    InsideKind(
        name=HEARTBEAT,
        label="Heartbeat",
        about="A job, a timer or a device calls an address; somebody hears when it does not.",
        fields=_HEARTBEAT_FIELDS,
        usual=Usual(bad_needed=1, unknown_for_s=None),
        checked=_check_heartbeat,
        aimed=_rhythm,
    ),
    InsideKind(
        name=METRIC,
        label="Metric",
        about="A query is asked again and again, and its value compared with a threshold.",
        fields=_METRIC_FIELDS,
        usual=Usual(bad_needed=1),
        checked=_check_metric,
        aimed=lambda settings: " ".join(settings["query"].split())[:120],
    ),
    InsideKind(
        name=BACKUP,
        label="Backup",
        about="Backups are reported: their age, their size, and whether one can be restored.",
        fields=_BACKUP_FIELDS,
        usual=Usual(interval_s=300, bad_needed=1, unknown_for_s=None),
        checked=_check_backup,
        aimed=lambda settings: f"every {_said(settings, 'longest_age')}",
    ),
    InsideKind(
        name=DRIFT,
        label="Drift",
        about="What was declared is compared with what is: files, plans, manifests.",
        fields=_DRIFT_FIELDS,
        usual=Usual(interval_s=300, bad_needed=1),
        checked=_check_drift,
        aimed=_compared_with,
    ),
    InsideKind(
        name=CONFIGURATION,
        label="Drift of Evenfall's own configuration",
        about="What files declared with evenfall apply is compared with what is here now.",
        fields=_CONFIGURATION_FIELDS,
        usual=Usual(interval_s=300, bad_needed=1),
        checked=lambda settings: _check_patterns(settings, "ignored"),
        aimed=lambda settings: settings["bundle"] or "all bundles",
    ),
)
