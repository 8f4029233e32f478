"""The rows of what somebody may send to the broker, and the tests that show what becomes of it."""
