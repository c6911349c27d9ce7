"""Foresight: what a change would do before it is saved, and what would not work at night.

Words: a *what-if* replays the recorded alerts of the last days through the decisions of the
product, as things are and as they would be; a *finding* is something that would keep a page from
reaching anybody, with an owner and a way to mend it.

Invariants: a what-if changes nothing but its own record; it decides nothing by itself, every
decision is a call of the domain that owns it; a finding that is gone is closed, never deleted, and
one that somebody dismissed comes back on the day they chose.
"""
