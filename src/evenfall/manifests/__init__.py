"""Configuration as code: what people declare in files, beside what there is.

Words: a *manifest* is one or more YAML files that name things by *key*; a *kind* is a sort of thing
(a team, a rota, a rule). A *bundle* is a manifest under a name, such as one repository. A *plan*
compares a bundle with what there is and says each *change*. *Applying* carries a plan out. A
*managed* thing was written by a bundle; *drift* is what was done to it since by other hands.

Invariants:
- Applying is one transaction: all of it, or nothing. Applying the same again changes nothing.
- It goes through the same actions as the pages, so rules, policies and rotas get their versions.
- What no bundle ever wrote is never deleted; a thing is managed by one bundle at most.
- Secrets are named in files and never written into them.
"""
