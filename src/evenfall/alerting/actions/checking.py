"""Is a signed message from who it says? Asked before it is read, for a whole batch at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct, field

from evenfall.alerting.actions.fetching import certificates, wait_for
from evenfall.alerting.models import Integration
from evenfall.alerting.models.signal_queue import QueuedSignal
from evenfall.alerting.ports.checks import Signed, signed_format

_LONGEST_ERROR = 500


class Checked(Struct, frozen=True):
    """`good` may be read. `unsure` (with the reason) could not be checked: a person must look.

    `refused` holds (integration id, reason) of messages that are forged or not signed.
    """

    good: list[QueuedSignal] = field(default_factory=list)
    unsure: list[tuple[QueuedSignal, str]] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def check_signals(signals: Sequence[QueuedSignal], *, now: datetime) -> Checked:
    """Sort signals; one whose certificate has yet to be fetched is put aside and comes again.

    Runs in the caller's transaction. Costs nothing but a look at names where nothing is signed.
    """
    formats = {name: signed_format(name) for name in {signal.format for signal in signals}}
    signed = [signal for signal in signals if formats[signal.format] and not signal.unparsed]
    if not signed:
        return Checked(good=list(signals))
    secrets = _secrets(signed)
    urls = {one.id: _url(one, formats[one.format]) for one in signed}
    known = certificates(filter(None, urls.values()), now=now)
    checked = Checked()
    for signal in signals:
        format_ = formats[signal.format]
        if format_ is None or signal.unparsed:
            checked.good.append(signal)
            continue
        certificate = known.get(urls[signal.id])
        if urls[signal.id] and certificate is None:
            wait_for(urls[signal.id], signal_id=signal.id, received_at=signal.received_at)
        elif certificate is not None and certificate.problem:
            checked.unsure.append((signal, certificate.problem))
        else:
            text = certificate.text if certificate else ""
            _judge(signal, format_, secrets.get(signal.integration_id) or "", text, checked)
    _note(checked.refused)
    return checked


def _judge(
    signal: QueuedSignal, format_: Signed, secret: str, certificate: str, checked: Checked
) -> None:
    problem = format_.problem(signal.body, secret=secret, certificate=certificate)
    if problem:
        checked.refused.append((signal.integration_id, problem))
    else:
        checked.good.append(signal)


def _url(signal: QueuedSignal, format_: Signed | None) -> str:
    return "" if format_ is None else format_.certificate_url(signal.body)


def _secrets(signals: Sequence[QueuedSignal]) -> Mapping[int, str | None]:
    ids = {signal.integration_id for signal in signals}
    return dict(Integration.objects.filter(id__in=ids).values_list("id", "secret"))


def _note(refused: Sequence[tuple[int, str]]) -> None:
    """Show on the page of each integration why its last message was refused."""
    for integration_id, reason in dict(refused).items():
        Integration.objects.filter(id=integration_id).update(last_error=reason[:_LONGEST_ERROR])
