"""A real nginx whose split is put there by the runner's own code, as the how-to says."""

import re
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from msgspec import Struct
from tests.factories.haproxy import Backend, backend
from tests.factories.identity import NOW
from tests.factories.ports import free_port
from tests.scenarios.installation import eventually

from evenfall.cli.runner.allowed import Allowed, Parameter
from evenfall.cli.runner.commands import run_command
from evenfall.integrations.nginx.splitting import config_of
from evenfall.integrations.nginx.traffic import NginxFailed, NginxTraffic, NginxUnclear
from evenfall.platform.clock import utc_now
from evenfall.platform.database import in_own_connections
from evenfall.rollouts.ports import Split
from evenfall.runbooks import actions

HOWTO = Path(__file__).parents[4] / "docs/how-to/roll-out-a-canary.md"
WEB = {"runner": "edge", "command": "split", "name": "web"}
LIMIT = 10.0
pytestmark = pytest.mark.django_db(transaction=True)


def split(weight: int, routes: dict[str, str] | None = None) -> Split:
    return Split(new="green", stable="blue", weight=weight, routes=routes or {})


class Edge(Struct, kw_only=True):
    """A real nginx, and the file that it includes."""

    port: int
    file: Path

    def ask(self, count: int = 60, **headers: str) -> Counter[str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"http://127.0.0.1:{self.port}/"
        return Counter(httpx.get(url, headers=named, trust_env=False).text for _ in range(count))


@pytest.fixture
def edge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Edge]:
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if nginx is None:
        pytest.skip("nginx is not installed: see tools/install_test_tools.sh")
    with ExitStack() as stack:
        sides = {name: stack.enter_context(backend(name)) for name in ("blue", "green")}
        one = Edge(port=free_port(), file=tmp_path / "split.conf")
        one.file.write_text('split_clients "$request_id" $evenfall_web { * blue; }\n')
        (tmp_path / "nginx.conf").write_text(_config(one, sides, tmp_path))
        wrapped = tmp_path / "bin/nginx"
        wrapped.parent.mkdir()
        wrapped.write_text(f'#!/bin/sh\nexec {nginx} -p {tmp_path} -c nginx.conf "$@"\n')
        wrapped.chmod(0o755)
        monkeypatch.setenv("PATH", f"{wrapped.parent}:/usr/bin:/bin")
        running = subprocess.Popen([str(wrapped), "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        stack.callback(running.wait)
        stack.callback(running.terminate)
        stack.callback(_runner(tmp_path, one.file))
        eventually(lambda: _answers(one), what="nginx")
        yield one


def _answers(one: Edge) -> bool:
    try:
        return bool(one.ask(1))
    except httpx.HTTPError:
        return False


def _config(one: Edge, sides: dict[str, Backend], folder: Path) -> str:
    paths = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in paths)
    upstreams = " ".join(
        f"upstream {name} {{ server 127.0.0.1:{side.port}; }}" for name, side in sides.items()
    )
    return f"""
user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    {temporary}
    include {one.file};
    {upstreams}
    server {{
        listen 127.0.0.1:{one.port};
        location / {{ proxy_pass http://$evenfall_web; }}
    }}
}}
"""


def _runner(folder: Path, file: Path) -> Callable[[], None]:
    """Work as `evenfall runner` does, with the script and the list of the how-to."""
    text = HOWTO.read_text()
    script = folder / "evenfall-nginx"
    found = re.search(r"```text\n(#!/bin/sh\n.*?)```", text, re.DOTALL)
    pattern = re.search(r"pattern = '(.*)' }", text)
    assert found
    assert pattern
    script.write_text(found[1])
    script.chmod(0o755)
    allowed = Allowed(
        name="split",
        argv=(str(script), str(file), "{config}"),
        parameters={"config": Parameter(type="text", pattern=pattern[1])},
    )
    runner_id, _ = actions.create_runner(name="edge", now=NOW, actor="user:1")
    stopped = threading.Event()

    def work() -> None:
        while not stopped.wait(0.02):
            errand = actions.hand_out(runner_id=runner_id, now=utc_now())
            if errand is not None:
                argv = allowed.filled(errand.arguments)
                done = run_command(argv, folder="/", time_limit_s=errand.time_limit_s)
                actions.take_result(
                    runner_id=runner_id,
                    work_id=errand.id,
                    ok=done.ok,
                    output=done.output,
                    now=utc_now(),
                )

    thread = threading.Thread(target=lambda: in_own_connections(work), daemon=True)
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join()

    return stop


def test_requests_are_split_and_come_back(edge: Edge) -> None:
    port = NginxTraffic()
    port.check(WEB)
    assert not port.read(WEB, split(50), time_limit_s=LIMIT).fits
    assert port.apply(WEB, split(50), time_limit_s=LIMIT).fits
    eventually(lambda: len(edge.ask()) == 2, what="both sides")
    assert port.read(WEB, split(50), time_limit_s=LIMIT).fits

    routed = split(0, routes={"X-Canary": "yes"})
    assert port.apply(WEB, routed, time_limit_s=LIMIT).fits
    eventually(lambda: edge.ask(20, X_Canary="yes") == {"green": 20}, what="the header route")
    assert edge.ask(20) == {"blue": 20}

    assert port.apply(WEB, split(100), time_limit_s=LIMIT).fits
    eventually(lambda: edge.ask(20) == {"green": 20}, what="the switch")
    assert port.apply(WEB, split(0), time_limit_s=LIMIT).fits
    eventually(lambda: edge.ask(20) == {"blue": 20}, what="the way back")


def test_what_nginx_does_not_take_is_put_back(edge: Edge) -> None:
    before = edge.file.read_text()
    broken = split(20, routes={"X-Canary": 'a"; }'})

    with pytest.raises(NginxFailed):
        NginxTraffic().apply(WEB, broken, time_limit_s=LIMIT)

    assert edge.file.read_text() == before
    assert edge.ask(10) == {"blue": 10}


def test_a_runner_that_does_not_come_is_named() -> None:
    actions.create_runner(name="edge", now=NOW, actor="user:1")
    with pytest.raises(NginxFailed, match="edge did not answer"):
        NginxTraffic().apply(WEB, split(20), time_limit_s=0.2)
    for name, value in (("runner", "a b"), ("name", "A-b")):
        with pytest.raises(NginxUnclear):
            NginxTraffic().check({**WEB, name: value})


def test_several_headers_are_asked_one_after_the_other() -> None:
    said = config_of("web", split(5, routes={"A": "1", "B": "2"}))
    assert said == (
        'split_clients "$request_id" $evenfall_web_drawn { 5% green; * blue; } '
        'map $http_a $evenfall_web_1 { default $evenfall_web_drawn; "1" green; } '
        'map $http_b $evenfall_web { default $evenfall_web_1; "2" green; }'
    )
