"""Pages are looked at as pictures: drawn by a child, upright, bounded, each once; office files have none."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sikerja.files import child, rendering
from sikerja.files.rendering import Gallery, NoSuchPage, page_count, render_page
from sikerja.refusals import Refusal
from tests.files import samples

DIGEST = "a1b2" * 16
OTHER = "c3d4" * 16
UNREADABLE = "Berkas tidak dapat dibaca. Periksa berkasnya, lalu unggah lagi."


def drawn(data: bytes, kind: str, page: int = 1, width: int = 800) -> Image.Image:
    picture = render_page(io.BytesIO(data), kind, page, width)
    assert picture is not None
    image = Image.open(io.BytesIO(picture))
    assert image.format == "PNG"
    return image


def ink(image: Image.Image) -> Any:
    """Where it isn't white: left, top, right, bottom."""
    return image.convert("L").point(lambda value: 255 - value).getbbox()


def test_a_page_of_a_pdf_is_drawn() -> None:
    first = drawn(samples.pdf(), "pdf")
    assert first.width == 800
    assert 1130 <= first.height <= 1134  # A4
    left, top, _, bottom = ink(first)
    assert 90 <= left <= 110  # 72 points from the left
    assert 20 <= top < bottom <= 80
    assert first.tobytes() != drawn(samples.pdf(), "pdf", page=2).tobytes()


@pytest.mark.parametrize(("asked", "width"), [(-5, 320), (0, 320), (320, 320), (321, 800), (1200, 1200), (99_999, 1600)])
def test_only_a_few_widths_are_drawn(asked: int, width: int) -> None:
    assert rendering.fitting_width(asked) == width
    assert drawn(samples.pdf(1), "pdf", width=asked).width == width


@pytest.mark.parametrize(
    ("kind", "data", "size"),
    [
        ("jpeg", samples.picture("JPEG", (1600, 1200)), (800, 600)),
        ("jpeg", samples.picture("JPEG", (400, 300)), (400, 300)),
        ("jpeg", samples.picture("JPEG", (1600, 1200), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"), (800, 1067)),
        ("jpeg", samples.picture("JPEG", (1600, 1200), "CMYK"), (800, 600)),
        ("png", samples.picture("PNG", (1600, 1200), "RGBA"), (800, 600)),
        ("png", samples.picture("PNG", (1600, 1200), "LA"), (800, 600)),
        ("png", samples.picture("PNG", (1600, 1200), "P"), (800, 600)),
        ("png", samples.picture("PNG", (1600, 1200), "I;16"), (800, 600)),
        ("png", samples.picture("PNG", (1600, 1200), "1"), (800, 600)),
        ("tiff", samples.picture("TIFF", (1600, 1200), compression="tiff_lzw"), (800, 600)),
    ],
    ids=["photo", "small", "turned", "print", "see-through", "grey see-through", "palette", "deep", "black and white", "tiff"],
)  # fmt: skip
def test_a_picture_is_drawn_upright_and_never_larger(kind: str, data: bytes, size: tuple[int, int]) -> None:
    assert drawn(data, kind).size == size


def test_what_is_see_through_lies_on_white() -> None:
    output = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(output, "PNG")
    assert drawn(output.getvalue(), "png").getpixel((5, 5)) == (255, 255, 255)


def test_a_turned_photo_stands_with_its_top_up() -> None:
    upright = Image.new("L", (60, 40), 255)
    upright.paste(0, (0, 0, 60, 10))  # dark above
    exif, output = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6  # the camera was turned: to be shown a quarter to the right
    upright.transpose(Image.Transpose.ROTATE_90).save(output, "JPEG", exif=exif)
    image = drawn(output.getvalue(), "jpeg").convert("L")
    assert image.size == (60, 40)
    assert image.getpixel((30, 3)) < 50
    assert image.getpixel((30, 35)) > 200


def test_sixteen_bits_are_drawn_as_bright_as_they_are() -> None:
    output = io.BytesIO()
    Image.new("I;16", (10, 10), 0x8000).save(output, "PNG")
    assert drawn(output.getvalue(), "png").getpixel((5, 5)) == 128


def test_a_photo_with_further_pictures_in_it_has_one_page() -> None:
    output = io.BytesIO()
    Image.new("L", (10, 10), 0).save(output, "MPO", save_all=True, append_images=[Image.new("L", (10, 10), 255)])
    assert page_count(io.BytesIO(output.getvalue()), "jpeg") == 1
    assert drawn(output.getvalue(), "jpeg").getpixel((5, 5)) == 0
    with pytest.raises(NoSuchPage):
        render_page(io.BytesIO(output.getvalue()), "jpeg", 2, 800)


def test_each_frame_of_a_fax_is_a_page() -> None:
    output = io.BytesIO()
    Image.new("1", (100, 100), 0).save(output, "TIFF", save_all=True, append_images=[Image.new("1", (100, 100), 1)])
    assert [drawn(output.getvalue(), "tiff", page).getpixel((50, 50)) for page in (1, 2)] == [0, 255]


@pytest.mark.parametrize("name", samples.GOOD)
def test_pages_are_counted_where_they_can_be_drawn(name: str) -> None:
    counts = {"pdf": 3, "jpg": 1, "png": 1, "tiff": 2}
    ending = name.rpartition(".")[2]
    kind = "jpeg" if ending == "jpg" else ending
    data = samples.GOOD[name]()
    assert page_count(io.BytesIO(data), kind) == counts.get(ending)
    assert rendering.can_be_drawn(kind) is (ending in counts)
    assert (render_page(io.BytesIO(data), kind, 1, 320) is not None) is (ending in counts)


@pytest.mark.parametrize(("kind", "name"), [("pdf", "naskah.pdf"), ("tiff", "pindaian.tiff"), ("png", "pindaian.png")])
@pytest.mark.parametrize("page", [-1, 0, 4, 10**9])
def test_a_page_that_is_not_there_is_told(kind: str, name: str, page: int) -> None:
    with pytest.raises(NoSuchPage, match="Halaman ini tidak ada"):
        render_page(io.BytesIO(samples.GOOD[name]()), kind, page, 800)


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("pdf", b"%PDF-1.7 no", UNREADABLE),
        ("jpeg", samples.jpeg()[:-100], UNREADABLE),
        ("png", samples.bare_png(60_000, 60_000), "Gambar ini terlalu besar. Perkecil ukurannya, lalu unggah lagi."),
    ],
)
def test_what_cannot_be_drawn_is_told(kind: str, data: bytes, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        render_page(io.BytesIO(data), kind, 1, 800)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(("wide", "high"), [(10, 14_000), (14_000, 10), (14_000, 14_000)])
def test_a_page_of_strange_size_stays_bounded(wide: int, high: int) -> None:
    data = samples.pdf(1, lambda made: setattr(made.pages[0], "MediaBox", [0, 0, wide, high]))
    image = drawn(data, "pdf", width=1600)
    assert image.width <= 1600
    assert image.height <= 8000
    assert image.width * image.height <= 8_100_000


def test_a_page_is_drawn_once(tmp_path: Path) -> None:
    gallery, gone = Gallery(tmp_path), io.BytesIO()
    first = gallery.page(DIGEST, io.BytesIO(samples.pdf()), "pdf", 1, 800)
    assert [gallery.page(DIGEST, gone, "pdf", 1, width) for width in (700, 800)] == [first, first]
    assert gallery.page(DIGEST, io.BytesIO(samples.pdf()), "pdf", 2, 800) != first
    assert gallery.page(DIGEST, io.BytesIO(samples.pdf()), "pdf", 1, 320) != first
    assert sorted(path.name for path in tmp_path.rglob("*.*")) == ["1-320.png", "1-800.png", "2-800.png"]


def test_office_files_and_missing_pages_leave_nothing(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    assert gallery.page(DIGEST, io.BytesIO(samples.docx()), "docx", 1, 800) is None
    with pytest.raises(NoSuchPage):
        gallery.page(DIGEST, io.BytesIO(samples.pdf()), "pdf", 9, 800)
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_no_room_looking_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a1").write_text("a file where the folder should be")
    assert Gallery(tmp_path).page(DIGEST, io.BytesIO(samples.pdf()), "pdf", 1, 320) is not None
    assert [path.name for path in tmp_path.iterdir()] == ["a1"]


def test_pages_can_be_forgotten_and_trimmed(tmp_path: Path) -> None:
    gallery = Gallery(tmp_path)
    for moment, (digest, page) in enumerate([(DIGEST, 1), (DIGEST, 2), (OTHER, 1)]):
        gallery.page(digest, io.BytesIO(samples.pdf()), "pdf", page, 320)
        os.utime(tmp_path / digest[:2] / digest / f"{page}-320.png", (moment, moment))
    size = (tmp_path / "c3" / OTHER / "1-320.png").stat().st_size
    assert gallery.trim(10 * size) == 0
    assert gallery.trim(size) == 2
    assert [path.parent.name for path in tmp_path.rglob("*.png")] == [OTHER]
    gallery.forget(OTHER)
    gallery.forget(OTHER)
    assert list(tmp_path.rglob("*.png")) == []


@pytest.mark.parametrize("digest", ["", "../../etc", "A" * 64, "a" * 63])
def test_only_a_digest_becomes_a_path(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        Gallery(tmp_path).page(digest, io.BytesIO(b""), "pdf", 1, 320)


@pytest.mark.parametrize(
    ("kind", "make", "size"),
    [
        ("jpeg", lambda: samples.picture("JPEG", (10_000, 9_000), "L"), (1600, 1440)),
        ("png", lambda: samples.bare_png(7_000, 7_000, colours=6, pixels=samples.zeros(187)), (1600, 1600)),
    ],
    ids=["90 megapixels in grey", "49 megapixels, see-through"],
)
def test_great_pictures_are_drawn_with_the_memory_of_a_child(kind: str, make: Any, size: tuple[int, int]) -> None:
    assert child.JOBS["draw_picture"].memory == 512
    assert drawn(make(), kind, width=1600).size == size
