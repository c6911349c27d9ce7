"""The shell every page stands in, and the pages that look across domains.

Words: the *shell* is the frame (navigation, search, theme); a *component* is a
partial or a tag of the `ui` library; *Tonight* is the home page.
Invariants: no style or script is written inside a page (strict content security
policy); every page can be read, and every alert acknowledged, without JavaScript.
"""
