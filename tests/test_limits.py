"""Until when, what is late, and what comes next: in the lists of agreements and of stages, in their filters and files.

Today is 24 November 2026. Working days of the assembly since 2 March 2026 ended on 13 May.
"""

import csv
import io
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models import Agreement, Stage
from sikerja import stages
from sikerja.lists import AGREEMENTS
from sikerja.process import explaining
from tests import engines
from tests.conftest import TODAY
from tests.people import ROLES, Person
from tests.ways import BURDENS, CONSENT_NEEDED, NO_CONSENT_NEEDED, Way

LIST, PROCESS, STAGES = "/admin/agreement/", "/admin/monitoring/process/", "/admin/stage/"
DPRD = "persetujuan_dprd"
DUE = date(2026, 5, 13)


def target(way: Way, key: str, days: int) -> None:
    """A target of our own, so many days from today."""
    way.stage(key).due_on = TODAY + timedelta(days=days)
    stages.keep_current(way.session, way.agreement)
    way.session.commit()


@pytest.fixture
def ways(session: Session) -> dict[str, Way]:
    """Agreements whose titles begin with Batas, each at another point."""
    kind = "ksdd_sukarela"
    made = {
        "late": Way(session, "ksdpl", "naskah", title="Batas lewat menurut peraturan").walk(DPRD),
        "asked": Way(session, kind, "kb", title="Batas lewat menurut target"),
        "today": Way(session, kind, "kb", title="Batas hari ini"),
        "ahead": Way(session, kind, "kb", title="Batas lewat, belum dimulai"),
        "returned": Way(session, kind, "kb", title="Batas dikembalikan"),
        "closed": Way(session, kind, "kb", title="Batas lewat, ditutup"),
        "signed": Way(session, kind, "pks", title="Batas lewat sesudah tanda tangan").walk("pelaksanaan"),
        "special": Way(session, kind, "kb", title="Batas prosedur khusus", special_procedure=True),
        "undecided": Way(session, None, "kb", title="Batas tanpa prosedur"),
        "archive": Way(session, kind, "kb", title="Batas arsip", origin="archive"),
        "falling": Way(session, kind, "pks", title="Batas gugur").walk(DPRD).answer(NO_CONSENT_NEEDED),
        "falling late": Way(session, kind, "pks", title="Batas gugur sewaktu ditunggu").walk(DPRD),
        "needed": Way(session, kind, "pks", title="Batas satu ya").walk(DPRD).answer(CONSENT_NEEDED),
        "half asked": Way(session, kind, "pks", title="Batas satu tidak")
        .walk(DPRD)
        .answer({BURDENS: NO_CONSENT_NEEDED[BURDENS]}),
    }
    made["falling late"].move("start", DPRD, date(2026, 11, 3), answers=CONSENT_NEEDED)
    made["falling late"].move("wait", DPRD, date(2026, 11, 4))
    made["falling late"].answer(NO_CONSENT_NEEDED)
    made["late"].move("start", DPRD, date(2026, 3, 2))
    for name in ("asked", "today", "returned", "closed"):
        made[name].move("start", "persiapan", date(2026, 11, 3))
    made["returned"].move("send_back", "persiapan", date(2026, 11, 4), remark="Lengkapi.")
    made["signed"].move("start", "pelaksanaan")
    for name, key, days in (
        ("asked", "persiapan", -1), ("today", "persiapan", 0), ("ahead", "persiapan", -9), ("closed", "persiapan", -9),
        ("signed", "pelaksanaan", -3),
    ):  # fmt: skip
        target(made[name], key, days)
    made["late"].move("wait", DPRD, date(2026, 3, 2))
    made["closed"].agreement.closed_on, made["closed"].agreement.closed_as = TODAY, "refused"
    session.commit()
    return made


def found(person: Person, ways: dict[str, Way], state: str, page: str = LIST) -> set[str]:
    keys = person.keys(f"{page}?search=batas&page_size=50&{state}")
    return {name for name, way in ways.items() if way.agreement.register_no in keys}


LATE = {"late", "asked", "signed"}
EVERYTHING = {"late", "asked", "today", "ahead", "returned", "closed", "signed", "special", "undecided", "archive"}
AT_DPRD = {"falling", "falling late", "needed", "half asked"}
EVERYTHING |= AT_DPRD
FILTERS = {
    "flt0_overdue_equals=1": LATE,
    "flt0_overdue_equals=0": EVERYTHING - LATE,
    "flt0_due_on_smaller=2026-11-24": {"late", "asked", "ahead", "signed"},
    "flt0_due_on_equals=2026-05-13": {"late"},
    "flt0_due_on_within_days=7": {"today"},
    "flt0_due_on_empty=1": AT_DPRD | {"returned", "closed", "special", "undecided", "archive"},
    "flt0_next_step_equals=start": {"ahead", "needed", "half asked"},
    "flt0_next_step_equals=skip": {"falling", "falling late"},
    "flt0_next_step_equals=finish": {"asked", "today", "signed"},
    "flt0_next_step_equals=await": {"late"},
    "flt0_next_step_equals=repair": {"returned"},
    "flt0_next_step_equals=choose_procedure": {"undecided"},
    "flt0_next_step_equals=none": {"closed", "special", "archive"},
    "flt0_next_step_in_list=await,repair": {"late", "returned"},
    "flt0_next_step_not_equal=none": EVERYTHING - {"closed", "special", "archive"},
    "flt0_stage_equals=persetujuan_dprd": AT_DPRD | {"late"},
    "flt0_stage_equals=persiapan": {"asked", "today", "ahead", "returned"},
    "flt0_holder_equals=dprd": {"late", "falling late"},
}


def test_the_filters_of_agreements(sinta: Person, ways: dict[str, Way]) -> None:
    assert {state: found(sinta, ways, state) for state in FILTERS} == FILTERS
    assert {state: sinta.total(f"{LIST}?search=batas&{state}") for state in FILTERS} == {
        state: len(expected) for state, expected in FILTERS.items()
    }


@pytest.mark.parametrize(
    "state",
    [
        "overdue_equals=2",
        "overdue_equals=ya",
        "next_step_equals=fly",
        "next_step_equals=",
        "due_on_equals=x",
        "overdue_empty=1",
    ],
)
@pytest.mark.parametrize("page", [LIST, PROCESS])
def test_what_cannot_be_read_is_refused(sinta: Person, page: str, state: str) -> None:
    assert sinta.get(f"{page}?flt0_{state}").status_code == (200 if state.endswith("=") else 400)


def test_keys_of_the_law_are_offered_by_their_names(sinta: Person) -> None:
    page = sinta.get(f"{LIST}?open=stage:equals").text

    for key, name in (("verifikasi", "Verifikasi dan pertimbangan Menteri"), ("rapat_kl", "Rapat antarkementerian/lembaga")):
        assert f'<option value="{key}">{name}' in page


# --- columns -----------------------------------------------------------------------------------------------------


def cell(person: Person, way: Way, label: str, page: str = PROCESS) -> str:
    """What stands in the column of this heading, for the row of this agreement."""
    html = person.get(f"{page}?search={way.agreement.register_no}").text
    row = html[html.index("<tbody>") : html.index("</tbody>")]
    return row.split(f'data-label="{label}">' if " " in label else f"data-label={label}>")[1].split("<td")[0].strip()


def test_the_stage_says_where_among_the_stages_of_the_law_and_since_when(sinta: Person, ways: dict[str, Way]) -> None:
    late, asked, ahead = (cell(sinta, ways[name], "Tahap", LIST) for name in ("late", "asked", "ahead"))

    assert late == '<span class="sk-num">2/9</span> Persetujuan DPRD <span class="sk-late">267 hari</span>'
    assert asked == '<span class="sk-num">1/6</span> Persiapan <span class="sk-late">21 hari</span>'
    assert ahead == '<span class="sk-num">1/6</span> Persiapan'
    in_time = cell(sinta, ways["today"], "Tahap", LIST)
    assert in_time == '<span class="sk-num">1/6</span> Persiapan <span class="sk-since">21 hari</span>'


def test_internal_stages_count_only_where_the_law_prescribes_none(
    sinta: Person, session: Session, ways: dict[str, Way]
) -> None:
    for name in ("today", "undecided"):
        for position, status in ((1, "finished"), (2, "running")):
            begun = {"started_on": date(2026, 11, 20), "finished_on": date(2026, 11, 20) if status == "finished" else None}
            session.add(
                Stage(
                    agreement_id=ways[name].agreement.id,
                    key="rapat",
                    name=f"Rapat {position}",
                    position=position,
                    status=status,
                    **begun,
                )
            )
        ways[name].session.flush()
        stages.keep_current(session, ways[name].agreement)
    session.commit()

    assert '<span class="sk-num">1/6</span> Persiapan' in cell(sinta, ways["today"], "Tahap", LIST)
    alone = cell(sinta, ways["undecided"], "Tahap", LIST)
    assert alone == '<span class="sk-num">2/2</span> Rapat 2 <span class="sk-since">4 hari</span>'


def test_the_list_in_process_says_until_when_how_late_and_what_next(sinta: Person, ways: dict[str, Way]) -> None:
    told = {
        name: tuple(cell(sinta, way, heading) for heading in ("Tenggat", "Lewat tenggat", "Langkah berikut"))
        for name, way in ways.items()
        if name not in ("closed", "signed", "archive")  # they aren't in that list
    }

    late = '<span class="sk-late">{} hari</span>'.format
    assert told == {
        "late": ("13 Mei 2026", late(195), "Tunggu DPRD"),
        "asked": ("23 Nov 2026", late(1), "Selesaikan Persiapan"),
        "today": ("24 Nov 2026", "—", "Selesaikan Persiapan"),
        "ahead": ("15 Nov 2026", "—", "Mulai Persiapan"),
        "returned": ("—", "—", "Perbaiki Persiapan"),
        "falling": ("—", "—", "Lewati Persetujuan DPRD"),
        "falling late": ("—", "—", "Lewati Persetujuan DPRD"),
        "needed": ("—", "—", "Mulai Persetujuan DPRD"),
        "half asked": ("—", "—", "Mulai Persetujuan DPRD"),
        "special": ("—", "—", "—"),
        "undecided": ("—", "—", "Pilih prosedur"),
    }


def test_the_step_is_the_verb_that_the_details_page_offers(session: Session, ways: dict[str, Way]) -> None:
    said = {
        "start": "start",
        "skip": "skip",
        "finish": "finish",
        "await": "finish",
        "repair": "start",
        "choose_procedure": None,
        "none": None,
    }
    steps = AGREEMENTS.values(session, [way.agreement.id for way in ways.values()], ["next_step"])

    for name, way in ways.items():
        following = explaining.explain(session, way.agreement).next
        assert said[steps[way.agreement.id]["next_step"]] == (following.verb if following else None), name


def test_what_is_late_comes_first_then_what_waits_longest(sinta: Person, ways: dict[str, Way]) -> None:
    keys = sinta.keys(f"{PROCESS}?search=batas+lewat")

    assert keys[:3] == [ways[name].agreement.register_no for name in ("late", "asked", "ahead")]
    by_day = sinta.keys(f"{PROCESS}?search=batas&sort=due_on")
    assert by_day[:4] == [ways[name].agreement.register_no for name in ("late", "ahead", "asked", "today")]
    assert sinta.keys(f"{PROCESS}?search=batas&sort=overdue&desc=1")[:2] == sorted(
        (ways[name].agreement.register_no for name in ("late", "asked")), reverse=True
    )


def test_one_press_shows_what_is_late_alone(sinta: Person, ways: dict[str, Way]) -> None:
    page = sinta.get(f"{PROCESS}?search=batas").text
    assert f'href="{PROCESS}?flt0_overdue_equals=1&amp;search=batas">Lewat tenggat' in page

    assert found(sinta, ways, "flt0_overdue_equals=1", PROCESS) == {"late", "asked"}
    late = sinta.get(f"{PROCESS}?flt0_overdue_equals=1&search=batas").text
    assert 'aria-current="true">Lewat tenggat' in late


# --- files -------------------------------------------------------------------------------------------------------


def test_the_new_columns_come_where_they_are_asked_for(sinta: Person, ways: dict[str, Way]) -> None:
    late = ways["late"].agreement.register_no
    chosen = "columns=register_no,holder,due_on,overdue,next_step"
    file = sinta.get(f"{LIST}export/csv/?search={late}&{chosen}").data.decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(file))) == [
        ["Nomor Register", "Ditunggu Dari", "Tenggat", "Lewat Tenggat", "Langkah Berikut"],
        [late, "DPRD", "2026-05-13", "Ya", "Tunggu DPRD"],
    ]


# --- the list of stages ------------------------------------------------------------------------------------------


def stage_ids(person: Person, state: str) -> set[int]:
    return {int(key) for key in person.keys(f"{STAGES}?search=batas&page_size=200&{state}")}


def test_the_list_of_stages_tells_law_from_internal_and_late_from_in_time(
    app: Flask, sinta: Person, session: Session, ways: dict[str, Way]
) -> None:
    own = Stage(
        agreement_id=ways["late"].agreement.id, key="rapat", name="Rapat batas", position=1, status="running",
        started_on=date(2026, 11, 1), due_on=TODAY - timedelta(days=2),
    )  # fmt: skip
    session.add(own)
    session.commit()
    late = {ways["late"].stage(DPRD).id, ways["asked"].stage("persiapan").id, ways["signed"].stage("pelaksanaan").id, own.id}

    assert stage_ids(sinta, "flt0_statutory_equals=0") == {own.id}
    everything = stage_ids(sinta, "")
    assert stage_ids(sinta, "flt0_statutory_equals=1") == everything - {own.id}
    assert stage_ids(sinta, "flt0_overdue_equals=1") == late
    assert stage_ids(sinta, "flt0_overdue_equals=0") == everything - late
    assert stage_ids(sinta, "flt0_key_equals=persetujuan_dprd&flt1_law_due_on_equals=2026-05-13") == {
        ways["late"].stage(DPRD).id
    }
    page = sinta.get(f"{STAGES}?search=batas&flt0_key_equals=persetujuan_dprd").text
    assert "data-label=Jenis>Menurut peraturan" in page
    assert '<span class="sk-late">195 hari</span>' in page


# --- what it costs, and the counts -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_the_start_page_counts_what_is_late_in_process(app: Flask, role: str, ways: dict[str, Way]) -> None:
    person = Person(app, role)
    page = person.get("/admin/").text

    part = page.split("lewat tenggat: ")[1].split("</a>")[0]
    count = 0 if role == "unit" else 2
    assert part.endswith(f'data-count="{count}">{count}')
    assert person.total(part.split('href="')[1].split('"')[0].replace("&amp;", "&")) == count


if engines.ENGINE == "sqlite":  # it is that planner that is asked here

    def test_sqlite_begins_with_the_days(session: Session) -> None:
        """The few that are late are found by their day: at a hundred thousand agreements this is what keeps the list quick."""
        late = next(each for each in AGREEMENTS.filters if each.name == "overdue").condition("equals", "1")
        query = select(Agreement.id).where(late, Agreement.deleted_at.is_(None))
        plan = session.execute(
            text(f"EXPLAIN QUERY PLAN {query.compile(session.get_bind(), compile_kwargs={'literal_binds': True})}")
        )

        assert "ix_agreement_due_on" in " ".join(str(row) for row in plan)
