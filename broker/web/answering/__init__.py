"""Where a client answers an invitation, and where a second representative signs: by a link, without logging in (M-06).

    views   the two links
    forms   what there is to fill in
    pages   one dataclass per template

Whoever has the link acts for the client. A link that is wrong, old or used is the same page to everybody.
"""
