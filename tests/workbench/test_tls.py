"""TLS ended by the workbench itself, with a certificate that nobody else signed."""

from __future__ import annotations

import datetime as dt
import http.client
import os
import re
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.conftest import ROOT
from tests.workbench.shared import free_port

pytestmark = pytest.mark.slow
SETTINGS = """
address: https://localhost:{port}
tls: {{certificate: chain.pem, key: key.pem}}
roles: roles.yaml
sign_in: {{issuer: "http://localhost:9", client: workbench}}
"""


def self_signed(folder: Path) -> None:
    """Write a key and a certificate of localhost that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "chain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def asked(connection: http.client.HTTPConnection, path: str) -> http.client.HTTPResponse:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer


def test_the_workbench_ends_tls_itself(scenario: Path) -> None:
    folder, port = scenario.parents[2], free_port()
    self_signed(folder)
    (folder / "workbench.yaml").write_text(SETTINGS.format(port=port))
    (folder / "roles.yaml").write_text("people:\n  ann: {name: Ann Smith, roles: [decider]}\n")
    server = subprocess.Popen(
        [sys.executable, "-m", "evaluator", "serve", scenario, "--settings", "workbench.yaml",
         "--host", "127.0.0.1", "--port", str(port), "--record", "record.db"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        lines = (server.stdout.readline() for _ in range(5))
        address = next(found[0] for one in lines if (found := re.search(r"https?://\S+", one)))
        assert address == f"https://localhost:{port}/"
        trusted = ssl.create_default_context(cafile=folder / "chain.pem")
        secure = http.client.HTTPSConnection("localhost", port, timeout=60, context=trusted)
        assert asked(secure, "/health").status == 200
        stranger = asked(secure, "/decide")
        assert stranger.status == 401
        assert stranger.headers["strict-transport-security"] == "max-age=31536000"
        secure.close()
        with pytest.raises(ssl.SSLCertVerificationError):
            asked(http.client.HTTPSConnection("localhost", port, timeout=60), "/health")
        with pytest.raises((http.client.HTTPException, OSError)):
            asked(http.client.HTTPConnection("localhost", port, timeout=60), "/health")
    finally:
        server.terminate()
        server.wait(30)
        assert server.stdout is not None
        server.stdout.close()
