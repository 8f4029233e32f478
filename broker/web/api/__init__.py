"""The API to control a network with: an application of its own, without cookies, that answers in JSON.

    app            the application
    guard          who may call
    problems       errors as RFC 9457 has them
    document       the OpenAPI document, and a page to read it on
    shapes         what goes in and out, and from and to the values of the core
    installation   what the API knows of the network that it controls

The other modules are the calls, by subject. Each is one use case of `broker.simulator`.
"""
