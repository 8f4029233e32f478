"""A broker reduced to what travels over the wire, made without any code of this project.

It is a second reading of the interface: a service provider that logs in through it and through the real
broker shows that both speak the same language.
"""
