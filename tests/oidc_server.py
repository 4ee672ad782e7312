"""A sign-in service of the tests' own (OpenID Connect, authorization code flow): whoever comes is let in as one person."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "pages", "secret-of-the-tests"
NAME, SUBJECT = "李审核", "li-1"


class OidcServer:
    """`issuer` is its address; `asked` counts how often somebody came to sign in."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "tests", "use": "sig", "alg": "RS256"})
        self.nonces: dict[str, str] = {}
        self.asked = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://localhost:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": SUBJECT, "name": NAME, "nonce": nonce}
        return jwt.encode({"alg": "RS256", "kid": "tests"}, claims | {"iat": now, "exp": now + 3600}, self.key)


def _handler(service: OidcServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            if url.path == "/.well-known/openid-configuration":
                at = service.issuer
                self._json(
                    {
                        "issuer": at,
                        "authorization_endpoint": f"{at}/authorize",
                        "token_endpoint": f"{at}/token",
                        "jwks_uri": f"{at}/keys",
                        "response_types_supported": ["code"],
                        "subject_types_supported": ["public"],
                        "id_token_signing_alg_values_supported": ["RS256"],
                    }
                )
            elif url.path == "/keys":
                self._json({"keys": [service.key.as_dict(private=False)]})
            elif url.path == "/authorize":
                service.asked += 1
                code = f"code-{service.asked}"
                service.nonces[code] = asked.get("nonce", "")
                self.send_response(302)
                back = urlencode({"code": code, "state": asked["state"]})
                self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.end_headers()
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            token = service.token(service.nonces[form["code"][0]])
            self._json({"access_token": "a", "token_type": "Bearer", "expires_in": 3600, "id_token": token})

        def _json(self, value: object) -> None:
            data = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Quiet: pytest shows what the tests say."""

    return Handler
