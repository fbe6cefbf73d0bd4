"""A provider of OpenID Connect that signs what it is told to, so that tokens may be amiss."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT = "workbench"
SECRET = "not-a-secret-of-anyone"  # noqa: S105


@dataclass
class Code:
    """What is handed out for a code."""

    challenge: str
    claims: dict[str, Any]
    sign: str = "RS256"
    key: Any = None
    answer: Mapping[str, Any] | None = None
    """In place of tokens."""
    alter: bool = False
    """Whether a letter of the token is changed after it was signed."""


@dataclass
class Issuer:
    """What it says of itself, and which codes it knows."""

    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, Code] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """Paths, in the order in which they were asked for."""

    def claims(self, others: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a good token says, but for what is told otherwise; empty: nothing of it."""
        now = int(time.time())
        told = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 60, **others}
        return {key: one for key, one in told.items() if one != ""}

    def metadata(self) -> dict[str, Any]:
        """Return what stands at its well-known address."""
        places = {
            f"{name}_endpoint": f"{self.address}/{name}"
            for name in ("authorization", "token", "userinfo")
        }
        return {"issuer": self.address, "jwks_uri": f"{self.address}/jwks", **places}

    def token(self, told: Mapping[str, list[str]]) -> tuple[int, Mapping[str, Any]]:
        """Return the answer to who brings a code: each is good once, with its verifier."""
        code = self.codes.pop(told.get("code", [""])[0], None)
        verifier = told.get("code_verifier", [""])[0]
        digest = hashlib.sha256(verifier.encode()).digest()
        if code is None or base64.urlsafe_b64encode(digest).decode().rstrip("=") != code.challenge:
            return 400, {"error": "invalid_grant"}
        if code.answer is not None:
            return 200, code.answer
        key = self.key if code.key is None else code.key
        header = {"alg": code.sign, "kid": "one"}
        signed = jwt.encode(header, code.claims, key, algorithms=[code.sign])
        if code.alter:
            head, body, signature = signed.split(".")
            signed = f"{head}.{body[:-2]}{'A' if body[-2] != 'A' else 'B'}{body[-1]}.{signature}"
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": signed}


def another_key(kind: str) -> Any:
    """Return a key that is not the provider's: the client's secret, or another pair."""
    if kind == "secret":
        return OctKey.import_key(SECRET)
    return RSAKey.generate_key(2048, {"kid": "one"})


@contextmanager
def issuing() -> Iterator[Issuer]:
    """Run one on a free port, on a site that is not the workbench's."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            known = {
                "/.well-known/openid-configuration": issuer.metadata(),
                "/jwks": {"keys": [issuer.key.as_dict(private=False)]},
            }
            self._tell(200 if self.path in known else 404, known.get(self.path, {}))

        def do_POST(self) -> None:
            issuer.asked.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._tell(*issuer.token(parse_qs(body, keep_blank_values=True)))

        def _tell(self, code: int, told: Mapping[str, Any]) -> None:
            data = json.dumps(told).encode()
            self.send_response(code)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
