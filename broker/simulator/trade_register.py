"""The stub of KVK's trade register: fictitious numbers that KVK publishes, and every organisation of the register.

What it says of a number is, in this order: what the operator has it answer, an error for a number that the file marks
so, the organisation of the register, that of the file. Who represents an organisation comes from the register, else
from the file, else one director is made up. Nothing here is part of the port `core.administration.trade_register`: a
client of KVK's own interface takes this one's place in `compose`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from broker.core.administration.representatives import Authority, Representative
from broker.core.administration.trade_register import Extract, KvkResult, NoAnswer
from broker.core.identifiers import KvkNumber, Rsin
from broker.core.organisations import KvkStatus, LegalForm
from broker.store.administration import trade_register as stored
from broker.store.administration.trade_register import Answer, Known
from broker.store.database import Store, Transaction
from broker.store.scenario.document import Document
from broker.store.scenario.notation import Day, Kvk, Name, RsinNumber

_FIRST: Final = ("Bo", "Chris", "Dominique", "Eli", "Floor", "Jamie", "Kai", "Luca", "Mika", "Noa", "Robin", "Sam")
_LAST: Final = ("Bedenksel", "Denkbeeld", "Droombeeld", "Fabel", "Fantasie", "Hersenspinsel", "Luchtbel", "Verzinsel")


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RepresentativeShape(_Shape):
    """One representative in the file."""

    name: Name
    authority: Authority
    country: str = Field(default="NL", pattern=r"^[A-Z]{2}$")
    since: Day | None = None
    until: Day | None = None


class OrganisationShape(_Shape):
    """One organisation in the file."""

    kvk: Kvk
    name: Name
    form: LegalForm
    rsin: RsinNumber | None = None
    city: Name
    status: KvkStatus = KvkStatus.ACTIVE
    trade_names: tuple[Name, ...] = ()
    representatives: tuple[RepresentativeShape, ...] = ()
    branches: int = Field(default=1, ge=0)
    answers: bool = True


class TradeRegisterShape(_Shape):
    """The whole file."""

    organisations: tuple[OrganisationShape, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """What the file says: extracts by number, and numbers about which KVK gives an error."""

    extracts: Mapping[KvkNumber, Extract]
    without_answer: frozenset[KvkNumber]


def read_published(path: Path, loaded_at: datetime) -> Published:
    """The file of published numbers. Raises `ConfigError`, one line: file, line, reason."""
    document = Document.read(path)
    extracts: dict[KvkNumber, Extract] = {}
    silent = set()
    for index, shape in enumerate(document.validated(TradeRegisterShape, loaded_at).organisations):
        number = KvkNumber(shape.kvk)
        if number in extracts:
            raise document.error(("organisations", index, "kvk"), f"KvK number {number} stands here twice")
        extracts[number] = _extract(number, shape)
        silent |= set() if shape.answers else {number}
    return Published(extracts, frozenset(silent))


@dataclass(frozen=True, slots=True)
class StubTradeRegister:
    """`TradeRegister` without KVK."""

    store: Store
    published: Published

    def look_up(self, number: KvkNumber) -> Extract | None:
        """The extract of `number`; None when it is not known. Raises `NoAnswer`."""
        found = self.look_up_many((number,))[number]
        if isinstance(found, NoAnswer):
            raise found
        return found

    def look_up_many(self, numbers: Collection[KvkNumber]) -> Mapping[KvkNumber, Extract | NoAnswer | None]:
        """The same for many numbers, in as many statements as for one."""

        def load(tx: Transaction) -> tuple[Mapping[KvkNumber, Known], Mapping[KvkNumber, Answer]]:
            return stored.known(tx, numbers), stored.answers(tx, numbers)

        known, answers = self.store.read(load)
        return {number: self._say(number, known.get(number), answers.get(number)) for number in numbers}

    def has_data(self, number: KvkNumber) -> bool:
        """Whether there is an organisation to tell about, so that the operator can have it confirmed."""
        return number in self.published.extracts or number in self.store.read(lambda tx: stored.known(tx, (number,)))

    def _say(self, number: KvkNumber, known: Known | None, answer: Answer | None) -> Extract | NoAnswer | None:
        published = self.published.extracts.get(number)
        extract = _merged(known, published) if known else published
        if answer is not None:
            return _overridden(extract, answer.result)
        return _no_answer(number) if number in self.published.without_answer else extract


def _overridden(extract: Extract | None, result: KvkResult) -> Extract | NoAnswer | None:
    if result is KvkResult.ERROR:
        return NoAnswer("the operator has KVK give no answer")
    if extract is None or result is KvkResult.NOT_FOUND:
        return None
    match result:
        case KvkResult.INACTIVE:
            return replace(extract, status=KvkStatus.DEREGISTERED)
        case KvkResult.SIGNATORY_NOT_AUTHORISED:
            return replace(extract, status=KvkStatus.ACTIVE, representatives=())
    return replace(extract, status=KvkStatus.ACTIVE)


def _no_answer(number: KvkNumber) -> NoAnswer:
    return NoAnswer(f"KVK answers with an error about {number}")


def _merged(known: Known, published: Extract | None) -> Extract:
    one = known.organisation
    people = known.representatives or (published.representatives if published else ()) or (_made_up(one.kvk_number),)
    if one.legal_form is LegalForm.EENMANSZAAK and not known.representatives and not published:
        people = (replace(people[0], authority=Authority.OWNER),)
    return Extract(
        kvk_number=one.kvk_number,
        rsin=one.rsin,
        legal_form=one.legal_form,
        statutory_name=one.statutory_name,
        city=one.city,
        status=one.kvk_status,
        trade_names=one.trade_names,
        representatives=people,
        branches=known.branches or (published.branches if published else 1),
    )


def _made_up(number: KvkNumber) -> Representative:
    """A director with sole authority whose name follows from the number, so it is the same in every process."""
    one, other = sha256(number.encode()).digest()[:2]
    return Representative(f"{_FIRST[one % len(_FIRST)]} {_LAST[other % len(_LAST)]}", Authority.SOLE)


def _extract(number: KvkNumber, shape: OrganisationShape) -> Extract:
    return Extract(
        kvk_number=number,
        rsin=Rsin(shape.rsin) if shape.rsin else None,
        legal_form=shape.form,
        statutory_name=shape.name,
        city=shape.city,
        status=shape.status,
        trade_names=shape.trade_names,
        representatives=tuple(
            Representative(person.name, person.authority, person.country, person.since, person.until)
            for person in shape.representatives
        ),
        branches=shape.branches,
    )
