"""The production server: threads, so that a long export doesn't hold up the others."""

import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 600  # above the longest export
graceful_timeout = 30
preload_app = True  # one import for all workers
control_socket_disable = True
limit_request_line = 8190
limit_request_fields = 100
accesslog = None


def on_starting(server):  # type: ignore[no-untyped-def]  # gunicorn has no types to name
    """No version in the headers."""
    import gunicorn.http.wsgi

    gunicorn.http.wsgi.SERVER = "sikerja"


def post_fork(server, worker):  # type: ignore[no-untyped-def]  # nor here
    """A connection to the database belongs to one process: what the parent opened is not used by its children."""
    from extensions import db

    app = worker.app.wsgi()
    with app.app_context():
        db.engine.dispose(close=False)
