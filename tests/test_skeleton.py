"""The walking skeleton: sign in, see the list, take it as CSV."""

from tests.people import Person


def test_a_clerk_signs_in_sees_the_register_and_takes_it_as_csv(sinta: Person) -> None:
    assert sinta.total("/admin/agreement/") == 47

    file = sinta.get("/admin/agreement/export/csv/")

    assert file.mimetype == "text/csv"
    assert file.data.startswith(b"\xef\xbb\xbfNomor Register,Judul,")
    assert len(file.text.splitlines()) == 48
