"""A service provider of which the driver knows nothing, with every odd way to send a visitor on."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from flask import Flask, redirect

from broker.testing.serving import listening, serving


@contextmanager
def strange_service_provider(login: str, posts: str = "", context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Its address; each of its pages leads, in its own way, to the address `login` or nowhere.

    `posts` is a whole page of the test's own, at `/posts`. With a `context` it serves https.
    """
    answers = {
        "/refresh": lambda: f'<meta http-equiv="Refresh" content="0; url={login}">',
        "/script": lambda: _form("/hop", '<input type="hidden" name="to" value="x">'),
        "/hop": lambda: redirect(login, 303),
        "/button": lambda: _form("/hop", '<input name="mail"><button>Zakelijk</button>'),
        "/link": lambda: f'<title>Kies</title><p><a href="{login}">eHerkenning</a>',
        "/nowhere": lambda: ("<title>Kapot</title>", 500),
        "/empty": lambda: "",
        "/posts": lambda: posts,
        "/self": lambda: redirect("/other"),
        "/other": lambda: redirect("/self"),
        "/round": lambda: _form("/round", '<input type="hidden" name="a">'),
        "/away": lambda: redirect("http://login.example.org/?SAMLRequest=secret"),
    }
    app = Flask("stranger")
    for path, answer in answers.items():
        app.add_url_rule(path, path, answer, methods=["GET", "POST"])
    with listening() as port, serving(app, port, context):
        yield f"{'https' if context else 'http'}://127.0.0.1:{port.getsockname()[1]}"


def _form(action: str, fields: str) -> str:
    return f'<form method="post" action="{quote(action)}">{fields}</form>'
