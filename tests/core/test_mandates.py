"""What a mandate can never be, and what its status is as time goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.core.invariants import InvariantBroken
from broker.core.links import ChainLink, DirectLink, MeansInUse
from broker.core.mandates import ChainStatus, LinkStatus
from tests.core.register_values import (
    ALWAYS,
    CLIENT,
    OFFICE,
    TODAY,
    a_chain_link,
    a_coupling,
    a_direct_link,
    a_mandate,
    a_means,
    a_person,
    an_organisation,
    in_use,
)

AFTER = ALWAYS.valid_until + timedelta(1)


@given(st.sampled_from(["a", "b", "c"]), st.sampled_from(["a", "b", "c"]))
def test_I1_an_organisation_is_never_its_own_intermediary(client, through):
    grantor, intermediary = an_organisation(client), an_organisation(through)
    if client == through:
        with pytest.raises(InvariantBroken, match="I1"):
            a_mandate(grantor, intermediary)
    else:
        assert a_mandate(grantor, intermediary).grantor_id != intermediary.id


@pytest.mark.parametrize("status", [s for s in ChainStatus if s is not ChainStatus.EXPIRED])
def test_expiry_of_a_chain_mandate_follows_from_the_clock(status):
    mandate = a_mandate(status=status)
    assert mandate.status_at(ALWAYS.valid_until) is status
    lasting = status in (ChainStatus.ACTIVE, ChainStatus.SUSPENDED)
    assert mandate.status_at(AFTER) is (ChainStatus.EXPIRED if lasting else status)


@pytest.mark.parametrize("status", [s for s in LinkStatus if s is not LinkStatus.EXPIRED])
def test_expiry_of_a_coupling_and_of_a_direct_mandate_follows_from_the_clock(status):
    expected = status if status is LinkStatus.REVOKED else LinkStatus.EXPIRED
    for held in (a_coupling(a_mandate(), status=status), a_direct_link(status=status).mandate):
        assert held.status_at(TODAY) is status
        assert held.status_at(AFTER) is expected


def test_I6_expired_is_never_stored():
    for broken in (
        lambda: a_mandate(status=ChainStatus.EXPIRED),
        lambda: a_coupling(a_mandate(), status=LinkStatus.EXPIRED),
        lambda: a_direct_link(status=LinkStatus.EXPIRED),
    ):
        with pytest.raises(InvariantBroken, match="I6"):
            broken()


def test_links_refuse_parts_that_do_not_belong_together():
    link, other = a_chain_link(), an_organisation("Elders")
    for broken in (
        lambda: replace(link, client=other),
        lambda: replace(link, intermediary=other),
        lambda: ChainLink(a_coupling(a_mandate(other)), link.mandate, CLIENT, OFFICE),
        lambda: DirectLink(a_direct_link().mandate, other),
        lambda: MeansInUse(a_means(), a_person(), other, ()),
        lambda: MeansInUse(a_means(a_person(id="x")), a_person(), OFFICE, ()),
        lambda: in_use(a_direct_link(means_id="another")),
    ):
        with pytest.raises(InvariantBroken, match="I2"):
            broken()
