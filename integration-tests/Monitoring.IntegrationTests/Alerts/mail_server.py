"""A mail server on loopback that wants encryption and a login: mail_server.py PORT CERTIFICATE KEY starttls|tls.

Says "ready" in JSON, then one line of JSON for each mail, parsed by Python's own library. The end of its input ends it.
"""
import email
import email.policy
import json
import socket
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


def say(what):
    print(json.dumps(what), flush=True)


class Handler:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say({
            "defects": [str(defect) for part in mail.walk() for defect in part.defects]
            + [f"{name}: {defect}" for name, value in mail.items() for defect in value.defects],
            "encrypted": session.ssl is not None or mode == "tls",
            "user": getattr(session.auth_data, "login", b"").decode(),
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "type": mail.get_content_type(),
            "from": mail["From"].addresses[0].display_name,
            "to": [address.addr_spec for address in mail["To"].addresses],
            "date": mail["Date"].datetime.isoformat(),
            "subject": mail["Subject"],
            "messageId": mail["Message-ID"].strip(),
            "inReplyTo": (mail["In-Reply-To"] or "").strip(),
            "text": mail.get_body(("plain",)).get_content(),
            "html": mail.get_body(("html",)).get_content(),
        })
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"ada" and data.password == "pa\u00dfwort-1234".encode(), auth_data=data, handled=False)


def try_once():
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", int(port)), 60) as plain, trusting.wrap_socket(plain) as secure:
        secure.recv(1024)


port, certificate, key, mode = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
options = {"require_starttls": True, "tls_context": context} if mode == "starttls" else {"ssl_context": context, "auth_require_tls": False}
controller = Controller(Handler(), hostname="127.0.0.1", port=int(port), auth_required=True, authenticator=authenticate, ready_timeout=60.0, **options)
if mode == "tls":
    # The controller's own trial connection uses the server's context, which is none for clients.
    controller._trigger_server = try_once
controller.start()
say({"ready": True})
sys.stdin.read()
controller.stop()
