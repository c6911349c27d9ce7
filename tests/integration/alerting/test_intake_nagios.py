"""The script of the documentation, run as Nagios would, against a real front door."""

import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from tests import documentation
from tests.factories.alerting import receive
from tests.factories.senders import KEY, make_keyed
from tests.integration.alerting.intake_server import running

from evenfall.alerting.models import Alert
from evenfall.platform.clock import utc_now

PAGE = "docs/how-to/connect-nagios-and-icinga.md"
# what a shell would run, expand or cut in two
OUTPUT = "DISK CRITICAL - $(id) `id` 'one' \"two\" a&b=c%20 \\ \N{SNOWMAN}; rm -rf /"


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.django_db(transaction=True)
def test_script_opens_acknowledges_and_ends_an_alert(now: datetime, tmp_path: Path) -> None:
    script = tmp_path / "evenfall-notify"
    script.write_text(documentation.blocks("text")[_first()].text)
    script.chmod(0o755)
    make_keyed("nagios", now=now)
    with running() as server:

        def notify(kind: str, state: str, key: str = KEY) -> int:
            pairs = [f"type={kind}", "host=db-1", "service=Disk /var", f"state={state}"]
            pairs += [f"output={OUTPUT}", "comment=$NOTIFICATIONCOMMENT$"]
            address = f"{server.url}/in/{key}/nagios"
            command = [str(script), address, *pairs]
            return subprocess.run(command, check=False, capture_output=True, timeout=30).returncode

        assert notify("PROBLEM", "CRITICAL") == 0
        receive(utc_now())
        alert = Alert.objects.get()
        assert alert.summary == f"Disk /var on db-1 is CRITICAL: {OUTPUT}"
        assert (alert.severity, alert.state) == ("critical", "open")
        assert notify("ACKNOWLEDGEMENT", "CRITICAL") == 0
        assert notify("DOWNTIMESTART", "CRITICAL") == 0
        receive(utc_now())
        alert.refresh_from_db()
        assert alert.state == "acknowledged"
        assert notify("RECOVERY", "OK") == 0
        receive(utc_now())
        alert.refresh_from_db()
        assert alert.state == "resolved"

        assert notify("PROBLEM", "CRITICAL", key="wrong") != 0
        assert httpx.post(f"{server.url}/in/{KEY}/nagios", content=b"x").status_code == 400


def _first() -> int:
    """The place of the page's first block among all of this kind."""
    return [block.page for block in documentation.blocks("text")].index(PAGE)
