"""What time it is for the register."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app


def today() -> date:
    """The day in the city's time zone; `SIKERJA_TODAY` can set it outside production."""
    config = current_app.config
    fixed: date | None = config["SIKERJA_TODAY"]
    return fixed or datetime.now(ZoneInfo(config["TIMEZONE"])).date()


def now() -> datetime:
    """The moment, in UTC without a zone, as every moment is kept."""
    return datetime.now(UTC).replace(tzinfo=None)


def local(moment: datetime) -> datetime:
    """A kept moment in the city's time."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(current_app.config["TIMEZONE"]))


def moment_of(day: date) -> datetime:
    """The moment at which a day of the city begins, as moments are kept."""
    begins = datetime.combine(day, time(), ZoneInfo(current_app.config["TIMEZONE"]))
    return begins.astimezone(UTC).replace(tzinfo=None)
