"""A broken file of the law is refused whole, and every fault in it is named at once."""

import pytest

from rules import law

TEXT = law.FILE.read_text()


def faults(source: str) -> tuple[str, ...]:
    with pytest.raises(law.LawError) as refused:
        law.load(source)
    return refused.value.faults


def changed(*pairs: tuple[str, str]) -> str:
    """The file with the first place of each text replaced."""
    source = TEXT
    for old, new in pairs:
        assert old in source, old
        source = source.replace(old, new, 1)
    return source


def test_the_file_is_sound() -> None:
    assert law.load(TEXT) == law.procedures()


STAGE = "ksdd_wajib, pemetaan_wajib"
KAK = "ksdd_wajib, persiapan, dokumen “Kerangka Acuan Kerja (KAK) KSDD”"
DPRD = "ksdd_wajib, persetujuan_dprd"
LOI = "ksdpl, pernyataan_kehendak, tenggat masa_berlaku_loi"
REPORT = "ksdpl, pelaporan, tenggat laporan_wali_kota"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        # form
        ('kunci = "pemetaan_wajib"\n', "", "ksdd_wajib, tahap ke-1: “kunci” tidak ada."),
        ("urutan = 1", 'urutan = "1"', "ksdd_wajib, tahap ke-1: “urutan” harus berupa bilangan."),
        ("urutan = 1", "urutan = true", "ksdd_wajib, tahap ke-1: “urutan” harus berupa bilangan."),
        ('pemegang = "bagian"', 'pemegang = "bagian"\nwarna = "biru"', "ksdd_wajib, tahap ke-1: “warna” tidak dikenal."),
        ('instrumen = ["kb", "pks_tanpa_kb"]', 'instrumen = "kb"', "ksdd_wajib, tahap ke-1: “instrumen” harus berupa daftar teks."),
        ('versi = "1"', 'versi = "satu"', "“versi” harus berupa bilangan dalam tanda kutip."),
        ('versi = "1"', 'versi = "1"\nwarna = "biru"', "Isian “warna” tidak dikenal."),
        ("boleh_dilewati = false", "boleh_dilewati = true",
         "ksdd_wajib, tahap ke-1: boleh_dilewati, berlaku_bila, dilewati_dasar, dan dilewati_kepastian hanya ada bersama-sama."),
        ('bulan = "bulan kalender"', 'pekan = "tujuh hari"', "Satuan “pekan” tidak dikenal."),
        # stages
        ("urutan = 1", "urutan = 2", "ksdd_wajib: urutan tahap harus 1, 2, 3 dan seterusnya."),
        ('kunci = "koordinasi_teknis"', 'kunci = "pemetaan_wajib"', "ksdd_wajib: kunci tahap “pemetaan_wajib” ada 2 kali."),
        ('kunci = "pemetaan_wajib"', 'kunci = "Pemetaan!"', "ksdd_wajib, Pemetaan!: kunci hanya huruf kecil, angka, dan garis bawah."),
        ('nama = "Pemetaan urusan pemerintahan"', 'nama = " "', f"{STAGE}: nama kosong."),
        ('pemegang = "bagian"', 'pemegang = "raja"', f"{STAGE}: pemegang “raja” tidak dikenal."),
        ('instrumen = ["kb", "pks_tanpa_kb"]', 'instrumen = ["mou"]', f"{STAGE}: instrumen “mou” tidak dikenal."),
        ('instrumen = ["kb", "pks_tanpa_kb"]', "instrumen = []", f"{STAGE}: tidak ada naskah yang menempuhnya."),
        ('instrumen = ["kb", "pks_tanpa_kb"]', 'instrumen = ["kb", "kb"]', f"{STAGE}: instrumen “kb” ada 2 kali."),
        ('dasar = ["PP 28/2018 Pasal 5 ayat (1)"]', "dasar = []", f"{STAGE}: dasar tidak ada."),
        ('dasar = ["PP 28/2018 Pasal 5 ayat (1)"]', 'dasar = ["Pasal 5 PP 28/2018"]',
         f"{STAGE}: “Pasal 5 PP 28/2018” tidak menyebut peraturannya lebih dahulu."),
        ('dasar = ["PP 28/2018 Pasal 5 ayat (1)"]', 'dasar = ["Permendagri 22/2020 Pasal 4"]',
         f"{STAGE}: pasal Permendagri 22/2020 tidak dikutip sebelum naskahnya diperiksa."),
        ("urutan = 3\n", "urutan = 3\nsejajar = true\n", "ksdd_wajib: tahap sejajar harus sesudah semua tahap yang berurutan."),
        ('kelompok = "KSDD"', 'kelompok = "KSXX"', "ksdd_wajib: kelompok “KSXX” tidak dikenal."),
        ('persetujuan_dprd = "bersyarat"', 'persetujuan_dprd = "wajib"',
         "ksdd_wajib: tahap persetujuan DPRD tidak sesuai dengan persetujuan_dprd = “wajib”."),
        ('persetujuan_dprd = "bersyarat"', 'persetujuan_dprd = "kadang"', "ksdd_wajib: persetujuan_dprd “kadang” tidak dikenal."),
        ('berlaku_bila = ["membebani_masyarakat_dan_daerah",', 'berlaku_bila = ["hujan",', f"{DPRD}: pertanyaan “hujan” tidak dikenal."),
        ('uraian = "Melaporkan pelaksanaan sinergi;', 'uraian = "Melaporkan menurut Pasal 38;',
         "sinergi, pelaporan: uraian menyebut pasal padahal dasarnya belum dibaca."),
        # documents
        ('arah = "hasil", wajib = true, dasar = "Format', 'arah = "ke", wajib = true, dasar = "Format', f"{KAK}: arah “ke” tidak dikenal."),
        ('Samarinda", kepastian = "VERIFIED-PRAKTIK"', 'Samarinda", kepastian = "PASTI"', f"{KAK}: kepastian “PASTI” tidak dikenal."),
        ('Samarinda", kepastian = "VERIFIED-PRAKTIK"', 'Samarinda", kepastian = "MEMORY", bila = "sekretariat_dibentuk"',
         f"{KAK}: wajib selalu dan wajib bila dijawab ya tidak dapat bersamaan."),
        ('dasar = "Format KAK KSDD Bagian Kerja Sama Samarinda"', 'dasar = "PP 28/2018 Pasal 4"',
         f"{KAK}: pasal “PP 28/2018 Pasal 4” dikutip padahal belum dibaca."),
        ('bila = "sekretariat_dibentuk"', 'bila = "hujan"',
         "ksdd_wajib, pelaksanaan, dokumen “Keputusan pembentukan sekretariat kerja sama”: pertanyaan “hujan” tidak dikenal."),
        # deadlines
        ('sifat = "usulan_nonaktif"', 'sifat = "maksimal"',
         f"{DPRD}, tenggat dprd_menjawab: tenggat hanya dipasang dengan pasal yang sudah dibaca."),
        ('jumlah = 45, satuan = "hari_kerja"', 'jumlah = 45, satuan = "jam"', f"{DPRD}, tenggat dprd_menjawab: satuan “jam” tidak dikenal."),
        ("jumlah = 45", "jumlah = 0", f"{DPRD}, tenggat dprd_menjawab: jumlah harus 1 sampai 999."),
        ('sejak = "surat permohonan diterima"', 'sejak = "entah"', f"{DPRD}, tenggat dprd_menjawab: sejak “entah” tidak dikenal."),
        ('bila_lewat = "belum_pasti"', 'bila_lewat = "denda"', f"{DPRD}, tenggat dprd_menjawab: bila_lewat “denda” tidak dikenal."),
        ('satuan = "tahun", arah = "setelah"', 'satuan = "tahun", arah = "sekitar"', f"{LOI}: arah “sekitar” tidak dikenal."),
        ('sifat = "masa_berlaku"', 'sifat = "selamanya"', f"{LOI}: sifat “selamanya” tidak dikenal."),
        ('jumlah = 1, satuan = "minggu_januari"', 'jumlah = 5, satuan = "minggu_januari"', f"{REPORT}: jumlah harus 1 sampai 4."),
        ('arah = "pada"', 'arah = "setelah"', f"{REPORT}: tenggat tahunan berupa minggu Januari, “pada”, “setiap tahun”; yang lain tidak."),
    ],
)  # fmt: skip
def test_a_fault_is_named(old: str, new: str, fault: str) -> None:
    assert fault in faults(changed((old, new)))


def test_a_kind_that_is_missing_or_unknown_is_named() -> None:
    found = faults(TEXT.replace("jenis.sinergi", "jenis.sinergy"))
    assert found == ("Jenis “sinergi” tidak ada.", "sinergy: jenis “sinergy” tidak dikenal.")


def test_all_faults_are_named_at_once() -> None:
    source = changed(
        ('pemegang = "bagian"', 'pemegang = "raja"'),
        ("jumlah = 45", "jumlah = 0"),
        ('bila = "sekretariat_dibentuk"', 'bila = "hujan"'),
    )
    assert faults(source) == (
        f"{STAGE}: pemegang “raja” tidak dikenal.",
        f"{DPRD}, tenggat dprd_menjawab: jumlah harus 1 sampai 999.",
        "ksdd_wajib, pelaksanaan, dokumen “Keputusan pembentukan sekretariat kerja sama”: pertanyaan “hujan” tidak dikenal.",
    )


@pytest.mark.parametrize(
    "source", ["", "jenis = 1", "jenis = []", 'versi = "1"\n[jenis.ksdd_wajib]\ntahap = [1]', "jenis = {", "[jenis]\nksdpl = 1"]
)
def test_what_is_no_law_at_all_is_refused(source: str) -> None:
    assert faults(source)
