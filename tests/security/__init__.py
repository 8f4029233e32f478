"""The rows of what somebody may send to the broker, and the tests that show what becomes of it.

PYTEST_DONT_REWRITE: it is loaded before pytest starts, and holds no asserts.
"""
