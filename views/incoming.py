"""A request as this application takes it: without what no browser sends and the libraries beneath stumble over."""

import contextlib
import re
from typing import IO, Any

import flask
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.http import parse_date

_UNPRINTED = re.compile(r"[\x00\r\n]")  # stands for a blank in a header (RFC 9110, 5.5); no column of PostgreSQL takes a NUL
# Headers that a date may stand in; one that can't be read is as if it weren't there (RFC 9110, 13.1).
_DATED = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE", "HTTP_DATE")


class Request(flask.Request):
    """Leaves out fields without a name, dates beyond all calendars and NULs in headers; gives back the room its files took
    when it is over, broken off or not.
    """

    _places: tuple[IO[bytes], ...] = ()

    def __init__(self, environ: dict[str, Any], *about: Any, **more: Any) -> None:
        for name, value in environ.items():
            if name.startswith("HTTP_") and _UNPRINTED.search(value):
                environ[name] = _UNPRINTED.sub(" ", value)
        for name in _DATED:
            try:
                parse_date(environ.get(name))
            except OverflowError:
                del environ[name]
        super().__init__(environ, *about, **more)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        for kind in ("form", "files"):
            sent = self.__dict__[kind]
            if None in sent:
                self.__dict__[kind] = ImmutableMultiDict(pair for pair in sent.items(multi=True) if pair[0] is not None)

    def _get_file_stream(self, *about: Any, **more: Any) -> IO[bytes]:
        place = super()._get_file_stream(*about, **more)
        self._places = (*self._places, place)
        return place

    def close(self) -> None:
        super().close()
        for place in self._places:
            with contextlib.suppress(OSError):  # what could not be written before can't be written on closing either
                place.close()
