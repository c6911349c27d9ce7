"""The part that touches the outside: no database, one time limit, and no error gets out."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from evenfall.platform.errors import DomainError
from evenfall.platform.logs import get_logger
from evenfall.rollouts import errors, ports
from evenfall.rollouts.actions.claiming import LIMIT_S, Errand
from evenfall.rollouts.logic.states import Deployed
from evenfall.rollouts.ports import Deployment, Seen

GIVE_UP_AFTER_S: Final = 1.0

log = get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Answer:
    """What came back. `seen` and `deployment` are None where nothing did; `trouble` says why."""

    seen: Seen | None = field(default=None)
    deployment: Deployment | None = field(default=None)
    trouble: str = ""


def touch(errand: Errand) -> Answer:
    """Apply or read, and see to the deploy. Returns soon after the limit, and never raises."""
    answer = Answer(trouble=f"No answer in {LIMIT_S:g} s.")
    done = Answer()

    def work() -> None:
        done.seen, done.trouble = _caught(errand, lambda: _traffic(errand))
        if errand.order is not None:
            done.deployment, trouble = _caught(errand, lambda: _deploy(errand))
            done.trouble = done.trouble or trouble

    # a thread of its own: one that never comes back must not keep the lane
    thread = threading.Thread(target=work, name=f"rollout {errand.rollout_id}", daemon=True)
    thread.start()
    thread.join(LIMIT_S + GIVE_UP_AFTER_S)
    return answer if thread.is_alive() else done


def _caught[T](errand: Errand, work: Callable[[], T]) -> tuple[T | None, str]:
    try:
        return work(), ""
    except DomainError as error:
        return None, error.message
    except Exception as error:  # noqa: BLE001 - a port is somebody else's code
        # only its name: the words of an error may hold what the settings hold
        name = type(error).__name__
        log.error("a port of a rollout failed inside", rollout=errand.rollout_id, error=name)  # noqa: TRY400 - see above
        return None, f"The port failed inside: {name}."


def _traffic(errand: Errand) -> Seen:
    port = ports.traffic_port(errand.traffic_kind)
    if port is None:
        raise errors.PortMissing(kind=errand.traffic_kind)
    if errand.must_apply:
        return port.apply(errand.traffic, errand.split, time_limit_s=LIMIT_S)
    seen = port.read(errand.traffic, errand.split, time_limit_s=LIMIT_S)
    if seen.fits:
        return seen
    # somebody else moved it, or it began anew: what was decided here holds
    return port.apply(errand.traffic, errand.split, time_limit_s=LIMIT_S)


def _deploy(errand: Errand) -> Deployment:
    deployer = ports.deployer(errand.deploy_kind)
    if deployer is None or errand.order is None:
        raise errors.PortMissing(kind=errand.deploy_kind)
    if errand.deployed is Deployed.ASKED:
        return deployer.begin(errand.deploy, errand.order, time_limit_s=LIMIT_S)
    return deployer.look(errand.deploy, errand.order, errand.memory, time_limit_s=LIMIT_S)
