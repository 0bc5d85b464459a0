"""Bombs: files that are small and want to be huge are refused by a sentence, and neither the server nor its helpers grow."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sikerja.files import child
from sikerja.files.faults import Unfit
from tests.files import samples

ROOT = Path(__file__).parent.parent.parent
UNPACKED = "Isi berkas ini terlalu besar setelah dibuka. Perkecil atau bagi menjadi beberapa berkas."
PAGES = "Berkas ini memuat terlalu banyak halaman. Bagi menjadi beberapa berkas."
PIXELS = "Gambar ini terlalu besar. Perkecil ukurannya, lalu unggah lagi."
UNREADABLE = "Berkas tidak dapat dibaca. Periksa berkasnya, lalu unggah lagi."
REFUSED = {
    "zip of zeros": UNPACKED,
    "zip of zeros in xml": UNPACKED,
    "zip in zip in zip": UNPACKED,
    "zip of many entries": UNPACKED,
    "zip that counts one entry often": UNPACKED,
    "zip that claims less than it holds": UNREADABLE,
    "pdf of squeezed streams": UNPACKED,
    "pdf squeezed twice": UNPACKED,
    "pdf with a squeezed table": UNREADABLE,
    "pdf of pages of pages": UNREADABLE,
    "pdf of many pages": PAGES,
    "pdf of many objects": UNPACKED,
    "pdf of a huge picture": PIXELS,
    "png of huge size": PIXELS,
    "png of great size": PIXELS,
    "jpeg of huge size": PIXELS,
    "tiff of many frames": PAGES,
}

# What a server process does with an upload, and how much it and its children have ever taken.
PROGRAM = """
import json, pathlib, resource, sys
from sikerja.files.inspection import inspect
from sikerja.refusals import Refusal

def most(who):
    return resource.getrusage(who).ru_maxrss // 1024

before, told = most(resource.RUSAGE_SELF), {}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        inspect(path, path.name.rpartition(" as ")[2], 25 * 1024 * 1024)
    except Refusal as refusal:
        told[path.name.rpartition(" as ")[0]] = str(refusal)
print(json.dumps([told, most(resource.RUSAGE_SELF) - before, most(resource.RUSAGE_CHILDREN)]))
"""


def test_no_bomb_goes_off(tmp_path: Path) -> None:
    for name, (upload, make) in samples.BOMBS.items():
        data = make()
        assert len(data) < 7 * samples.MEGABYTE
        (tmp_path / f"{name} as {upload}").write_bytes(data)
    server = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=ROOT, capture_output=True, check=True)
    told, grown, most_of_a_child = json.loads(server.stdout)
    assert told == REFUSED
    assert grown < 30  # MiB
    assert most_of_a_child < 300


def test_a_file_of_the_largest_size_does_not_fill_the_server(tmp_path: Path) -> None:
    (tmp_path / "scan as a.pdf").write_bytes(
        samples.pdf(1, samples.with_stream(bytes(24 * samples.MEGABYTE)), compress_streams=False)
    )
    server = subprocess.run([sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=ROOT, capture_output=True, check=True)
    told, grown, _ = json.loads(server.stdout)
    assert told == {}
    assert grown < 10  # MiB


@pytest.mark.parametrize(
    ("name", "most", "sentence"),
    [("MOST_PAGES", 2, "pages"), ("MOST_OBJECTS", 5, "bomb"), ("MOST_STREAM", 20, "bomb"), ("MOST_UNPACKED", 100, "bomb")],
)
def test_each_limit_of_a_pdf_holds_by_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, most: int, sentence: str
) -> None:
    from sikerja.files import pdf

    (tmp_path / "naskah").write_bytes(samples.pdf(3))
    with (tmp_path / "naskah").open("rb") as file:
        assert pdf.look(file, "pdf")[0] == {"pages": 3, "flags": []}
        monkeypatch.setattr(pdf, name, most)
        with pytest.raises(Unfit) as refused:
            pdf.look(file, "pdf")
    assert refused.value.code == sentence


@pytest.mark.parametrize(
    ("name", "most"),
    [("MOST_ENTRIES", 3), ("MOST_DIRECTORY", 100), ("MOST_UNPACKED", 1000), ("MOST_NESTED", 1000), ("MOST_DEPTH", 0)],
)
def test_each_limit_of_an_office_file_holds_by_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, most: int
) -> None:
    from sikerja.files import office

    (tmp_path / "paparan").write_bytes(samples.pptx())
    with (tmp_path / "paparan").open("rb") as file:
        assert office.look(file, "pptx")[0] == {"pages": None, "flags": []}
        monkeypatch.setattr(office, name, most)
        with pytest.raises(Unfit) as refused:
            office.look(file, "pptx")
    assert refused.value.code == "bomb"


def test_the_children_have_their_limits() -> None:
    assert {name: (job.memory, job.seconds) for name, job in child.JOBS.items()} == {
        "pdf": (384, 10),
        "office": (256, 10),
        "picture": (384, 10),
        "count_pdf": (384, 10),
        "count_picture": (384, 10),
        "draw_pdf": (768, 15),
        "draw_picture": (512, 15),
    }
