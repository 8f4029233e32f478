"""What the screens of a login share: where their forms lead, and what the person is logging in for."""

from datetime import datetime
from typing import Any, TypedDict

from flask import url_for
from flask_wtf.csrf import generate_csrf

from broker.core.login import Login
from broker.core.text import Text
from broker.web import pages
from broker.web.current import simulator


class StepValues(TypedDict):
    """The fields of `pages.Step`."""

    asked: pages.ServiceAsked
    cancel_url: str
    hidden: dict[str, str]
    form_targets: tuple[str, ...]
    finish_before: datetime


def step_values(login: Login) -> StepValues:
    """What every step of a login shows. A form may end up at the service provider, to which the answer is sent."""
    return {
        "asked": service_asked(login),
        "cancel_url": address(login, "login.cancel"),
        "hidden": {"csrf_token": generate_csrf()},
        "form_targets": targets(login),
        "finish_before": login.expires_at,
    }


def service_asked(login: Login) -> pages.ServiceAsked:
    """The service as the catalogue has it now."""
    service = simulator().catalogue.find(login.asked.service_id)
    if service is None:  # withdrawn while the person was busy
        unnamed = Text(login.asked.service_id, login.asked.service_id)
        return pages.ServiceAsked(service=unnamed, provider=unnamed, level=login.asked.level)
    return pages.ServiceAsked(
        service=service.name,
        provider=service.provider_name,
        level=login.asked.level,
        provider_name=service.provider_called(login.asked.provider_name) if login.asked.provider_name else None,
        description=service.description,
    )


def targets(login: Login) -> tuple[str, ...]:
    """Where a form may lead besides this site."""
    return (login.asked.addressed.consumer_location,)


def address(login: Login, endpoint: str, **parameters: Any) -> str:
    """The address of `endpoint` for this login; parameters that are None are left out."""
    return url_for(endpoint, login_id=login.id, **parameters)
