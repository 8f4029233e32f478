"""The broker as a web application: Flask, thin.

    app        the factory
    saml       endpoints of the interface: requests, answers, artifact resolution, metadata
    login      the screens of a login
    represent  those of them about whom to act for
    developer  what stands behind these, for developers; revoking, which revokes from there
    steps      what all of them share
    listing    the list of authentication services, for service providers
    logout     logging out, by way of the authentication service
    home       what this simulator is
    management the Beheermodule of the mandate register, a package of its own
    remembered the authentication service that was chosen last time
    operator   the pages for whoever runs the simulator
    errors     the one place where errors become pages
    pages      one dataclass per template; drawer, for a part of some
    language   Dutch and English
    headers    what every answer tells the browser
    bodies     how much of a request is read

A view turns an HTTP request into one call of a use case in `broker.simulator`, and what that returns into a page or a
redirect. Views decide nothing.
"""
