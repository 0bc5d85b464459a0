"""Who is the head of the region by the name of the post, and who signs by power of attorney."""

import pytest

from rules import signing


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ("Wali Kota Samarinda", True),
        ("Walikota", True),
        ("WALI  KOTA", True),
        ("Pj. Wali Kota Samarinda", True),
        ("Penjabat Wali Kota", True),
        ("Penjabat Sementara Wali Kota", True),
        ("Pjs. Wali Kota", True),
        ("Plt. Walikota Samarinda", True),
        ("Plh Wali Kota", True),
        ("Pelaksana Tugas Wali Kota Samarinda", True),
        ("Pelaksana Harian Wali Kota", True),
        ("Kepala Daerah", True),
        ("Mayor of Samarinda", True),
        ("Wakil Wali Kota Samarinda", False),
        ("Plt. Wakil Wali Kota", False),
        ("Vice Mayor", False),
        ("Sekretaris Daerah Kota Samarinda", False),
        ("Pj. Sekretaris Daerah", False),
        ("Kepala Dinas Perhubungan", False),
        ("Staf Ahli Wali Kota", False),
        ("a.n. Wali Kota Samarinda Sekretaris Daerah", False),
        ("Wali Kota Samarinda u.b. Sekretaris Daerah", False),
        ("Kuasa Wali Kota", False),
        ("Pelaksana Tugas", False),
        ("Wali Kotamadya", False),
        ("", None),
        (" . ", None),
    ],
)
def test_the_post_tells_the_head(post: str, expected: bool | None) -> None:
    assert signing.is_head(post) is expected


@pytest.mark.parametrize(
    ("flagged", "post", "expected"),
    [
        (False, "", False),
        (True, "", True),
        (False, "Wali Kota Samarinda", False),
        (True, "Wali Kota Samarinda", True),
        (False, "Kepala Dinas Perhubungan", True),
        (True, "Kepala Dinas Perhubungan", True),
    ],
)
def test_another_signs_by_power_of_attorney(flagged: bool, post: str, expected: bool) -> None:
    assert signing.by_power(flagged, post) is expected
