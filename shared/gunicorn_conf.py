"""gunicorn's settings for all three HTTP processes: `gunicorn -c python:shared.gunicorn_conf …`.

Read from the environment: BIND (address:port), WORKERS (processes), THREADS (a worker; for the data services).
"""

import os
from pathlib import Path

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WORKERS", "1"))
threads = int(os.environ.get("THREADS", "1"))

# Idle connections outlive the client's own limit (20 s), or a request could meet a closing connection.
keepalive = 75
graceful_timeout = 25
timeout = 60
# Instances that share the path of gunicorn's control socket would take it from each other.
control_socket_disable = True
# A client that has left needs no answer: its request is cancelled at once.
asgi_disconnect_grace_period = 0
asgi_lifespan = "on"
# In containers /tmp may be on a disk; the workers' heartbeat files belong into memory.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - memory, not a name to guess
limit_request_line = 8190
limit_request_fields = 100
