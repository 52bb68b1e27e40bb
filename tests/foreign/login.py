"""Digest authentication after RFC 7616, from the server's side."""

import base64
import hashlib
import hmac
import re
import secrets
import threading
import time
from urllib.parse import unquote

REALM = "Harbour, quay 9"
LIFETIME = 3
HASHES = {"SHA-256": "sha256", "MD5": "md5", "SHA-512-256": "sha512_256"}
# What is offered with nonces good once, in one header line, and with nonces good for a short time, in several.
OFFERS = {True: ["SHA-256", "MD5"], False: ["SHA-512-256", "SHA-256-sess", "MD5-sess"]}
PARAMETER = re.compile(r'\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)', re.ASCII)


class Unproved(Exception):
    """Credentials that prove nothing: the status to answer with, why, and whether only the nonce was too old."""

    def __init__(self, detail, status=401, stale=False):
        super().__init__(detail)
        self.detail, self.status, self.stale = detail, status, stale


def parameters(text):
    """The parameters of an Authorization header, or None where it is misshapen."""
    found, at = {}, 0
    while at < len(text):
        match = PARAMETER.match(text, at)
        if not match or match[1].lower() in found:
            return None
        quoted = match[2]
        found[match[1].lower()] = match[3] if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        at = match.end()
    return found


class Nonces:
    """Issues nonces and takes each once, or for a short time with counts that rise strictly."""

    def __init__(self, once):
        self.once, self.secret = once, secrets.token_bytes(32)
        self.counts, self.lock = {}, threading.Lock()

    def fresh(self):
        body = secrets.token_bytes(12) + int(time.time() * 1000).to_bytes(8, "big")
        return base64.b64encode(body + self._seal(body)).decode()

    def _seal(self, body):
        return hmac.digest(self.secret, body, "sha256")[:16]

    def _issued(self, nonce):
        """When the nonce was issued, in seconds; None where it is not one of ours."""
        try:
            raw = base64.b64decode(nonce, validate=True)
        except ValueError:
            return None
        body, seal = raw[:20], raw[20:]
        ours = len(raw) == 36 and hmac.compare_digest(self._seal(body), seal)
        return int.from_bytes(body[12:], "big") / 1000 if ours else None

    def is_ours(self, nonce):
        return self._issued(nonce) is not None

    def spend(self, nonce, count):
        """Whether the nonce lives and the count is still good with it; if so, it is used up."""
        oldest = time.time() - LIFETIME
        with self.lock:
            self.counts = {key: value for key, value in self.counts.items() if value[1] >= oldest}
            issued, last = self._issued(nonce), self.counts.get(nonce, (0, 0))[0]
            if issued < oldest or count <= last or (self.once and last):
                return False
            self.counts[nonce] = (count, issued)
            return True


class Gate:
    """Knows the users' keys, challenges, and checks what is answered."""

    def __init__(self, keys, once):
        self.keys, self.nonces, self.once, self.offered = keys, Nonces(once), once, OFFERS[once]
        self.opaque = base64.b64encode(secrets.token_bytes(10)).decode()

    def challenges(self, stale=False):
        """The header lines that challenge, the strongest algorithm first."""
        nonce = self.nonces.fresh()
        common = f'stale="{str(stale).lower()}", qop="auth-int,auth", opaque="{self.opaque}", nonce="{nonce}"'
        common += f', charset="UTF-8", realm="{REALM}", domain="/"'
        if self.once:
            return [", ".join(f"Digest algorithm={name}, {common}" for name in self.offered)]
        lines = [f"dIGEST {common},userhash=true , algorithm={name}" for name in self.offered]
        return ['Bearer realm="elsewhere"', *lines]

    def user_of(self, header, method, target, body):
        """The name of the user whom the header proves, and the answer's Authentication-Info."""
        scheme, _, rest = (header or "").partition(" ")
        if not header:
            raise Unproved("This resource is for users who have logged in.")
        given = parameters(rest.strip()) if scheme.lower() == "digest" else None
        if given is None:
            raise Unproved("Only Digest authentication is understood.")
        self._complete(given, target)
        algorithm = given.get("algorithm", "MD5")
        if algorithm.upper() not in map(str.upper, self.offered):
            raise Unproved("That algorithm was not offered.")

        def hashed(text):
            raw = text if isinstance(text, bytes) else text.encode()
            return hashlib.new(HASHES[algorithm.upper().removesuffix("-SESS")], raw).hexdigest()

        user = self._named(given, hashed)
        proof = self._proof(given, user, hashed, algorithm.upper().endswith("-SESS"))
        if not hmac.compare_digest(proof(method, body).encode(), given["response"].lower().encode()):
            raise Unproved("The credentials are wrong.")
        if not self.nonces.spend(given["nonce"], int(given["nc"], 16)):
            raise Unproved("The nonce is used up.", stale=True)
        return user, lambda answer: self._info(given, proof("", answer))

    def _complete(self, given, target):
        needed = ("realm", "nonce", "uri", "response", "qop", "nc", "cnonce")
        missing = [name for name in needed if not given.get(name)]
        if missing or not re.fullmatch(r"[0-9a-fA-F]{8}", given["nc"]) or given["qop"] not in ("auth", "auth-int"):
            raise Unproved("The credentials are not complete.")
        if given["uri"] != target:
            raise Unproved("The credentials are for another URI.", status=400)
        if given["realm"] != REALM or given.get("opaque", self.opaque) != self.opaque:
            raise Unproved("The credentials are for another place.")
        if not self.nonces.is_ours(given["nonce"]):
            raise Unproved("The nonce was not issued here.")

    def _named(self, given, hashed):
        """The user's name, out of any of the three ways to send it."""
        extended = re.fullmatch(r"UTF-8''(.*)", given.get("username*", ""), re.IGNORECASE)
        if extended and "username" not in given:
            return unquote(extended[1])
        # Header lines are read as Latin 1, whatever they are.
        name = given.get("username", "").encode("latin-1", "replace").decode("utf-8", "replace")
        if given.get("userhash") == "true" and not self.once:
            return next((user for user in self.keys if hashed(f"{user}:{REALM}") == name.lower()), "")
        return name

    def _proof(self, given, user, hashed, session):
        """The function that computes the digest over a method and a body; a wrong one for users who do not exist."""
        secret = hashed(f"{user}:{REALM}:{self.keys.get(user, secrets.token_hex(16))}")
        if session:
            secret = hashed(f"{secret}:{given['nonce']}:{given['cnonce']}")

        def proof(method, body):
            what = f"{method}:{given['uri']}" + (f":{hashed(body)}" if given["qop"] == "auth-int" else "")
            parts = (secret, given["nonce"], given["nc"], given["cnonce"], given["qop"], hashed(what))
            return hashed(":".join(parts))

        return proof

    def _info(self, given, proof):
        following = f', nextnonce="{self.nonces.fresh()}"' if self.nonces.once and secrets.randbelow(2) else ""
        return f'qop={given["qop"]}, rspauth="{proof}", cnonce="{given["cnonce"]}", nc={given["nc"]}{following}'
