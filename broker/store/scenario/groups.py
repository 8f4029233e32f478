"""Organisations by the number, always the same ones for the same group."""

from collections.abc import Iterator

from broker.core.identifiers import InvalidIdentifier, KvkNumber, Rsin
from broker.core.organisations import LegalForm, Organisation
from broker.store.scenario.shapes import GroupShape

_SUFFIXES = {
    LegalForm.BV: " B.V.",
    LegalForm.NV: " N.V.",
    LegalForm.VOF: " V.O.F.",
    LegalForm.CV: " C.V.",
}


def member_ids(group: GroupShape) -> tuple[str, ...]:
    """The ids of the members of the group."""
    return tuple(f"{group.group}-{index + 1:04}" for index in range(group.count))


def generate(group: GroupShape) -> Iterator[Organisation]:
    """The members of the group; raises ValueError when there are too few words or numbers for its count."""
    if group.count > len(group.first) * len(group.second):
        raise ValueError(
            f"{group.count} organisations need more than {len(group.first)} × {len(group.second)} combinations of words"
        )
    rsins = _rsins(int(group.rsin_from))
    for index, member_id in enumerate(member_ids(group)):
        form = group.forms[index % len(group.forms)]
        words = group.first[index % len(group.first)], group.second[index // len(group.first)]
        yield Organisation(
            id=member_id,
            kvk_number=KvkNumber(f"{int(group.kvk_from) + index:08}"),
            rsin=None if form is LegalForm.EENMANSZAAK else next(rsins),
            legal_form=form,
            statutory_name=" ".join(words) + _SUFFIXES.get(form, ""),
            city=group.cities[index % len(group.cities)],
        )


def _rsins(start: int) -> Iterator[Rsin]:
    """The numbers from `start` that pass the elfproef."""
    for number in range(start, 10**9):
        try:
            yield Rsin(f"{number:09}")
        except InvalidIdentifier:
            continue
