"""The commands of `flask --app app …`."""

import json
import sys

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import or_, select

from extensions import db
from models import Unit
from rules import access, codes
from sikerja import accounts, reference, sample
from sikerja.refusals import Refusal

users = AppGroup("users", help="Accounts.")


def init_app(app: Flask) -> None:
    """Tie the commands to the application."""
    for command in (seed, demo, routes_json, users):
        app.cli.add_command(command)


@click.command()
@with_appcontext
def seed() -> None:
    """Load reference data. Can be repeated; never overwrites what staff have changed."""
    counts = reference.seed(db.session())
    db.session.commit()
    added = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    click.echo(f"Ditambahkan: {added}." if added else "Data rujukan sudah lengkap.")


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing, quietly, where the register is filled.")
@with_appcontext
def demo(if_empty: bool) -> None:
    """Load the sample register and its accounts into an empty register; never in production."""
    if current_app.config["SIKERJA_ENV"] == "production":
        raise click.ClickException("Data contoh tidak dimuat di lingkungan produksi.")
    if not (if_empty and sample.is_filled(db.session())):
        try:
            count = sample.load(db.session())
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from None
        db.session.commit()
        click.echo(f"Dimuat: {count} naskah contoh.")
    if if_empty:
        click.echo(f"Akun contoh (kata sandi {sample.PASSWORD}):")
        for role in sample.ACCOUNTS:
            click.echo(f"  {role}@sikerja.test  {codes.ROLES[role]}")


@users.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(list(codes.ROLES)), required=True)
@click.option("--unit", default=None, help="Code, name or id of the unit; needed for the role `unit`.")
@click.option("--password", default=None, help="Asked for where it is not given.")
@with_appcontext
def create_user(email: str, name: str, role: str, unit: str | None, password: str | None) -> None:
    """Create an account."""
    if password is None:
        password = click.prompt("Kata sandi", hide_input=True, confirmation_prompt="Ulangi kata sandi")
    try:
        accounts.create_checked(
            db.session(), email=email, name=name, role=role, unit_id=_unit_id(unit, role), password=password
        )
        db.session.commit()
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"Akun {email} dibuat.")


def _unit_id(unit: str | None, role: str) -> int | None:
    if unit is None:
        if role == "unit":
            raise click.ClickException("Peran unit memerlukan --unit.")
        return None
    named = [Unit.code == unit, Unit.name == unit, Unit.short == unit]
    if unit.isascii() and unit.isdecimal() and len(unit) < 10:
        named.append(Unit.id == int(unit))
    unit_id = db.session.scalar(select(Unit.id).where(or_(*named), Unit.deleted_at.is_(None)).limit(1))
    if unit_id is None:
        raise click.ClickException(f"Perangkat daerah {unit!r} tidak ada. Pakai kode atau namanya.")
    return unit_id


@click.command("routes-json")
@with_appcontext
def routes_json() -> None:
    """Print every URL rule with its methods and the permission it asks for, as JSON."""
    rules = [
        {
            "rule": rule.rule,
            "endpoint": rule.endpoint,
            "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
            "permission": access.permission_of(rule.endpoint),
        }
        for rule in current_app.url_map.iter_rules()
    ]
    json.dump(sorted(rules, key=lambda rule: (rule["rule"], rule["endpoint"])), sys.stdout, indent=2)
    click.echo()
