"""Runbooks: what to do when something breaks, written down, found in time and kept true.

Words: a *runbook* is a Markdown document with an owner; a *version* is one saved text of it. A
*source* is a folder or repository that runbooks are imported from and kept in step with. A *link*
ties a runbook to a service or to alerts by their labels. A *use* says how it went: used, wrong or
missing; *last proven* is the newest use that went well.

Invariants: versions are never changed or removed; two people who edit at once lose nothing.
"""
