"""Incidents: what people work on, from the first alert to "it is over".

Words: an *incident* holds one or more alerts of one problem, or was *declared* by a person; it is
*open*, *acknowledged*, *resolved*, or *merged* into another one, and then frozen. *Severity* says
how bad it is, *urgency* whether somebody is woken for it. Its *story* is the journal, read aloud.

Invariants: at most one incident holds a group of alerts at a time (partial unique index); an alert
belongs to one incident; a merged incident never changes again and never points to another merged
one; every change of an incident is a fact in the journal.
"""
