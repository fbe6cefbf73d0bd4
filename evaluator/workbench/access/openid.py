"""Signing in by OpenID Connect: the code flow with PKCE, as Authlib has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from starlette.requests import Request

from evaluator.errors import EvaluatorError, UsageError
from evaluator.workbench.access.sessions import Numbered
from evaluator.workbench.access.settings import SignIn

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""By which tokens are signed: by keys that the provider alone has."""
STARTS = 1_000
"""Sign-ins that were begun and not ended, at once."""
SECONDS = 600.0
"""That somebody may take at the provider."""
_LEEWAY = 30
"""Seconds by which two clocks may differ."""
_PATIENCE = 10.0


class SignInError(EvaluatorError):
    """A sign-in that does not hold: expired, replayed, tampered with, or refused there."""


class ProviderError(EvaluatorError):
    """The provider does not answer, or not as one."""


@dataclass(frozen=True)
class Started:
    """A sign-in that was begun: what its end is held to, and where it leads."""

    state: dict[str, Any]
    to: str


@dataclass(frozen=True)
class Provider:
    """Who says who somebody is."""

    settings: SignIn
    secret: str | None
    back: str
    """The address to which it sends browsers back."""
    starts: Numbered[Started] = field(
        default_factory=lambda: Numbered(most=STARTS, longest=SECONDS)
    )

    async def start(self, request: Request, to: str) -> tuple[str, str]:
        """Begin a sign-in; return its number, and the address at the provider.

        to: the path that is shown afterwards. Raises ProviderError.
        """
        state: dict[str, Any] = {}
        request.scope["session"] = state
        with _asked(ProviderError):
            await self._metadata()
            answer = await self._client.authorize_redirect(request, self.back)
        return self.starts.begin(Started(state, to)), answer.headers["location"]

    async def finish(self, request: Request, number: str) -> tuple[str, str]:
        """Return the identity of who comes back from the provider, and where they wanted to go.

        number: of the sign-in that this browser began; it ends here, whatever comes of it. Raises
        SignInError where what comes back does not hold, ProviderError.
        """
        started = self.starts.end(number)
        if started is None:
            raise SignInError(
                "this sign-in was not begun in this browser, has ended, or took long."
            )
        request.scope["session"] = started.state
        with _asked(SignInError):
            await self._metadata()
            token = await self._client.authorize_access_token(
                request,
                claims_options={
                    "iss": {"essential": True, "value": self.settings.issuer},
                    "aud": {"essential": True, "value": self.settings.client},
                },
                leeway=_LEEWAY,
            )
            claims = token.get("userinfo") or {}
            if claims and self.settings.claim not in claims:
                claims = await self._more(token, claims)
        return self._identity(claims), started.to

    def _identity(self, claims: Mapping[str, Any]) -> str:
        found = claims.get(self.settings.claim)
        if not isinstance(found, str) or not found:
            raise SignInError(f"the provider tells no '{self.settings.claim}' of who signed in.")
        if self.settings.claim == "email" and claims.get("email_verified") is not True:
            raise SignInError("the provider has not verified the email of who signed in.")
        return found

    async def _more(self, token: Mapping[str, Any], claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the provider tells of a person apart from the token, of the same person."""
        more = await self._client.userinfo(token=token)
        return more if more.get("sub") == claims["sub"] else {}

    async def _metadata(self) -> None:
        """Read what the provider says of itself, once, and hold it to its name and to keys."""
        found = await self._client.load_server_metadata()
        if found.get("issuer") != self.settings.issuer:
            told = f"it goes by another name, '{found.get('issuer')}'"
            raise ProviderError(f"{self.settings.issuer} is not the provider: {told}.")
        name = "id_token_signing_alg_values_supported"
        found[name] = [one for one in found.get(name, ALGORITHMS) if one in ALGORITHMS]

    @cached_property
    def _client(self) -> Any:
        try:
            from authlib.integrations.starlette_client import OAuth
        except ImportError:
            fact = "a shared workbench needs Authlib, httpx2 and psycopg."
            raise UsageError(f"{fact} Install the engine with its extra 'shared'.") from None
        more = {} if self.secret else {"token_endpoint_auth_method": "none"}
        email = " email" if self.settings.claim == "email" else ""
        return OAuth().register(
            "provider",
            client_id=self.settings.client,
            client_secret=self.secret,
            server_metadata_url=f"{self.settings.issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": f"openid{email}",
                "code_challenge_method": "S256",
                "timeout": _PATIENCE,
                "follow_redirects": False,
                **more,
            },
        )


def provider_of(settings: SignIn, beside: Path, origin: str) -> Provider:
    """Return a provider as it is set up. Raises UsageError where Authlib is not installed.

    beside: the folder of the file of settings. origin: of the workbench.
    """
    secret = (beside / settings.secret).read_text().strip() if settings.secret else None
    found = Provider(settings, secret, f"{origin}/sign-in/return")
    _ = found._client
    return found


@contextmanager
def _asked(kind: type[EvaluatorError]) -> Iterator[None]:
    """Tell what Authlib, its tokens and its client raise as an error of ours, without secrets."""
    import httpx2
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    try:
        yield
    except httpx2.HTTPError as error:
        raise ProviderError(f"the provider does not answer ({_told(error)}).") from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError) as error:
        raise kind(f"what came back from the provider does not hold ({_told(error)}).") from error


def _told(error: Exception) -> str:
    """Return the kind of an error: its text may hold what is secret."""
    return type(error).__name__
