"""How core values stand in columns."""

from datetime import UTC, datetime
from enum import Enum

import sqlalchemy as sa

PLAIN = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that every database compares by code point, as Python does."""


class UtcDateTime(sa.TypeDecorator[datetime]):
    """A moment. Takes aware datetimes only and gives them back in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """To UTC; SQLite keeps no time zone, so it gets none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def enumerated(kind: type[Enum]) -> sa.Enum:
    """A text column that holds the values of `kind` and gives its members."""
    return sa.Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=False,
        length=32,
    )
