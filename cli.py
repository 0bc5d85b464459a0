"""The commands of `flask --app app …`."""

import json
import sys
from collections import Counter
from datetime import timedelta

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import or_, select

from extensions import db
from models import Agreement, Unit
from rules import access, codes, law
from sikerja import accounts, formats, health, reference, sample, sweeping, verification
from sikerja.files import place
from sikerja.files.store import Store
from sikerja.law import versions
from sikerja.process import explaining, holidays
from sikerja.refusals import Refusal
from sikerja.synthetic import filling

users = AppGroup("users", help="Accounts.")


def init_app(app: Flask) -> None:
    """Tie the commands to the application."""
    for command in (seed, demo, routes_json, procedures_json, explain, users, verify, sweep, bench_data):
        app.cli.add_command(command)


@click.command()
@with_appcontext
def seed() -> None:
    """Load reference data. Can be repeated; never overwrites what staff have changed."""
    counts = reference.seed(db.session())
    moved = holidays.recount(db.session(), None) if counts["hari libur"] else []
    db.session.commit()
    added = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    click.echo(f"Ditambahkan: {added}." if added else "Data rujukan sudah lengkap.")
    if moved:
        click.echo(holidays.in_words(moved))


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


@click.command("bench-data")
@click.argument("count", type=click.IntRange(1, filling.LARGEST), metavar="N")
@with_appcontext
def bench_data(count: int) -> None:
    """Fill an EMPTY register with N synthetic agreements, to measure with: all of them or none.

    5,000 partners, 40 units, about 6 stages and 2 attachments each; the attachments share a few real files. The same N gives
    the same rows on the same day. No account is made: see `users create`.
    """

    def told(number: int) -> None:
        if number % 100_000 == 0 or number == count:
            click.echo(f"{formats.number(number)} dari {formats.number(count)} naskah", err=True)

    try:
        filling.fill(db.session(), count, told)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    db.session.commit()
    click.echo(f"Dimuat: {formats.number(count)} naskah uji.")


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


@click.command("procedures-json")
@with_appcontext
def procedures_json() -> None:
    """Print the kinds of cooperation as published, with stages, documents, deadlines and citations, as JSON."""
    json.dump(law.as_json(versions.all_published(db.session())), sys.stdout, indent=2, ensure_ascii=False)
    click.echo()


@click.command()
@click.argument("register_no")
@with_appcontext
def explain(register_no: str) -> None:
    """Print as JSON where the agreement REGISTER_NO stands in the law, what is missing and what comes next."""
    agreement = db.session.scalars(select(Agreement).where(Agreement.register_no == register_no.strip().upper())).first()
    if agreement is None:
        raise click.ClickException(f"Nomor register {register_no} tidak ada.")
    told = explaining.explain(db.session(), agreement)
    click.echo(json.dumps(explaining.as_json(told), indent=2, ensure_ascii=False))


@click.command()
@click.option("--json", "as_json", is_flag=True, help='Print {"faults": [{"kind", "subject", "detail"}], "checked": {…}} only.')
@with_appcontext
def verify(as_json: bool) -> None:
    """Look for what is lost or changed: in the database, the register's own rules, every file.

    Changes nothing and stops nobody. Prints a line for each fault and exits with 1 where there is any. Files that no record
    names are told at once; `sweep` leaves them its grace time.
    """
    checked: Counter[str] = Counter(agreements=0, attachments=0, files=0)
    found = verification.verify(db.engine, _store(), checked)
    if as_json:
        faults = [fault._asdict() for fault in found]
        click.echo(json.dumps({"faults": faults, "checked": checked}, indent=2))
        sys.exit(bool(faults))
    count = 0
    for fault in found:
        count += 1
        click.echo(_one_line(f"{fault.kind} {fault.subject}: {fault.detail}"))
    looked_at = f"{checked['agreements']} naskah, {checked['attachments']} lampiran, {checked['files']} berkas"
    click.echo(f"Diperiksa: {looked_at}. {f'{count} kesalahan' if count else 'Tidak ada kesalahan'}.")
    sys.exit(bool(count))


def _store() -> Store:
    try:
        return place.the_store()
    except (ValueError, OSError) as error:
        raise click.ClickException(f"Penyimpanan lampiran tidak dapat dipakai: {error}") from None


def _one_line(text: str) -> str:
    """The text with whatever can't be printed spelled out: a file's name may hold anything, a line break too."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


@click.command()
@click.option(
    "--grace",
    type=click.IntRange(min=0, max=24 * 3650),
    default=24,
    show_default=True,
    metavar="HOURS",
    help="Leave what is younger. Keep it above the longest upload; 0 only while nothing serves.",
)
@click.option("--more-than-half", is_flag=True, help="Go on although more than half of all files would go.")
@click.option("--quiet", is_flag=True, help="Print nothing where nothing went.")
@with_appcontext
def sweep(grace: int, more_than_half: bool, quiet: bool) -> None:
    """Remove files that no record names, records in the bin included, and what uploads left half-written.

    Pages that were drawn of removed files go too, and the oldest pages beyond 500 MB; they are drawn again when asked for.
    One folder of attachments belongs to one database.
    """
    with db.engine.execution_options(sikerja_writer=False).connect() as connection:
        if not health.is_at_head(connection):
            raise click.ClickException("Skema basis data belum mutakhir. Jalankan flask db upgrade dulu.")
    try:
        swept = sweeping.sweep(db.engine, _store(), place.the_gallery(), timedelta(hours=grace), more_than_half)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    for name in swept.names:
        click.echo(name)
    if swept.names or swept.pages:
        click.echo(f"Dihapus: {len(swept.names)} berkas tanpa naskah, {swept.pages} gambar halaman.")
    elif not quiet:
        click.echo("Tidak ada yang perlu dihapus.")
