"""Rollouts: moving the traffic to a new version step by step, and back at once when it is worse.

Words: a *rollout* brings one release to one place by a *strategy* (canary or blue/green) through a
*traffic port* (HAProxy, Gateway API, nginx, webhook); its *steps* are weights and pauses; the
*analysis* compares the new side with the *stable* one; a *verdict* is pass, fail or inconclusive;
a version is *proven* when its watch after promotion has passed.

Invariants: traffic is either as the last finished step says or on its way back to stable, never
half; no data is never a pass; what was switched is read back before it is believed.
"""
