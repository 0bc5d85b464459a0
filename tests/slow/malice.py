"""What is wrong with a request of the siege: each entry spoils one thing in it."""

import json
from collections.abc import Callable
from random import Random

from tests.hostile import SHARPEST, VALUES
from tests.pages import Pairs, encoded
from tests.slow.shots import TOKEN, Shot, multipart

ODD_METHODS = (
    "HEAD", "OPTIONS", "TRACE", "PROPFIND", "PUT", "PATCH", "DELETE", "CONNECT", "BREW", "get", "POST\x00", "GETPOST", "",
)  # fmt: skip
# Names that the machinery behind a page might understand, though no page sends them.
STRANGE_NAMES = (
    "_method", "_scheme", "_external", "_anchor", "endpoint", "export_type", "filename", "values", "self", "cls", "request", "g",
    "__class__", "__init__", "csrf_token", "_csrf_token", "session", "_user_id", "role", "password_hash", "owner_id", "deleted_at",
    "version", "seen", "resume", "kept.title", "next", "url", "list_form_pk", "_continue_editing", "_add_another", "bin", "tz",
    "flt0_title_contains", "flt0_password_hash_equals", "flt1234_title_equals", "flt", "q.", "f0.col", "id[]", "\x00", "\ud800", "",
)  # fmt: skip
HEADERS: dict[str, tuple[str, ...]] = {
    "HTTP_ACCEPT": ("application/json", "*/*;q=nan", "text/html;q=9999999999", "\xff\xfe", "application/json;q=0.5," * 400, ","),
    "HTTP_ACCEPT_LANGUAGE": ("xx-\xff", "id;q=-1", "*", "en;q=" + "9" * 300),
    "HTTP_ACCEPT_ENCODING": ("gzip;q=x", "br, \x00"),
    "HTTP_RANGE": ("bytes=0-", "bytes=-1", "bytes=99999999999999999999-", "bytes=5-1", "bytes=" + "0-0," * 300, "lines=1",
                   "bytes=\xff", "bytes=-", "bytes=0-0,-1", "bytes=１-２".encode().decode("latin-1")),
    "HTTP_IF_RANGE": ('"x"', "Thu, 99 Foo 99999 99:99:99 GMT", "\xff"),
    "HTTP_IF_NONE_MATCH": ("*", '"' + "x" * 5000, "W/", "\xff"),
    "HTTP_IF_MATCH": ("*", "x"),
    "HTTP_IF_MODIFIED_SINCE": ("Thu, 99 Foo 99999 99:99:99 GMT", "0", "Thu, 01 Jan 99999999999 00:00:00 GMT"),
    "HTTP_REFERER": ("http://evil.example/", "javascript:alert(1)", "\xff", "http://[", "x" * 8000),
    "HTTP_ORIGIN": ("null", "http://evil.example", "http://["),
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4", "'; DROP TABLE user --", "x" * 5000, "\xff\x00"),
    "HTTP_X_FORWARDED_HOST": ("evil.example", "[", "localhost,evil.example"),
    "HTTP_X_FORWARDED_PROTO": ("https", "javascript", "https,http"),
    "HTTP_X_FORWARDED_PREFIX": ("//evil.example", "/admin"),
    "HTTP_X_FORWARDED_PORT": ("99999", "x"),
    "HTTP_FORWARDED": ("for=1.2.3.4;host=evil.example;proto=https", "for=\xff"),
    "HTTP_X_ORIGINAL_URL": ("/admin/user/",), "HTTP_X_REWRITE_URL": ("/admin/user/",),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE", "POST", "TRACE"), "HTTP_X_METHOD_OVERRIDE": ("DELETE",),
    "HTTP_X_REQUEST_ID": ("a\r\nSet-Cookie: x=y", "x" * 9000, "<script>alert('sk')</script>"),
    "HTTP_X_REQUESTED_WITH": ("XMLHttpRequest",),
    "HTTP_X_CSRFTOKEN": ("x", "\xff", "." * 900),
    "HTTP_AUTHORIZATION": ("Basic !!!!", "Basic YWRtaW46YWRtaW4=", "Bearer \xff", "Digest x=\"", "x" * 8000),
    "HTTP_USER_AGENT": ("", "x" * 8000, "\xff\x00", "<script>alert('sk')</script>"),
    "HTTP_CONTENT_ENCODING": ("gzip",), "HTTP_EXPECT": ("100-continue", "x"), "HTTP_UPGRADE": ("websocket",),
    "HTTP_TRANSFER_ENCODING": ("chunked", "gzip, chunked", "identity", "\xff"),
    "HTTP_HOST": ("evil.example", "", "localhost:99999", "localhost:x", "LOCALHOST", "[::1", "127.0.0.1\x00", "localhost, evil",
                  "localhost/\\evil", "\xff", "localhost@evil.example", "localhost\r\nx: y", "x" * 5000, ".localhost"),
    "REMOTE_ADDR": ("", "x" * 500, "\xff", "::1%eth0"),
    "wsgi.url_scheme": ("https",),
    "CONTENT_LENGTH": ("-1", "x", "99999999999", "0", "３".encode().decode("latin-1"), "1", "10", " 5 ", "1e3", ""),
}  # fmt: skip
LABELS = (*VALUES, *SHARPEST * 4)  # the sharpest more often
COOKIES = ("none", "cut", "flipped", "long", "letters", "twice", "nul", "many", "foreign keys")
KINDS = (
    "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=nonsense", "text/plain", "",
    "application/json", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "x" * 300,
    "multipart/form-data; boundary=batas; charset=\xff", "multipart/mixed; boundary=batas", "\xff", "x" * 8000, "/", ";",
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=batas", "multipart/form-data; boundary=\"ba\\", "text/xml",
)  # fmt: skip
RAW = (
    b"", b"{}", b"[]", b"null", b'{"id": {"$ne": 1}, "csrf_token": []}', b"[" * 5000, b"\xff\xfe\x00", b"&" * 3000, b"=&=&==", b"%",
    b"id=%zz&id=%", b"csrf_token=\xff", b"--batas", b"--batas\r\n\r\n", b"--batas--", b"--batas\r\nContent-Disposition: form-data\r\n\r\nx\r\n--batas--",
    b"--batas\r\nContent-Disposition: form-data; name=\"id\r\n\r\n1\r\n--batas--", b"--batas\r\nContent-Disposition: \xff\r\n\r\n1",
    b"--batas\r\nContent-Type: text/plain; charset=nonsense\r\nContent-Disposition: form-data; name=id\r\n\r\n1\r\n--batas--",
    b"--batas\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name=id\r\n\r\n!\r\n--batas--\r\n",
    b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/hosts'>]><x>&y;</x>", b"a[b][c][]=1&a.b=2", b"x=1;y=2",
)  # fmt: skip
PATHS: tuple[Callable[[str], str], ...] = (
    lambda path: path.rstrip("/"), lambda path: f"{path}/", lambda path: f"/{path}", lambda path: path.replace("/", "//"),
    lambda path: f"{path}%00", lambda path: f"{path};x=1", lambda path: f"{path}%2e%2e/", lambda path: f"{path}../user/",
    lambda path: path.upper(), lambda path: f"{path}.json", lambda path: f"{path}%ff%fe", lambda path: f"{path}%0d%0aSet-Cookie:x=y",
    lambda path: path + "x" * 5000, lambda path: path.replace("admin", "%61dmin"), lambda path: path.replace("csv", "%00"),
    lambda path: path.replace("csv", "pdf"), lambda path: path.replace("/admin/", "/admin/static/"), lambda path: f"http://evil{path}",
    lambda path: path.replace("/", "\\"), lambda path: path[:0], lambda path: path[:0] + "*",
)  # fmt: skip


def spoil(chance: Random, shot: Shot, others: list[str | None]) -> None:
    """Spoil one thing in this request; `others` are whose sessions may be tried instead of one's own."""
    ways: list[tuple[int, Callable[[], None]]] = [
        (8, lambda: _pairs(chance, shot, shot.args)),
        (8 if not shot.reads else 1, lambda: _pairs(chance, shot, shot.fields)),
        (3, lambda: _header(chance, shot)),
        (1, lambda: _cookie(chance, shot, others)),
        (1, lambda: _path(chance, shot)),
        (2 if not shot.reads else 0, lambda: _body(chance, shot)),
        (1 if not shot.reads else 0, lambda: _token(chance, shot)),
    ]
    chance.choices([way for _, way in ways], [weight for weight, _ in ways])[0]()


def _pairs(chance: Random, shot: Shot, pairs: Pairs) -> None:
    """One of the arguments or fields: another value or name, twice, none, as a list; or one that nobody knows."""
    label = chance.choice(LABELS)
    value = VALUES[label]
    at = chance.randrange(len(pairs)) if pairs else -1
    way = chance.choice(("value", "value", "value", "value", "add", "add", "twice", "name", "drop", "many")) if pairs else "add"
    name, old = pairs[at] if pairs else ("", "")
    if way == "value":
        pairs[at] = (name, value)
    elif way == "add":
        pairs.append((chance.choice(STRANGE_NAMES), value if chance.random() < 0.7 else "POST"))
    elif way == "twice":
        pairs.insert(chance.randrange(len(pairs) + 1), (name, value))
    elif way == "name":
        pairs[at] = (
            chance.choice((f"{name}[]", f"{name}[0]", f"{name}\x00", name.upper(), f"_{name}", f"{name}.x", value[:99])),
            old,
        )
    elif way == "drop":
        pairs.pop(at)
    else:
        pairs += [(name, old)] * chance.choice((25, 250, 1200))
    shot.labels.append(label if way in ("value", "add", "twice", "name") else way)


def _header(chance: Random, shot: Shot) -> None:
    name = chance.choice([*HEADERS])
    shot.environ[name] = chance.choice(HEADERS[name])
    if name == "HTTP_TRANSFER_ENCODING" and chance.random() < 0.5:
        shot.environ["wsgi.input_terminated"] = True
    shot.labels.append(name)


def _cookie(chance: Random, shot: Shot, others: list[str | None]) -> None:
    shot.cookie = chance.choice([*COOKIES, *[f"of {other}" for other in others if other]])
    shot.labels.append(f"cookie {shot.cookie}")


def _path(chance: Random, shot: Shot) -> None:
    shot.path = chance.choice(PATHS)(shot.path)
    shot.labels.append("path")


def _body(chance: Random, shot: Shot) -> None:
    """Another kind of body: one that is none, one cut off, or one that isn't what it says it is."""
    fields = [("csrf_token", TOKEN), *shot.fields]
    whole = multipart(fields, shot.files)
    ways = (
        lambda: (chance.choice(RAW), chance.choice(KINDS)),
        lambda: (whole[: chance.randrange(len(whole))], "multipart/form-data; boundary=batas"),
        lambda: (encoded(fields).encode(), chance.choice(KINDS)),
        lambda: (json.dumps(dict(fields)).encode(), "application/json"),
        lambda: (
            multipart(fields[:1], [(name, "x.txt", b"1") for name, _ in shot.fields]),
            "multipart/form-data; boundary=batas",
        ),
    )
    shot.body, shot.kind = chance.choice(ways)()
    shot.labels.append("body")


def _token(chance: Random, shot: Shot) -> None:
    shot.token = chance.choice(("none", "broken", "foreign"))
    shot.labels.append(f"token {shot.token}")
