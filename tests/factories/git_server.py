"""A real Git server on the loopback interface: dulwich speaks smart HTTP over a bare repository."""

import base64
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any, cast, override
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import Ref
from dulwich.repo import Repo
from dulwich.server import BackendRepo, DictBackend
from dulwich.web import make_wsgi_chain

PATH = "/ops/runbooks.git"


class GitServer:
    """`token` is what it wants as a password, "" for nothing. `faults` come before anything else.

    A fault is a status, with a place to go to where that is a redirect; or "hang", or "big": 26 MB.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._repo = Repo.init_bare(folder)
        self._git: Any = make_wsgi_chain(
            DictBackend(cast("dict[str, BackendRepo]", {PATH: self._repo}))
        )
        self._released = threading.Event()
        self.token = ""
        self.fault: tuple[str, str] = ("", "")
        self.asked: list[tuple[str, str]] = []
        """Path and Authorization of each request."""
        self.address = ""

    @property
    def url(self) -> str:
        return self.address + PATH

    def commit(
        self, files: Mapping[str, str | bytes], *, branch: str = "main", links: Iterable[str] = ()
    ) -> str:
        """Make these files the newest commit of a branch; returns its id."""
        commit = Commit()
        commit.tree = self._tree(
            {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}
            | dict.fromkeys(links, b"/etc/passwd"),
            links=set(links),
        )
        commit.author = commit.committer = b"Ada <ada@example.org>"
        commit.author_time = commit.commit_time = 1_790_000_000
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = b"change"
        self._repo.object_store.add_object(commit)
        self._repo.refs[Ref(f"refs/heads/{branch}".encode())] = commit.id
        return commit.id.decode()

    def _tree(self, files: Mapping[str, bytes], *, links: set[str], at: str = "") -> ObjectID:
        tree, below = Tree(), dict[str, dict[str, bytes]]()
        for name, content in files.items():
            head, _, rest = name.partition("/")
            if rest:
                below.setdefault(head, {})[rest] = content
                continue
            blob = Blob.from_string(content)
            self._repo.object_store.add_object(blob)
            tree.add(head.encode(), 0o120000 if at + name in links else 0o100644, blob.id)
        for head, inner in below.items():
            tree.add(head.encode(), 0o040000, self._tree(inner, links=links, at=f"{at}{head}/"))
        self._repo.object_store.add_object(tree)
        return tree.id

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said = environ.get("HTTP_AUTHORIZATION", "")
        self.asked.append((environ["PATH_INFO"], said))
        status, place = self.fault
        if status == "hang":
            self._released.wait()
            status = "503 Service Unavailable"
        if status == "big":
            start_response("200 OK", [("Content-Type", "application/x-git-upload-pack-result")])
            return (bytes(1_000_000) for _ in range(26))
        if not status and self.token and self._password(said) != self.token:
            status = "401 Unauthorized"
        if status:
            start_response(status, [("Location", place)] if place else [])
            return [b"no"]
        answer: Iterable[bytes] = self._git(environ, start_response)
        return answer

    @staticmethod
    def _password(said: str) -> str:
        return base64.b64decode(said.removeprefix("Basic ")).decode().partition(":")[2]

    def stop(self) -> None:
        self._released.set()
        self._repo.close()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def git_server(folder: Path) -> Iterator[GitServer]:
    """A server for one repository, empty at first."""
    app = GitServer(folder)
    with make_server("127.0.0.1", 0, app, _Server, _Quiet) as server:
        app.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield app
        finally:
            app.stop()
            server.shutdown()
            thread.join()
