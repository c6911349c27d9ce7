"""Steps against a real HAProxy with three real backends."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.factories.haproxy import Balancer, backend, balancer

from evenfall.integrations.haproxy.errors import (
    HaproxyAway,
    HaproxySaysNo,
    HaproxyUnclear,
    LastHealthyServer,
    ServerNotThere,
)
from evenfall.integrations.haproxy.kind import HaproxyStep
from evenfall.platform.http import OutgoingRefused

KIND = HaproxyStep()
NAMES = ("app1", "app2", "app3")
LIMIT = 5.0


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Balancer]:
    with ExitStack() as stack:
        backends = {name: stack.enter_context(backend(name)) for name in NAMES}
        yield stack.enter_context(balancer(tmp_path, backends=backends))


def wishes(web: Balancer, action: str, server: str = "app2", **more: str) -> dict[str, str]:
    fields = {one.name: one.default for one in KIND.fields}
    given = {"address": web.address, "action": action, "backend": "web", "server": server}
    return {**fields, **given, **more}


def run(asked: Mapping[str, str]) -> Mapping[str, str]:
    KIND.check(asked)
    result = KIND.run(asked, time_limit_s=LIMIT)
    assert result.ok, result.log
    return result.memory


def answers(web: Balancer) -> set[str]:
    return {httpx.get(f"http://127.0.0.1:{web.front}/").text for _ in range(12)}


@pytest.mark.parametrize("action", ["drain", "maint"])
def test_a_server_is_taken_out_and_put_back(web: Balancer, action: str) -> None:
    assert answers(web) == set(NAMES)

    memory = run(wishes(web, action))

    assert web.servers()["app2"].state == action
    assert answers(web) == {"app1", "app3"}
    undone = KIND.undo(wishes(web, action), memory, time_limit_s=LIMIT)
    assert undone is not None
    assert undone.ok
    web.wait_until(lambda servers: servers["app2"].is_up)
    assert answers(web) == set(NAMES)


def test_a_weight_is_set_and_put_back(web: Balancer) -> None:
    memory = run(wishes(web, "weight", weight="7"))

    assert web.servers()["app2"].weight == 7
    KIND.undo(wishes(web, "weight", weight="7"), memory, time_limit_s=LIMIT)
    assert web.servers()["app2"].weight == 100


def test_enabling_undoes_to_the_state_before(web: Balancer) -> None:
    run(wishes(web, "maint"))
    memory = run(wishes(web, "ready"))
    web.wait_until(lambda servers: servers["app2"].is_up)

    KIND.undo(wishes(web, "ready"), memory, time_limit_s=LIMIT)

    assert web.servers()["app2"].state == "maint"


def test_what_somebody_changed_since_is_left_alone(web: Balancer) -> None:
    memory = run(wishes(web, "drain"))
    run(wishes(web, "maint"))

    undone = KIND.undo(wishes(web, "drain"), memory, time_limit_s=LIMIT)

    assert undone is not None
    assert not undone.ok
    assert "somebody changed it since" in undone.log
    assert web.servers()["app2"].state == "maint"


def test_an_undo_without_memory_guesses_nothing(web: Balancer) -> None:
    run(wishes(web, "drain"))

    undone = KIND.undo(wishes(web, "drain"), {}, time_limit_s=LIMIT)

    assert undone is not None
    assert not undone.ok
    assert web.servers()["app2"].state == "drain"


@pytest.mark.parametrize(
    ("action", "more"), [("drain", {}), ("maint", {}), ("weight", {"weight": "0"})]
)
def test_the_last_healthy_server_stays(web: Balancer, action: str, more: dict[str, str]) -> None:
    """Whether the others are out by hand or ill makes no difference."""
    run(wishes(web, "maint", "app1"))
    web.backends["app3"].is_ill = True
    web.wait_until(lambda servers: not servers["app3"].is_up)

    for attempt in (KIND.dry_run, KIND.run):
        with pytest.raises(LastHealthyServer):
            attempt(wishes(web, action, **more), time_limit_s=LIMIT)

    assert web.servers()["app2"].is_up


def test_as_many_as_asked_for_stay(web: Balancer) -> None:
    with pytest.raises(LastHealthyServer, match="at least 3 must be"):
        KIND.run(wishes(web, "drain", least_up="3"), time_limit_s=LIMIT)


def test_an_ill_server_may_go_although_no_other_is_up(web: Balancer) -> None:
    for name in NAMES:
        web.backends[name].is_ill = True
    web.wait_until(lambda servers: not any(one.is_up for one in servers.values()))

    run(wishes(web, "maint"))

    assert web.servers()["app2"].state == "maint"


def test_an_undo_does_not_take_the_last_one_out(web: Balancer) -> None:
    run(wishes(web, "maint", "app2"))
    memory = run(wishes(web, "ready", "app2"))
    web.wait_until(lambda servers: servers["app2"].is_up)
    run(wishes(web, "maint", "app1"))
    run(wishes(web, "maint", "app3"))

    with pytest.raises(LastHealthyServer):
        KIND.undo(wishes(web, "ready", "app2"), memory, time_limit_s=LIMIT)


def test_an_undo_does_not_want_as_many_as_the_step(web: Balancer) -> None:
    """Three should be up after a fourth came; taken back, there may be two again."""
    run(wishes(web, "maint", "app2"))
    asked = wishes(web, "ready", "app2", least_up="3")
    memory = run(asked)
    web.wait_until(lambda servers: servers["app2"].is_up)

    undone = KIND.undo(asked, memory, time_limit_s=LIMIT)

    assert undone is not None
    assert undone.ok
    assert web.servers()["app2"].state == "maint"


def test_a_trial_says_what_stands_and_changes_nothing(web: Balancer) -> None:
    told = KIND.dry_run(wishes(web, "drain"), time_limit_s=LIMIT)

    assert told.ok
    assert "Now in web, 3 up:" in told.log
    assert "- app2: ready, up, weight 100" in told.log
    assert "Would send: set server web/app2 state drain" in told.log
    assert web.servers()["app2"].state == "ready"


def test_success_tests_look_at_the_backend(web: Balancer) -> None:
    def holds(condition: str, **more: str) -> bool:
        return KIND.test(condition, wishes(web, "drain", **more), {}, time_limit_s=LIMIT).ok

    assert holds("enough_up", least_up="3")
    assert holds("server_up")
    assert holds("no_sessions")
    run(wishes(web, "maint"))
    assert not holds("enough_up", least_up="3")
    assert holds("enough_up", least_up="2")
    assert not holds("server_up")


def test_what_is_not_there_is_said(web: Balancer) -> None:
    with pytest.raises(ServerNotThere, match="It has: app1, app2, app3"):
        KIND.run(wishes(web, "drain", "app9"), time_limit_s=LIMIT)
    with pytest.raises(HaproxySaysNo, match="find"):
        KIND.run(wishes(web, "drain", backend="nope"), time_limit_s=LIMIT)


def test_a_socket_of_this_machine_must_be_named(web: Balancer, settings: Any) -> None:
    asked = wishes(web, "drain", address=web.socket)
    with pytest.raises(HaproxyUnclear, match="EVENFALL_HAPROXY_SOCKETS"):
        KIND.check(asked)

    settings.EVENFALL = replace(settings.EVENFALL, haproxy_sockets=(web.socket,))

    run(asked)
    assert web.servers()["app2"].state == "drain"


def test_addresses_are_guarded(web: Balancer, settings: Any) -> None:
    settings.EVENFALL = replace(settings.EVENFALL, allow_private_addresses=())
    with pytest.raises(OutgoingRefused):
        KIND.run(wishes(web, "drain"), time_limit_s=LIMIT)


def test_one_that_is_away_is_said_to_be(web: Balancer) -> None:
    with pytest.raises(HaproxyAway):
        KIND.run(wishes(web, "drain", address="127.0.0.1:1"), time_limit_s=LIMIT)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "lb1"),
        ("address", "lb1:99999"),
        ("address", "lb1:٣"),
        ("backend", "web; shutdown"),
        ("server", "app1\nset server web/app2 state maint"),
        ("server", ""),
        ("weight", "257"),
        ("weight", ""),
        ("least_up", "99999"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_sent(field: str, value: str) -> None:
    good = {"address": "lb1:9999", "action": "weight", "backend": "web", "server": "a"}
    asked = {**good, "weight": "1", "least_up": "1"}
    KIND.check(asked)
    with pytest.raises(HaproxyUnclear) as refused:
        KIND.check({**asked, field: value})
    assert refused.value.field == field


def test_one_backend_is_one_target() -> None:
    one = {"address": "lb1:9999", "backend": "web", "server": "a"}
    assert KIND.target(one) == KIND.target({**one, "server": "b"}) == "haproxy:lb1:9999/web"
