"""Notifications: reaching one human over one channel, and knowing whether it worked.

Words
    contact method   one way to reach one person (an e-mail address, a device, a web hook)
    channel          the program that knows how to speak to one kind of contact method
    notice           one message to one person over one contact method, with its state
    hand over        the moment a notice leaves us for the provider; it cannot be called back

Invariants
    - A notice moves only along the table in ``logic.states``.
    - A notice is written as sent before the provider is called, so that a crash in between
      leaves ``unknown`` and never silence.
    - Every attempt of one notice carries the same idempotency key.
    - A cancelled notice is never handed over, even when a sender had already claimed it.
    - No transaction is open while a provider is being called.
"""
