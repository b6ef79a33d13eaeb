"""Mail leaves by the way that the settings name: a folder, or a real conversation in SMTP."""

import email
import mailbox
import socketserver
import threading
from email import policy
from urllib.parse import urlsplit

import pytest

from portal.core import jobs, mail
from portal.core.db import transaction

LETTER = {"to": "zhou@huadong-home.example", "subject": "重设密码", "body": "请打开以下链接。\n"}


class Postman(socketserver.StreamRequestHandler):
    """Speaks as much of SMTP (RFC 5321) as it takes to receive one letter."""

    def handle(self) -> None:
        self.say(b"220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self.say(b"354 go on")
                self.server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.say(b"221 bye" if verb == b"QUIT" else b"250 ok")
            if verb == b"QUIT":
                return

    def say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


@pytest.fixture
def postman():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        server.letters = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_letter_goes_out_by_smtp(app, postman, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{postman.server_address[1]}")
    mail.send(LETTER)
    [raw] = postman.letters
    letter = email.message_from_bytes(raw, policy=policy.default)
    assert (letter["To"], letter["Subject"]) == (LETTER["to"], LETTER["subject"])
    assert letter.get_content().strip() == LETTER["body"].strip()


def test_a_letter_lies_in_the_folder_by_default(app):
    mail.send(LETTER)
    folder = mailbox.Maildir(urlsplit(app.config["MAIL_URL"]).path, create=False)
    assert LETTER["to"] in [letter["To"] for letter in folder]


def test_a_letter_that_cannot_leave_is_tried_again(app, db, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://127.0.0.1:9")
    with transaction():
        jobs.owe("mail", LETTER)
    assert jobs.run_once() == 1
    job = db.session.query(jobs.Job).one()
    assert (job.state, job.attempts, job.error) == ("queued", 1, "ConnectionRefusedError")
