"""Objectives: how good is good enough, how much of the error budget is left, and who spent it.

Words: an *indicator* counts good and total events; an *objective* is a target over a window; the
*error budget* is what the target leaves; *burn* is how fast it goes, 1 is exactly used up at the
end of the window; a *correction* takes a time out of the sums, with a reason.

Invariants: counts are per minute and every window is a sum of them; no data is unknown, never
100 %; what was measured is never altered, corrections stand beside it.
"""
