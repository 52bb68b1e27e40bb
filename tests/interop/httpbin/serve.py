"""httpbin over TLS. WORK and PORT come from the environment."""

import os

from httpbin import app

work = os.environ["WORK"]
app.run(
    "127.0.0.1",
    int(os.environ["PORT"]),
    threaded=True,
    ssl_context=(f"{work}/server.pem", f"{work}/server.key"),
)
