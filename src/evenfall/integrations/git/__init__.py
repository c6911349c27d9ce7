"""Markdown files out of Git repositories, over HTTPS.

The protocol is dulwich's; its requests leave through the guarded client. Only the newest commit is
asked for, nothing is written to a disk, and no `git` program is needed.
"""

from evenfall.integrations.git.reader import GitReader
from evenfall.runbooks import ports

ports.register_repository_reader(GitReader())
