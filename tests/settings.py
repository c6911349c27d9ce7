"""The product's settings on a PostgreSQL of the tests' own, unless DATABASE_URL names one."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from evenfall.config.embedded import EmbeddedPostgres

_SCRATCH = Path(tempfile.mkdtemp(prefix="evenfall-test-"))


def _start_postgres() -> str:
    """Start the embedded server without fsync: these tests are not about losing power."""
    server = EmbeddedPostgres(
        _SCRATCH / "pgdata", settings={"fsync": "off", "synchronous_commit": "off"}
    )
    url = server.start()
    atexit.register(_stop_postgres, server, os.getpid())
    return url


def _stop_postgres(server: EmbeddedPostgres, owner: int) -> None:
    """Stop the server and remove its folder, in the process that made them only."""
    if os.getpid() == owner:
        server.stop()
        shutil.rmtree(_SCRATCH, ignore_errors=True)


# set in the environment, so that the workers of pytest-xdist and processes under test share it
os.environ.setdefault("EVENFALL_DATA_DIR", str(_SCRATCH / "data"))
os.environ.setdefault("EVENFALL_SECRET_KEY", "only-for-tests")
# installs single sign-on; without a client id no provider is offered
os.environ.setdefault("EVENFALL_SIGN_IN_OIDC_SERVER", "https://id.example.org")
os.environ.setdefault("EVENFALL_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8,::1/128")
if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = _start_postgres()

from evenfall.config.settings import *  # noqa: E402, F403 - these settings are those with another database

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # templates may name static files that nobody collected
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# without the folder whitenoise warns, and a warning is an error
Path(os.environ["EVENFALL_DATA_DIR"], "static").mkdir(parents=True, exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, and only here
