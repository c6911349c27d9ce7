"""Releases: a version of a service on its way through the stages, and what must be true before.

Words: a *release* is one version of one service; it walks *stages* (DEV, UAT, PROD or own); a
*gate* asks one question and answers pass, fail or unknown, with evidence; a *sign-off* is a
person's yes; an *exception* lets a release through a closed gate, with a name and a reason.

Invariants: unknown is never pass; whoever asks gets the same answer, a page, a pipeline or the API;
nobody signs their own exception.
"""
