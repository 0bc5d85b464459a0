"""The production server: threads, so that a long export doesn't hold up the others."""

import gc
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # this file is read before gunicorn knows where the application is

from sikerja import logs

gc.disable()  # until all is loaded: what a start makes is kept, and looking through it again and again takes a fifth of it
worker_class = "sikerja.server.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 600  # above the longest export
graceful_timeout = 30
preload_app = True  # one import for all workers
control_socket_disable = True
limit_request_line = 8190
limit_request_fields = 100
accesslog = None  # the application writes a line for each request
logconfig_dict = logs.server_config(os.environ.get("SIKERJA_ENV") or "development")


def on_starting(server):  # type: ignore[no-untyped-def]  # gunicorn has no types to name
    """No version in the headers."""
    import gunicorn.http.wsgi

    gunicorn.http.wsgi.SERVER = "sikerja"


def when_ready(server):  # type: ignore[no-untyped-def]  # nor here
    """What was loaded stays: nobody looks through it again, and the workers share it."""
    gc.freeze()
    gc.enable()


def post_fork(server, worker):  # type: ignore[no-untyped-def]  # nor here
    """A connection to the database belongs to one process: what the parent opened is not used by its children."""
    from extensions import db

    app = worker.app.wsgi()
    with app.app_context():
        db.engine.dispose(close=False)
