"""The ground every domain stands on: clock, errors, journal, wake-ups, jobs, HTTP, secrets.

No business word is allowed here: nothing in this package knows what an alert or a rota is.

Invariants
- Nobody below the edge reads the clock: ``clock.utc_now`` is for views, API, jobs and processes.
- A fact is published in the transaction that made it true (``events.publish``).
- A wake-up carries no truth: losing, doubling or delaying one is harmless (``wakeups``).
"""
