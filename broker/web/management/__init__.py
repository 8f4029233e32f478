"""The Beheermodule of the mandate register: web pages at `/beheer`, for who logged in through our own broker.

    routes     the blueprint, and the door: without a session there is nothing but the entrance
    entrance   front page, logging in, logging out
    visit      the session in the browser's cookie, and who is visiting
    frame      what stands around every page: who is in, and where one can go
    refusals   where a refusal of the register becomes a page
    overview   the first page of a manager
    own_couplings  that of everybody else
    relations, issuing, mandates, mandate_changes, couplings, uncouplings, history   the work on the register
    words      what states are called; `event_words` say what happened
    forms      what forms share: fields, and checks with words of our own
    pages      one dataclass per template; `register_pages` has those about the register

A page is a module with views on `routes.blueprint`; importing it in `views` puts it in the application. A view calls
one use case with `visit.visitor()`, and renders a page. Who may open a page says `routes.opens_to`; without it only a
manager who may do everything does.
"""
