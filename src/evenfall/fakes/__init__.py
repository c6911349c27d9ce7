"""Fakes of the providers, so that every channel can be rehearsed without an account.

``evenfall fakes`` serves all of them from one port: each vendor below its own name, with the
answers, callbacks, delays and faults that its documentation describes, and what a person would do
(reply, press a key, tap a button) below ``/_/``. Nothing here knows the rest of Evenfall: a fake
that shares code with what it tests would share its mistakes.
"""
