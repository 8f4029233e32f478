"""Logging in without a browser: through every redirect and form of a service provider, the broker and its stub.

    from broker.headless import log_in

    result = log_in("http://127.0.0.1:8000/login", person="Fleur Voorbeeld", client="Glasblazerij Zeepbel")
    result.outcome, result.page.title

It stands beside the broker and imports nothing of it but what a loopback address is: it sees what a browser sees. The
service provider is a stranger, of which nothing is known but that it sends its visitors on with redirects and forms.
The pages of the broker and the stub say in a `meta` element which they are (`screens`).

`driving` holds the loop and is the place to begin; `browser` and `page` are a browser without a window, `choices` what
the person does, `result` what came of it, `addresses` what a URL tells. `passing` is for the broker's side alone, when
the choices are written down there.
"""

from broker.headless.browser import Browser
from broker.headless.choices import Choices, Screen
from broker.headless.driving import log_in
from broker.headless.faults import Stuck
from broker.headless.result import Outcome, Result, Step

__all__ = ["Browser", "Choices", "Outcome", "Result", "Screen", "Step", "Stuck", "log_in"]
