"""People who sign in, and their sessions."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import Base
from rules import access, codes
from tables.parts import LAZY, NAME_LENGTH, Numbered, one_of
from tables.reference import Unit


class User(Numbered, Base):
    """Someone with an account; what they may do follows from `role` alone (rules/access.py)."""

    __tablename__ = "user"
    __table_args__ = (
        UniqueConstraint("email", name="uq_user_email"),
        one_of("role", codes.ROLES),
        CheckConstraint("role <> 'unit' OR unit_id IS NOT NULL", name="unit_role_has_unit"),
    )
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    role: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    # What opens after signing in. No foreign key: the two tables would hold each other; a view that is gone opens nothing.
    start_view_id: Mapped[int | None]
    unit: Mapped["Unit | None"] = relationship(lazy=LAZY)

    # What Flask-Login asks of a user. The id it keeps in the cookie is the session's token, never the user's number.
    session_token = ""
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        return self.session_token

    def may(self, permission: str) -> bool:
        """True where this person's role holds the permission "screen:verb"."""
        return access.may(self.role, permission)

    @property
    def role_label(self) -> str:
        return codes.ROLES[self.role]

    def __str__(self) -> str:
        return self.name


class UserSession(Base):
    """One sign-in on one device. The cookie holds a random token, the table only its SHA-256."""

    __tablename__ = "session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(DateTime)
    seen_at: Mapped[datetime] = mapped_column(DateTime)
    address: Mapped[str] = mapped_column(String(64), default="")
    device: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    user: Mapped[User] = relationship(lazy=LAZY)


class SignInFailure(Base):
    """One failed sign-in, kept for the throttle: which account was tried (hashed) and from which address."""

    __tablename__ = "sign_in_failure"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime, index=True)
    account: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(String(64), index=True)


class SavedView(Numbered, Base):
    """A list as someone looks at it: its address under a name, for themselves or for everyone of a role."""

    __tablename__ = "saved_view"
    __table_args__ = (
        one_of("shared_with", codes.ROLES),
        UniqueConstraint("owner_id", "screen", "name", name="uq_saved_view_name"),
        Index("ix_saved_view_screen_shared_with", "screen", "shared_with"),
    )
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    shared_with: Mapped[str | None] = mapped_column(String(20))
    screen: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)  # the query string of the list's address, canonical

    def __str__(self) -> str:
        return self.name
