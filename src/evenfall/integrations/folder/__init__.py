"""Copies of status pages in a folder of this machine, for a web server or a mounted disk.

A folder is named, not given as a path: it lies below EVENFALL_STATUS_COPIES_DIR, so that whoever
manages a page cannot write elsewhere.
"""

from evenfall.integrations.folder.place import Folder
from evenfall.statuspages import ports

ports.register_place(Folder())
