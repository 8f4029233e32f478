"""Changing the register: who may do what to a mandate, and what becomes of it. Pure, as all of `broker.core`.

    admission       the door of the Beheermodule: who may enter, and in which quality
    actors          who wants the change, and for which organisation
    permissions     the table of who may do what
    obstacles       every reason why a change is refused; `advice` has the words
    dossiers        a chain mandate with its papers: when it was asked, signed, checked, and why it ended
    lifecycle       the transitions of a chain mandate, each a function from one dossier to the next
    couplings       tying a mandate to means of login
    invitations     asking a client for a mandate
    representatives who may sign for an organisation, and when there are enough signatures
    trade_register  what KVK knows of an organisation, and the check that each mandate needs
    manager_roles   who may manage the register for an organisation
    policy          what suppliers differ on
    working_days    due dates of reviews
    mail            what people are told, and when; `letters` has the words
    scope_words     what a scope is called; `scope_parts` is what it can be made of
    events          what happened, in one chain

The register refuses by raising `ChangeRefused`, so that whatever was begun in the same transaction is undone.
"""
