"""What is asked of chain mandates and of the register, by id, and the tests that carry the id in their name."""
