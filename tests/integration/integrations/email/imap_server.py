"""A small IMAP server that keeps mails in memory: what RFC 3501 says of the commands we use."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, override

from msgspec import Struct, field

_WORD: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|(\([^)]*\))|(\S+)')


class Kept(Struct):
    """One mail in a folder."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


class Folder(Struct):
    validity: int = 7
    mails: list[Kept] = field(default_factory=list)
    next_uid: int = 1

    def add(self, raw: bytes, *flags: str) -> int:
        uid = self.next_uid
        self.next_uid += 1
        self.mails.append(Kept(uid=uid, raw=raw, flags=set(flags)))
        return uid


class Server(Struct):
    """What the test sees: the folders, the log of commands, and what to refuse."""

    port: int = 0
    folders: dict[str, Folder] = field(
        default_factory=lambda: {"INBOX": Folder(), "Done": Folder()}
    )
    commands: list[str] = field(default_factory=list)
    password: str = "secret"
    hang_up_at: str = ""

    @property
    def inbox(self) -> Folder:
        return self.folders["INBOX"]


@contextmanager
def imap_server() -> Iterator[Server]:
    """Serve until the end of the block."""
    kept = Server()

    class Handler(_Session):
        server_state = kept

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()


class _Session(socketserver.StreamRequestHandler):
    """One connection."""

    server_state: Server
    folder: Folder

    @override
    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            words = ["".join(found) for found in _WORD.findall(rest)]
            name = " ".join(words[:2]).upper() if words[0].upper() == "UID" else words[0].upper()
            self.server_state.commands.append(rest)
            if self.server_state.hang_up_at and self.server_state.hang_up_at in rest:
                return
            act: Callable[[list[str]], str] = getattr(self, f"do_{name.replace(' ', '_')}")
            self._say(f"{tag} {act(words)} done")
            if name == "LOGOUT":
                return

    def _say(self, text: str, raw: bytes = b"", *, end: bytes = b"\r\n") -> None:
        self.wfile.write(text.encode() + raw + end)

    def do_CAPABILITY(self, _words: list[str]) -> str:  # noqa: N802 - the command's name
        self._say("* CAPABILITY IMAP4rev1")
        return "OK"

    def do_LOGIN(self, words: list[str]) -> str:  # noqa: N802 - the command's name
        return "OK" if words[2] == self.server_state.password else "NO wrong password"

    def do_SELECT(self, words: list[str]) -> str:  # noqa: N802 - the command's name
        if words[1] not in self.server_state.folders:
            return "NO no such folder"
        self.folder = self.server_state.folders[words[1]]
        self._say(f"* {len(self.folder.mails)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self.folder.validity}] valid")
        return "OK [READ-WRITE]"

    def do_UID_SEARCH(self, words: list[str]) -> str:  # noqa: N802 - the command's name
        mails = self.folder.mails
        if words[2] == "UNSEEN":
            found = [mail.uid for mail in mails if r"\Seen" not in mail.flags]
        elif words[2] == "UID":
            first = int(words[3].partition(":")[0])
            # "n:*" always names the last one, even where that is below n
            found = [m.uid for m in mails if m.uid >= first] or [m.uid for m in mails[-1:]]
        else:
            found = [mail.uid for mail in mails]
        self._say(" ".join(["* SEARCH", *map(str, found)]))
        return "OK"

    def do_UID_FETCH(self, words: list[str]) -> str:  # noqa: N802 - the command's name
        for mail in self._named(words[2]):
            if "RFC822.SIZE" in words[3]:
                self._say(f"* 1 FETCH (UID {mail.uid} RFC822.SIZE {len(mail.raw)})")
            else:
                self._say(
                    f"* 1 FETCH (UID {mail.uid} BODY[] {{{len(mail.raw)}}}\r\n", mail.raw, end=b""
                )
                self._say(")")
        return "OK"

    def do_UID_STORE(self, words: list[str]) -> str:  # noqa: N802 - the command's name
        for mail in self._named(words[2]):
            mail.flags |= set(words[4].strip("()").split())
        return "OK"

    def do_UID_COPY(self, words: list[str]) -> str:  # noqa: N802 - the command's name
        if words[3] not in self.server_state.folders:
            return "NO no such folder"
        for mail in self._named(words[2]):
            self.server_state.folders[words[3]].add(mail.raw, *mail.flags)
        return "OK"

    def do_EXPUNGE(self, _words: list[str]) -> str:  # noqa: N802 - the command's name
        self.folder.mails = [m for m in self.folder.mails if r"\Deleted" not in m.flags]
        return "OK"

    def do_LOGOUT(self, _words: list[str]) -> str:  # noqa: N802 - the command's name
        self._say("* BYE")
        return "OK"

    def _named(self, uid: str) -> list[Kept]:
        return [mail for mail in self.folder.mails if mail.uid == int(uid)]
