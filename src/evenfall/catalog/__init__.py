"""What the organisation runs: services, who owns them and what they depend on.

Words: a *service* is something that can fail and that a team answers for; its *support
tier* (1 to 4) says how far from the customer its support starts; an *environment* is where
it runs; a *dependency* says that one service needs another.

Invariants:
- A slug names one service for ever; an archived service keeps its slug and its history.
- A service never depends on itself, not even through others.
"""
