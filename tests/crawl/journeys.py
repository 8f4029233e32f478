"""All journeys, in the order in which they are made. They name no words of a page: they are made in both languages.

The last puts the register back.
"""

from collections.abc import Callable

from tests.crawl import clients, desk, logins, module
from tests.crawl.journey import Journey

JOURNEYS: tuple[Callable[[Journey], None], ...] = (
    logins.front_pages,
    logins.on_behalf_of_a_client,
    logins.revoked_on_the_way,
    logins.for_the_only_organisation,
    logins.refused_and_back,
    logins.stopped_at_the_stub,
    logins.messages_without_a_page,
    logins.logged_out,
    module.managed,
    module.invited_one_by_one,
    module.invited_from_a_file,
    module.answered_with_means,
    module.at_the_door,
    clients.agreed_by_link,
    clients.signed_together,
    clients.declined_by_link,
    clients.wrote_to_us,
    desk.registered_a_service_provider,
    desk.told_a_story,
    desk.judged_a_message,
    desk.had_kvk_say_something_else,
    desk.decided_on_requests,
    desk.reviewed,
    desk.looked_at_logins,
)
