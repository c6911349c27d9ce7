"""The ledger of what changed: deploys, flags, configuration, infrastructure.

Words: a *change* is a fact that somebody or something reported: what, where, when, by whom.
It is the first suspect of every incident.

Invariants:
- A change is never altered or removed by a person; a wrong one is answered by another.
- The same report (same source and same external id) is one row, however often it is sent.
"""
