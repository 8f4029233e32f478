"""The simulator: its composition, and the use cases of a login. Knows the store and the messages, not the web.

    context          `Simulator`: everything a use case needs, as one value
    compose          makes it from settings
    requests         a service provider asks for a login
    authentication   the leg to the authentication service
    representation   on whose behalf
    pinning          organisations on top of the list
    developer        why somebody is not in the list; revoking in the middle of a login
    issuing          the decision once more, then signed and delivered; cancelling
    registers        the statements of the two mandate registers
    answers          a Response behind an artifact
    resolution       the back channel
    participants     the authentication services of the network, as it is now
    own_keys         what the broker signs with, and replacing it
    preselection     which authentication services can be chosen for a service
    logout           a service provider's LogoutRequest, on to the authentication service
    logout_return    the answer to it, back to the service provider

Each use case is a function of the simulator, the browser's reference and what was posted. `core.login` says which of
them may follow which; `core.decision` says who may act for whom; nothing here decides either.
"""
