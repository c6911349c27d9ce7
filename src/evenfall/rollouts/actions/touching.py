"""The part that touches the outside: no database, one time limit, and no error gets out."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from msgspec import Struct, field

from evenfall.platform.errors import DomainError
from evenfall.platform.logs import get_logger
from evenfall.rollouts import errors, ports
from evenfall.rollouts.actions.claiming import LIMIT_S, Errand
from evenfall.rollouts.actions.deploying import Placing
from evenfall.rollouts.logic.states import Deployed
from evenfall.rollouts.ports import Deployment, Seen

GIVE_UP_AFTER_S: Final = 1.0
LEAST_S: Final = 0.3

log = get_logger(__name__)


class Answer(Struct, kw_only=True):
    """What came back: `seen` is None where nothing did, `deployments` has the sides that answered;
    `trouble` says why.
    """

    seen: Seen | None = field(default=None)
    deployments: dict[str, Deployment] = field(default_factory=dict)
    trouble: str = ""


def touch(errand: Errand) -> Answer:
    """Apply or read, and see to the deploy. Returns soon after the limit, and never raises."""
    answer = Answer(trouble=f"No answer in {LIMIT_S:g} s.")
    done = Answer()

    def work() -> None:
        deadline = time.monotonic() + LIMIT_S
        done.seen, done.trouble = _caught(errand, lambda: _traffic(errand))
        for one in errand.orders:
            # one act at a time shares the limit, and the last one gets a moment in any case
            left = max(deadline - time.monotonic(), LEAST_S)
            found, trouble = _caught(errand, partial(_deploy, errand, one, left))
            if found is not None:
                done.deployments[one.order.side] = found
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


def _deploy(errand: Errand, one: Placing, limit_s: float) -> Deployment:
    deployer = ports.deployer(errand.deploy_kind)
    if deployer is None:
        raise errors.PortMissing(kind=errand.deploy_kind)
    if one.state is Deployed.ASKED:
        return deployer.begin(errand.deploy, one.order, time_limit_s=limit_s)
    return deployer.look(errand.deploy, one.order, one.memory, time_limit_s=limit_s)
