"""Controlling a network from outside: what tests and demonstrations do to it, over the API.

    register   organisations, people, means and mandates are added and changed
    resetting  everything back to where it began
    scripting  what the next logins will do
    oracle     what a correct service provider understood of a login

Nobody is asked for permission here: whoever may call the API is the operator.
"""
