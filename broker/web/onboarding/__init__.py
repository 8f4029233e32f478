"""For who wants to work with chain mandates: what they are, what they cost, and how to begin (M-32, M-42, M-46).

    views   the pages
    forms   the application, and the request for a quote
    pages   one dataclass per template

No login is needed here.
"""
