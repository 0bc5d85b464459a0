"""Whatever came from outside is parsed by a process that has little memory and time, knows no secret, and may die."""

import io
import os
import select
import threading
from pathlib import Path
from typing import Any

import pytest

from sikerja.files import child, inspection
from sikerja.files.child import MEBIBYTE, Job
from sikerja.files.faults import Unfit
from sikerja.refusals import Refusal
from tests.files import samples

ENDLESS = {"wait": 1, "spin": 1, "flood": 1, "have_children": 3}
OTHERS = ("tell", "refuse", "fail", "crash", "leave", "lie", "say_nothing", "answer_and_fail", "eat")


@pytest.fixture(autouse=True)
def evil(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each function of `evil.py` is a job with little memory and time."""
    for name in (*ENDLESS, *OTHERS):
        monkeypatch.setitem(child.JOBS, name, Job("tests.files.evil", name, 128, ENDLESS.get(name, 10)))


def told(source: Any = None, **arguments: Any) -> Any:
    return child.run("tell", source or io.BytesIO(b"isi"), **arguments)


def test_a_child_answers_with_words_and_bytes() -> None:
    result = told(kind="pdf", page=3)
    assert result.answer["arguments"] == {"kind": "pdf", "page": 3}
    assert result.answer["read"] == "isi"
    assert result.payload == b"bytes\n\0\xff"


def test_a_child_reads_a_file_from_its_beginning_and_leaves_it_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a" * 100_000)
    with (tmp_path / "x").open("rb") as file:
        file.read(10)
        assert len(told(file).answer["read"]) == 100_000
        assert file.tell() == 10
        assert len(file.read()) == 99_990
    memory = io.BytesIO(b"0123456789")
    memory.seek(4)
    assert told(memory).answer["read"] == "0123456789"
    assert memory.read() == b"456789"


def test_a_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "rahasia")
    monkeypatch.setenv("DATABASE_URL", "postgresql://sikerja:rahasia@localhost/sikerja")
    with (tmp_path / "register").open("wb"):
        answer = told().answer
    assert set(answer["environment"]) <= {"PATH", "LD_LIBRARY_PATH", "LANG", "LC_CTYPE", "TMPDIR"}
    assert answer["files"] == [0, 1, 2]


def test_a_child_is_bound_and_starts_with_little() -> None:
    answer = told().answer
    most = [128 * MEBIBYTE, 10, 32 * MEBIBYTE, 64, 0, 0]
    assert answer["limits"] == [[limit, limit] for limit in most]
    assert answer["heavy"] == []


def test_a_child_refuses_with_a_reason() -> None:
    with pytest.raises(Unfit) as refused:
        child.run("refuse", io.BytesIO(b"isi"))
    assert (refused.value.code, refused.value.found) == ("program", "x.exe")


@pytest.mark.parametrize(
    "how", ["fail", "crash", "leave", "lie", "say_nothing", "answer_and_fail", "eat", "wait", "spin", "flood"]
)
def test_a_child_that_goes_wrong_means_unreadable(how: str) -> None:
    with pytest.raises(Unfit) as refused:
        child.run(how, io.BytesIO(b"isi"))
    assert refused.value.code == "unreadable"


def test_whatever_a_child_started_ends_with_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(Unfit):
        child.run("have_children", io.BytesIO(b"isi"), pipe=str(tmp_path / "pipe"))
    assert os.read(reader, 100).startswith(b"here ")
    assert select.select([reader], [], [], 30)[0]  # the pipe ends once nobody holds it
    assert os.read(reader, 100) == b""
    os.close(reader)


def test_a_dead_child_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(child.JOBS, "pdf", Job("tests.files.evil", "leave", 128, 2))
    with pytest.raises(Refusal) as refused:
        inspection.inspect(io.BytesIO(samples.pdf()), "naskah.pdf", 10**6)
    assert refused.value.errors == {"file": "Berkas tidak dapat dibaca. Periksa berkasnya, lalu unggah lagi."}


def test_only_so_many_children_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child.AT_ONCE == 2
    turns = threading.BoundedSemaphore(1)
    monkeypatch.setattr(child, "_turns", turns)
    monkeypatch.setattr(child, "PATIENCE", 0)
    with turns, pytest.raises(Refusal) as refused:
        inspection.inspect(io.BytesIO(samples.pdf()), "naskah.pdf", 10**6)
    assert str(refused.value) == "Banyak berkas sedang diperiksa. Tunggu sebentar, lalu unggah lagi."
    with pytest.raises(Unfit):
        child.run("fail", io.BytesIO(b"isi"))
    assert told().answer["read"] == "isi"  # a turn comes back, whatever became of it
