"""Where measurements come from: servers that answer queries about metrics.

Words: a *metric source* is a server with its address and credentials, of a *kind* that an
integration implements; a *query* is a text in the language of that kind, with `$names` that are
filled in before it is asked; an *answer* is the series found, or why there are none.

Invariants: a query is checked when it is stored, never first at night; no answer and an empty one
are told apart; credentials are encrypted and never shown.
"""
