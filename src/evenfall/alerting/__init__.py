"""Alerts: from a tool's message to a decision with its reason.

Words: an *integration* is a key that some tool sends to; a *signal* is one message as received; an
*alert* is one problem, open until resolved, known by (integration, dedup key); an *outcome* is what
was decided for it.

Invariants: a sender gets 2xx only after its signal is committed; a signal is never changed; at most
one alert of the same integration and dedup key is open.
"""
