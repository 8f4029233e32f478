"""Storing what the register's administration knows: who manages it, the papers of mandates, and what happened.

    tables     the tables, besides those that a login needs (`broker.store.tables`)
    rows       rows <-> core values
    filed      chain mandates with their dossiers
    mandate_list  those of one organisation, page by page
    couplings  couplings of mandates, with the means they are for
    invitations, relations, people, organisations, checks
    trade_register  what the stub of KVK's trade register draws on
    events     the chain of events
    mails, due mails that are queued, and what falls due on a day
    names      what organisations are called

Every change is stored in one transaction together with its event; nothing here decides whether it may be made.
"""
