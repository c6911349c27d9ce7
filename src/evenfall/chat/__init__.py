"""Chat: rooms of a team's chat tool that show incidents, and what people answer there.

Words: a *service* is a chat tool that a slice under ``integrations/`` speaks to; a *room* is a
channel of it, reached through an account (see providers in notifications). A *post* is the one
message about one incident in one room; it has a *wanted* and a *shown* version, and is *behind*
while they differ. An *opened room* is made for one incident, on request.

Invariants: one post for each incident and room, ever; a message never goes back to an older
version; whoever answers in a room is known by a verified contact method and has the same rights
as on the pages; nothing here runs in the lane that pages people.
"""
