"""What a document must hold at least, by the provision that says so. All of it was read in the regulations."""

# Provision -> contents, in its order.
CONTENTS: dict[str, tuple[str, ...]] = {
    "Permendagri 25/2020 Pasal 12 ayat (3)": (
        "judul",
        "latar belakang",
        "maksud dan tujuan",
        "pemetaan potensi, karakteristik, kebutuhan",
        "manfaat",
        "kesimpulan",
    ),
    "Permendagri 25/2020 Pasal 15 ayat (3)": (
        "subjek",
        "latar belakang",
        "maksud, tujuan, sasaran",
        "objek",
        "ruang lingkup",
        "sumber pembiayaan",
        "jangka waktu pelaksanaan",
    ),
    "Permendagri 25/2020 Pasal 20 ayat (5)": (
        "judul",
        "subjek",
        "maksud dan tujuan",
        "ruang lingkup",
        "pelaksanaan",
        "pembiayaan",
        "kelompok kerja bersama",
        "penyelesaian perselisihan",
        "amandemen",
        "masa berlaku, perpanjangan, pengakhiran",
        "tanggal dan tempat",
    ),
    "Permendagri 25/2020 Pasal 37 ayat (1)": (
        "judul",
        "latar belakang",
        "maksud, tujuan, sasaran",
        "ruang lingkup",
        "perkembangan/hasil",
        "penerima manfaat",
        "pendanaan",
        "hambatan dan tantangan",
        "analisis dan rencana tindak lanjut",
    ),
}


def of(provision: str) -> tuple[str, ...]:
    """The contents of a document that rests on this provision; nothing where the law names none."""
    return CONTENTS.get(provision, ())
