"""What the texts of a synthetic register are made of. Names are marked "Uji": none of them is anybody's."""

# What a title is about. Each stands in about one title of twenty.
SUBJECTS = (
    "pendidikan", "kesehatan", "perhubungan", "persampahan", "air minum", "pertanian", "perikanan", "pariwisata",
    "kependudukan", "penanggulangan bencana", "perpustakaan", "ketenagakerjaan", "perdagangan", "perindustrian",
    "lingkungan hidup", "kebudayaan", "kepemudaan", "tata ruang", "pemberdayaan perempuan", "komunikasi dan informatika",
)  # fmt: skip
# What a title is rarely about: each in about one title of five thousand.
RARE = ("mangrove", "bekantan", "songket", "biogas", "geopark")
RARE_EVERY = 1000
ACTS = (
    "Penyelenggaraan layanan", "Peningkatan mutu", "Pengelolaan terpadu", "Pengembangan kapasitas aparatur di bidang",
    "Pemanfaatan data", "Pembinaan dan pengawasan", "Pertukaran pengetahuan tentang", "Penguatan kelembagaan",
    "Pembangunan sistem TI untuk", "Pendampingan program",
)  # fmt: skip
AIMS = (
    "bagi masyarakat di kawasan perbatasan kota", "untuk pelaku usaha mikro, kecil, dan menengah",
    "melalui sistem informasi bersama", "di wilayah sungai dan pesisir", "bagi keluarga berpenghasilan rendah",
    "dalam rangka kota cerdas", "untuk aparatur sipil negara", "pada tingkat kecamatan dan kelurahan",
    "secara berkelanjutan", "bagi anak usia sekolah",
)  # fmt: skip
SENTENCES = (
    "Para pihak menyusun rencana kerja tahunan dan membagi tugas menurut kewenangan masing-masing.",
    "Pertukaran data dilakukan secara berkala dengan tetap menjaga kerahasiaan menurut peraturan perundang-undangan.",
    "Pelatihan diberikan kepada petugas lapangan sedikitnya dua kali dalam setahun di tempat yang disepakati.",
    "Sarana dan prasarana yang sudah ada dipakai bersama, dan yang belum ada diadakan oleh pihak yang memerlukan.",
    "Pemantauan dan evaluasi dilakukan bersama setiap enam bulan, dan hasilnya dituangkan dalam berita acara.",
    "Pembiayaan dibebankan pada anggaran masing-masing pihak atau sumber lain yang sah dan tidak mengikat.",
    "Masyarakat dilibatkan sejak perencanaan sampai dengan pelaporan, melalui forum di setiap kelurahan.",
    "Hasil kegiatan dipublikasikan pada laman resmi para pihak paling lambat akhir tahun anggaran.",
)
PLACES = ("Samarinda", "Balikpapan", "Tenggarong", "Jakarta", "Banjarmasin")
GOODS = ("Sarana", "Karya", "Mitra", "Cipta", "Bina", "Sumber", "Cahaya", "Graha", "Lestari", "Nusa")
# Kind of partner -> (share of the partners, how its names begin).
PARTNERS = {
    "daerah": (0.15, ("Kabupaten Uji", "Kota Uji", "Provinsi Uji")),
    "badan_usaha": (0.50, tuple(f"PT {good} Uji" for good in GOODS)),
    "perguruan_tinggi": (0.10, ("Universitas Uji", "Politeknik Uji", "Institut Uji")),
    "ormas": (0.10, ("Yayasan Uji", "Perkumpulan Uji")),
    "pemerintah_pusat": (0.05, ("Kantor Wilayah Kementerian Uji", "Balai Besar Uji")),
    "pemda_luar_negeri": (0.05, ("City of Uji", "Prefecture of Uji")),
    "lembaga_luar_negeri": (0.05, ("Uji Foundation", "Uji Institute")),
}
REGIONS = ("Kalimantan Timur", "Kalimantan Selatan", "Sulawesi Selatan", "Jawa Timur", "DKI Jakarta")
# Files: (kind, title).
FILES = (
    ("naskah_final", "Naskah bertanda tangan"), ("surat_penawaran", "Surat penawaran"), ("kak", "Kerangka acuan kerja"),
    ("rancangan", "Rancangan naskah"), ("berita_acara", "Berita acara pembahasan"), ("laporan", "Laporan pelaksanaan"),
)  # fmt: skip

# Group -> (share, kinds of cooperation, kinds of partner, {instrument: share}).
GROUPS = {
    "ksdpk": (0.50, ("ksdpk_prakarsa_daerah", "ksdpk_prakarsa_pihak_ketiga"),
              ("badan_usaha", "perguruan_tinggi", "ormas"), {"pks": 0.55, "kb": 0.40, "other": 0.05}),
    "ksdd": (0.25, ("ksdd_wajib", "ksdd_sukarela"), ("daerah",), {"pks": 0.50, "kb": 0.50}),
    "sinergi": (0.15, ("sinergi",), ("pemerintah_pusat",), {"nota_kesepakatan": 0.70, "pks": 0.30}),
    "ksdpl": (0.05, ("ksdpl",), ("pemda_luar_negeri",), {"pernyataan_kehendak": 0.50, "naskah": 0.50}),
    "ksdll": (0.05, ("ksdll_lainnya",), ("lembaga_luar_negeri",), {"pernyataan_kehendak": 0.50, "naskah": 0.50}),
}  # fmt: skip
