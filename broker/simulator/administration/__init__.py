"""The use cases of the register's administration, for the Beheermodule, the operator's desk and programs alike.

Each is one transaction: what it is about is read, the pure transition of `broker.core.administration` says whether it
may be and what becomes of it, and the result is stored with its event. Refusals are raised (`ChangeRefused`), so
nothing half done stays. A caller says which version it saw; a change in between is `CHANGED_MEANWHILE`.

    recording   what all use cases share: the moment and its rules, storing a change with its event
    checking    asking KVK, recording what it said, and having the stub of KVK say something else
    relations   the clients of an intermediary: listed, added, removed with all that hangs on them
    granting    a client issues a mandate itself; what every new mandate goes through
    renewing    a new period, in place or by a successor, with the couplings
    notifying   who is told what by mail when a mandate changes
    wording     what mails tell of an invitation
    links       where the links of mails lead, and the secrets in them
    daily       what people are told because time went by
    delivery    handing mails over to a mail server
    endings     suspend, resume, revoke, end on a day
    coupling    tying mandates to means, one by one and in bulk; `uncoupling` ends many
    mandates    looking at mandates; `possibilities` says what may be done to one
    colleagues  who has which means
    history     what happened
"""
