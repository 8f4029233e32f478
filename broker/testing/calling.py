"""Calls of the control API of a running broker (docs/api.md)."""

from typing import Any, Final

import requests

_TIMEOUT_S: Final = 130  # an answer may be asked to take two minutes


class CallRefused(Exception):
    """The API refused a call: `status` and `code`, and in the message what was wrong and what to do about it."""

    def __init__(self, what: str, problem: dict[str, Any]) -> None:
        self.status, self.code = int(problem.get("status", 0)), str(problem.get("code", ""))
        super().__init__(
            "\n".join((f"{what}: {self.status} {self.code}: {problem.get('detail', '')}", *_lines(problem)))
        )


class Api:
    """The API below `base`, with its token if it has one. Close it at the end."""

    def __init__(self, base: str, token: str | None = None) -> None:
        self.base = base
        self._session = requests.Session()
        self._session.trust_env = False  # loopback never goes through a proxy
        if token is not None:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of the answer, or None when there is none. Raises `CallRefused`.

        `body` is JSON, or octets of XML; of a GET it is the query, without what is None in it.
        """
        content: dict[str, Any] = {"params": body} if method == "GET" else {"json": {} if body is None else body}
        if isinstance(body, bytes):
            content = {"data": body, "headers": {"Content-Type": "application/samlmetadata+xml"}}
        answer = self._session.request(method, f"{self.base}{path}", timeout=_TIMEOUT_S, **content)
        if not answer.ok:
            raise CallRefused(f"{method} {path}", answer.json())
        return answer.json() if answer.content else None


def _lines(problem: dict[str, Any]) -> list[str]:
    """What is wrong where, by which rule, and what to do."""
    wrong = [f"  {one['place']}: {one['detail']}" for one in problem.get("problems", ())]
    found = [f"  {one['rule']} {one['where']}: {one['detail']} {one['fix']}" for one in problem.get("findings", ())]
    return [*wrong, *found, f"  {problem.get('next_step', '')}"]
