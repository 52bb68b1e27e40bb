#!/usr/bin/env python3
"""A server of the conventions that shares nothing with the reference server but the specification.

It takes the variations that the specification leaves wherever the reference server does not.
"""

import argparse
import itertools
import os
import secrets
import signal
import ssl
import subprocess
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.dont_write_bytecode = True
import login  # noqa: E402
import target_file  # noqa: E402
import wire  # noqa: E402
from answers import Answer, Refusal, Request, bad  # noqa: E402
from harbour import MEMBERS, Harbour  # noqa: E402

LARGEST_BODY = 1 << 20
TURNS = itertools.count(1)


class Talk(BaseHTTPRequestHandler):
    """One connection: reads requests, lets the harbour answer, writes answers."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    disable_nagle_algorithm = True
    wbufsize = -1

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.serve
        raise AttributeError(name)

    def serve(self):
        body, late = self._read_body()
        parts = (self.command, self.path, self.headers.get("Content-Type", ""), body)
        request = Request.read(*parts)
        sign = None
        try:
            request.address = self.client_address[0]
            header = self.headers.get("Authorization")
            request.user, sign = self.server.gate.user_of(header, self.command, self.path, body)
            if late:
                raise late
            answer = self.server.harbour.answer(request)
        except login.Unproved as problem:
            answer = self._refused(Refusal(problem.status, problem.detail, "NOT_LOGGED_IN"), problem.stale)
        except Refusal as refusal:
            answer = self._refused(refusal)
        self._write(request, answer, sign)

    def _read_body(self):
        """The body, and what is to be said of it once the user is known."""
        if "Transfer-Encoding" in self.headers:
            self.close_connection = True
            return b"", Refusal(411, "Say how long the body is.", "NO_LENGTH")
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()):
            self.close_connection = True
            return b"", bad("That is no length.", "BAD_LENGTH")
        if int(length) > LARGEST_BODY:
            self.close_connection = True
            return b"", Refusal(413, "The body is too large.", "TOO_LARGE")
        return self.rfile.read(int(length)), None

    def _refused(self, refusal, stale=False):
        headers = dict(refusal.headers)
        if refusal.status == 401:
            headers["www-AUTHENTICATE"] = self.server.gate.challenges(stale)
        return Answer(refusal.status, refusal.document(), "application/problem+json", headers)

    def _write(self, request, answer, sign):
        value = answer.in_envelope() if request.asks("envelope") else answer.value
        body = b""
        if value is not None:
            body = wire.written(value, request.asks("pretty"), ascii_only=len(request.path) % 2 == 0)
        turn = next(TURNS)
        if turn % 5 == 0:
            self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nX-Hint: soon\r\n\r\n")
        self.send_response(answer.status, "Aye" if turn % 2 else "")
        if value is not None:
            self.send_header("cONTENT-tYPE", answer.media_type)
        for name, texts in answer.headers.items():
            for text in texts if isinstance(texts, list) else [texts]:
                self.send_header(name, text)
        if sign:
            self.send_header("authentication-info", sign(body if self.command != "HEAD" else b""))
        if turn % 7 == 0:
            self.send_header("connection", "Close")
        if turn % 14 and answer.status != 204:
            chunked = answer.is_list and len(body) > 2000
            self.send_header(*(("transfer-encoding", "Chunked") if chunked else ("CONTENT-length", str(len(body)))))
        else:
            # The end of the connection is the end of the body.
            chunked = False
        self._write_body(body, chunked)

    def _write_body(self, body, chunked):
        self.end_headers()
        if self.command == "HEAD":
            return
        if chunked:
            middle = len(body) // 2
            for part in (body[:middle], body[middle:]):
                self.wfile.write(b"%x;part=1\r\n%s\r\n" % (len(part), part))
            body = b"0\r\n\r\n"
        self.wfile.write(body)
        self.wfile.flush()

    def send_error(self, code, message=None, explain=None):
        """What cannot even be read as HTTP is refused with a document too."""
        self.close_connection = True
        refusal = Refusal(code, explain or message or HTTPStatus(code).description or "No.", "NO_HTTP")
        body = wire.written(refusal.document(), pretty=False, ascii_only=True)
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        if self.server.verbose:
            super().log_message(format, *args)


class Quay(ThreadingHTTPServer):
    """The listener. TLS begins in the thread of each connection, so that none can hold up the others."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address, context, verbose, once):
        super().__init__(address, Talk)
        self.context, self.verbose = context, verbose
        keys = {user: secrets.token_urlsafe(24) for members in MEMBERS.values() for user in members}
        self.gate = login.Gate(keys, once)
        self.origin = f"https://127.0.0.1:{self.server_port}"
        self.harbour = Harbour(self.origin)

    def finish_request(self, request, client_address):
        request.settimeout(Talk.timeout)
        try:
            with self.context.wrap_socket(request, server_side=True) as secure:
                super().finish_request(secure, client_address)
                # A body that the end of the connection ends is only whole if TLS says that it is the end.
                secure.settimeout(1)
                secure.unwrap()
        except OSError as problem:
            if self.verbose:
                print(f"{client_address[0]}: {problem}", file=sys.stderr)


class Signpost(BaseHTTPRequestHandler):
    """Plain HTTP: shows the way to https and nothing else."""

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.point
        raise AttributeError(name)

    def point(self):
        self.send_response(308)
        self.send_header("Location", self.server.origin + self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format, *args):
        pass


def certificate(folder):
    """A TLS context with a certificate for this run, which is left beside the target file."""
    pem, key = os.path.join(folder, "harbour.pem"), os.path.join(folder, "harbour.key")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=harbour", "-addext", "subjectAltName=IP:127.0.0.1"]
    command += ["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", pem]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    os.chmod(key, 0o600)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return context


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--target", required=True, metavar="FILE", help="where to write the target file")
    options.add_argument("--nonces", choices=["once", "short"], default="once", help="good once, or for a short time")
    options.add_argument("--verbose", action="store_true")
    given = options.parse_args()

    context = certificate(os.path.dirname(os.path.abspath(given.target)))
    quay = Quay(("127.0.0.1", given.port), context, given.verbose, given.nonces == "once")
    signpost = ThreadingHTTPServer(("127.0.0.1", 0), Signpost)
    signpost.origin, signpost.daemon_threads = quay.origin, True
    plain = f"http://127.0.0.1:{signpost.server_port}"
    target_file.write(given.target, quay.origin, plain, login.LIFETIME, quay.gate.keys)
    for listener in (quay, signpost):
        threading.Thread(target=listener.serve_forever, daemon=True).start()

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    print(quay.origin + target_file.BASE, flush=True)
    stop.wait()


if __name__ == "__main__":
    main()
