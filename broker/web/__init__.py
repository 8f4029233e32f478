"""The broker as a web application: Flask, thin.

    app        the factory
    saml       endpoints of the interface: requests, answers, artifact resolution, metadata
    login      the screens of a login
    listing    the list of authentication services, for service providers
    logout     logging out, by way of the authentication service
    home       what this simulator is
    management the Beheermodule of the mandate register, a package of its own
    remembered the authentication service that was chosen last time
    errors     the one place where errors become pages
    pages      one dataclass per template
    language   Dutch and English
    headers    what every answer tells the browser
    bodies     how much of a request is read

A view turns an HTTP request into one call of a use case in `broker.simulator`, and what that returns into a page or a
redirect. Views decide nothing.
"""
