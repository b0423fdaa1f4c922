"""A mail server of a test's own, on a loopback port: what it takes lies in a folder, one file each."""

import pathlib
import ssl
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

port, folder, mode, certificate, key = sys.argv[1:6]


class Keep:
    """Keeps what comes. Nobody lives at nobody@, and later@ has no room now."""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user here"
        if address.startswith("later@"):
            return "451 4.2.2 mailbox full, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        target = pathlib.Path(folder) / f"{time.time_ns()}.eml"
        head = f"X-Rcpt: {','.join(envelope.rcpt_tos)}\nX-Encrypted: {session.ssl is not None or mode == 'tls'}\n"
        part = target.with_suffix(".part")
        part.write_bytes(head.encode() + envelope.content)
        part.rename(target)
        return "250 OK"


def authenticator(server, session, envelope, mechanism, data):
    known = isinstance(data, LoginPassword) and data == LoginPassword(b"crm", "密码 secret".encode())
    return AuthResult(success=known, handled=False)


context = None
if mode != "none":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
options = {"hostname": "127.0.0.1", "port": int(port), "authenticator": authenticator}
if mode == "starttls":
    options |= {"tls_context": context, "require_starttls": True, "auth_required": True}
elif mode == "tls":
    options |= {"ssl_context": context, "auth_required": True, "auth_require_tls": False}
Controller(Keep(), **options).start()
print("ready", flush=True)
while True:
    time.sleep(3600)
