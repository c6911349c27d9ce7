"""Who people are and what they may do.

Words: a *user* is a person who may sign in; a *team* owns things; a *membership* puts a
user into a team with a role there; an *invitation* is the only way to a new account; an
*API token* acts for its user, limited to its scopes; a *viewer* is whoever asks right now.

Invariants:
- An e-mail address is stored in lower case and belongs to one user.
- A token's or an invitation's secret is never stored: only a hash, or a signature that
  can be made again from the row.
- At least one active administrator remains, once there was one.
- Whoever is deactivated has no session and no working token.
- Every change is an event with the fields before and after.
"""
