"""What mandates cost, in both readings of "irrespective of the number of mandates"."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broker.core.administration.policy import PriceReading, RegisterPolicy
from broker.core.administration.prices import YearlyPrice, price_of, yearly_price
from broker.core.mandates import ChainStatus
from broker.core.validity import Validity
from tests.core.register_values import TAX, TODAY, a_mandate, an_organisation, providers

PER_RELATION = RegisterPolicy()
FLAT = replace(PER_RELATION, price_reading=PriceReading.FLAT)
BAKERY, GARAGE = an_organisation("Bakkerij"), an_organisation("Garage")
MANDATES = [a_mandate(BAKERY), a_mandate(GARAGE), a_mandate(GARAGE, id="second", scope=providers(TAX))]


def test_M40_reading_A_is_a_price_for_each_client_however_much_it_covers():
    price = yearly_price(MANDATES, PER_RELATION, TODAY)
    assert (price.count, price.each_cents, price.total_cents) == (2, 1995, 3990)


def test_M40_reading_B_is_one_price_however_many_clients():
    assert yearly_price(MANDATES, FLAT, TODAY) == YearlyPrice(1, 1995)
    assert yearly_price([], FLAT, TODAY).total_cents == 0


@pytest.mark.parametrize("status", [status for status in ChainStatus if status is not ChainStatus.EXPIRED])
def test_M40_what_runs_is_charged_and_nothing_else(status):
    runs = status in (ChainStatus.ACTIVE, ChainStatus.SUSPENDED)
    assert yearly_price([a_mandate(BAKERY, status=status)], PER_RELATION, TODAY).count == runs


def test_M40_an_expired_mandate_is_no_longer_charged():
    last = Validity(TODAY - timedelta(10), TODAY)
    mandate = a_mandate(BAKERY, validity=last)
    assert yearly_price([mandate], PER_RELATION, TODAY).count == 1
    assert yearly_price([mandate], PER_RELATION, TODAY + timedelta(1)).count == 0


def test_M40_M41_the_amount_is_a_setting_and_there_is_no_other_line():
    cheap = replace(PER_RELATION, price_cents=100)
    assert price_of(7, cheap) == YearlyPrice(7, 100)
    assert price_of(7, cheap).total_cents == 700
