"""What is always true of the register, whoever writes to it."""


class InvariantBroken(ValueError):
    """A value that the register may never hold. `rule` is the invariant's id (`I1`), `detail` says what is wrong."""

    def __init__(self, rule: str, detail: str) -> None:
        """The message is `detail` with the id of the rule in front."""
        super().__init__(f"{rule}: {detail}")
        self.rule = rule
        self.detail = detail
