"""The two files of a shared workbench: how it is reached, and who may do what."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from urllib.parse import SplitResult, urlsplit

from pydantic import Field

from evaluator.errors import InvalidInputError, Problem, did_you_mean
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.located import read_yaml
from evaluator.loading.documents.validation import validate
from evaluator.model.base import Frozen, Id, Text
from evaluator.workbench.access.people import Grant, Role, Who

F = TypeVar("F", bound=Frozen)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
Named = Annotated[Text, Field(max_length=200)]


class InvalidSettingsError(InvalidInputError):
    """A file of a shared workbench that cannot be read."""


class SignIn(Frozen):
    """The provider that says who somebody is, by OpenID Connect."""

    issuer: Named
    """Its address, below which `.well-known/openid-configuration` stands."""
    client: Named
    """As the provider knows the workbench."""
    secret: Named | None = None
    """A file that holds the client's secret; none: the client is public, PKCE alone protects."""
    claim: Literal["sub", "email"] = "sub"
    """What a person is known by in the file of roles; an email has to be a verified one."""


class Tls(Frozen):
    """TLS ended by the workbench itself."""

    certificate: Named
    key: Named


class SharedSettings(Frozen):
    """How a shared workbench is reached; files are named from where this one stands."""

    address: Named
    """By which browsers reach it: https://..., or http:// on loopback for a trial."""
    sign_in: SignIn
    roles: Named
    """The file of people and roles; what is changed there holds at once."""
    tls: Tls | None = None
    proxy: Named | None = None
    """The address of the proxy that ends TLS: others are refused, its word on the client holds."""
    idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    """Without a request, after which a session ends."""
    session_hours: Annotated[int, Field(ge=1, le=24)] = 10
    """After which it ends in any case."""

    @property
    def url(self) -> SplitResult:
        """The address in its parts."""
        return urlsplit(self.address)

    @property
    def origin(self) -> str:
        """What browsers call the workbench: scheme, host and port."""
        return f"{self.url.scheme}://{self.host}"

    @property
    def host(self) -> str:
        """Its host, with a port that is not the usual one."""
        return self.url.netloc.lower()

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by TLS."""
        return self.url.scheme == "https"


class Person(Frozen):
    """What one person may do."""

    name: Annotated[Text, Field(max_length=100)]
    """As the record says it."""
    roles: tuple[Literal["analyst", "decider", "leadership", "advisory", "inspector"], ...] = ()
    agencies: Mapping[Id, Grant] = {}
    """Those whose weights they set and for which they speak, or whose part they read."""
    influence: bool = False
    """Whether they propose influence as well."""


class RolesFile(Frozen):
    """People by what the provider knows them by."""

    people: Mapping[Named, Person]


def read_settings(path: Path) -> SharedSettings:
    """Read how a workbench is shared. Raises InvalidInputError with every fault."""
    settings = _read(SharedSettings, path)
    if faults := [Problem(f"{path.name} {key}", *told) for key, *told in _faults(settings, path)]:
        raise InvalidSettingsError(faults)
    return settings


def read_roles(path: Path, agencies: Collection[str]) -> Mapping[str, Who]:
    """Read who may do what, by identity. Raises InvalidInputError with every fault.

    agencies: of the study.
    """
    people = _read(RolesFile, path).people
    names: dict[str, str] = {}
    faults = []
    for id_, one in people.items():
        where = f"{path.name} {id_}"
        if one.name in names:
            fact = f"has the name of {names[one.name]}, '{one.name}'."
            remedy = "The record tells people by their names: write them apart."
            faults.append(Problem(where, fact, remedy))
        names[one.name] = id_
        faults += [
            Problem(where, f"'{agency}' is no agency of the study.", did_you_mean(agency, agencies))
            for agency in one.agencies
            if agency not in agencies
        ]
        if not one.roles and not one.agencies:
            faults.append(Problem(where, "has no role.", "Give one, or take the person out."))
    if faults:
        raise InvalidSettingsError(faults)
    return {id_: _who(id_, one) for id_, one in people.items()}


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine's own.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("example.org")
    (True, True, False)
    """
    try:
        return host in _LOOPBACK or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _who(id_: str, one: Person) -> Who:
    grants: dict[Grant, Role] = {"edit": "editor", "read": "reader"}
    given = {grants[grant] for grant in one.agencies.values()}
    return Who(id_, one.name, frozenset({*one.roles, *given}), one.agencies, one.influence)


def _read(kind: type[F], path: Path) -> F:
    problems: list[Problem] = []
    found = validate(kind, read_yaml(path, path.name, Bounds()), problems)
    if found is None:
        raise InvalidSettingsError(problems)
    return found


Fault = tuple[str, str, str]
"""Key, fact, remedy."""


def _faults(settings: SharedSettings, path: Path) -> Iterator[Fault]:
    yield from _no_address("address", settings.address)
    yield from _no_address("issuer", settings.sign_in.issuer)
    yield from _unreached(settings)
    files = {"roles": settings.roles, "secret": settings.sign_in.secret}
    if settings.tls:
        files |= {"certificate": settings.tls.certificate, "key": settings.tls.key}
    for key, name in files.items():
        if name is not None and not (path.parent / name).is_file():
            yield key, f"there is no file '{name}'.", "Name it from where the settings stand."


def _no_address(key: str, text: str) -> Iterator[Fault]:
    try:
        url = urlsplit(text)
        host, port = url.hostname or "", url.port
    except ValueError:
        host, port, url = "", None, urlsplit("")
    if not host or url.username or url.query or url.fragment:
        yield key, f"'{text}' is no address.", "Write it as https://host, with a port if any."
    elif url.scheme != "https" and not (url.scheme == "http" and is_loopback(host)):
        yield key, f"'{text}' is not https.", "Beyond loopback nothing goes without TLS."
    elif (url.scheme, port) in (("https", 443), ("http", 80)):
        yield key, "names the port that is meant anyhow.", "Leave it out."


def _unreached(settings: SharedSettings) -> Iterator[Fault]:
    try:
        path, secure = settings.url.path, settings.secure
    except ValueError:  # told above
        return
    if path:
        yield "address", "has a path.", "Give the workbench a host of its own; end with no '/'."
    if secure and not settings.tls and not settings.proxy:
        yield "address", "is https, and nothing is said of who ends TLS.", "Name tls or a proxy."
    if settings.tls and settings.proxy:
        yield "proxy", "stands beside tls.", "Either the proxy ends TLS, or the workbench."
    if settings.proxy and not _is_address(settings.proxy):
        yield "proxy", f"'{settings.proxy}' is no IP address.", "Write it as 127.0.0.1."


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
