"""Triage: work that can wait, in the order of its worth, with promises that are kept.

Words: an *item* is something to be done, of any source; its *priority* comes from impact and
urgency, its *score* orders the queue. A *clock* measures one promise of an item over a *business
calendar* (first response, decision, next contact, resolution). *Bandwidth* is the hours that a team
has; a *lane* of the board has a limit of work in progress.

Invariants: clocks are computed from events, never counted up; closed items keep the calendar they
were measured by; a score shows its parts.
"""
