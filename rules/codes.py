"""Code lists of the register: the code as it stands in the database, the word a person reads.

The codes are fixed (they stand in addresses and exports); the words may be improved here, in one place.
"""

GROUPS = {
    "ksdd": "KSDD",
    "ksdpk": "KSDPK",
    "sinergi": "Sinergi",
    "ksdpl": "KSDPL",
    "ksdll": "KSDLL",
}

GROUP_NAMES = {
    "ksdd": "Kerja Sama Daerah dengan Daerah Lain",
    "ksdpk": "Kerja Sama Daerah dengan Pihak Ketiga",
    "sinergi": "Sinergi dengan Pemerintah Pusat",
    "ksdpl": "Kerja Sama Daerah dengan Pemerintah Daerah di Luar Negeri",
    "ksdll": "Kerja Sama Daerah dengan Lembaga di Luar Negeri",
}

INSTRUMENTS = {
    "kb": "Kesepakatan Bersama",
    "pks": "Perjanjian Kerja Sama",
    "nota_kesepakatan": "Nota Kesepakatan",
    "pernyataan_kehendak": "Pernyataan Kehendak",
    "naskah": "Naskah Kerja Sama",
    "rencana_penerusan": "Usulan Rencana Kerja Sama",
    "addendum": "Adendum",
    "other": "Naskah lain",
}

# Short forms for the dense list; the details page and the exports spell them out.
INSTRUMENTS_SHORT = INSTRUMENTS | {
    "kb": "KB",
    "pks": "PKS",
    "naskah": "Naskah",
    "nota_kesepakatan": "Nota",
    "pernyataan_kehendak": "LoI",
    "rencana_penerusan": "Usulan",
    "other": "Lain",
}

# The paper that a cooperation begins with: by its group, and by the one kind (see PROCEDURES) that differs from its group.
FIRST_INSTRUMENTS = {
    "ksdd": "kb",
    "ksdpk": "kb",
    "sinergi": "nota_kesepakatan",
    "ksdpl": "pernyataan_kehendak",
    "ksdll": "pernyataan_kehendak",
    "ksdll_penerusan": "rencana_penerusan",
}

ORIGINS = {"process": "Proses", "archive": "Arsip lama"}

VALIDITIES = {
    "process": "Dalam proses",
    "upcoming": "Akan berlaku",
    "active": "Berlaku",
    "ending": "Segera berakhir",
    "ended": "Sudah berakhir",
    "undated": "Tanpa tanggal akhir",
    "terminated": "Diakhiri",
    "renewed": "Sudah diperpanjang",
    "closed": "Ditutup",
}

OUTCOMES = {
    "refused": "Ditolak",
    "withdrawn": "Ditarik",
    "lapsed": "Kedaluwarsa",
    "cancelled": "Dibatalkan",
}

# What became of an offer: an answer is awaited, it was signed, or it was closed with an outcome.
OFFER_OUTCOMES = {"waiting": "Menunggu", "accepted": "Diterima", **OUTCOMES}

STAGE_STATUSES = {
    "planned": "Belum",
    "running": "Berjalan",
    "waiting": "Menunggu",
    "returned": "Dikembalikan",
    "finished": "Selesai",
    "skipped": "Dilewati",
}

# Whether the law prescribes a stage.
STAGE_KINDS = {"1": "Menurut peraturan", "0": "Internal"}

# What can be done to a stage, in the words of its button.
STAGE_VERBS = {
    "start": "Mulai tahap",
    "finish": "Selesaikan tahap",
    "skip": "Lewati tahap",
    "send_back": "Kembalikan untuk perbaikan",
    "wait": "Tunggu pihak luar",
    "reopen": "Buka kembali",
}
# What is written down about a stage: the verbs, and what happens to it beside them.
STAGE_EVENTS = (*STAGE_VERBS, "add", "remove", "answer", "document", "deemed", "late_answer", "deadline")
VERSION_STATUSES = {"draft": "Draf", "published": "Berlaku"}

# What is to be done next with an agreement, by the state of its current stage.
NEXT_STEPS = {
    "start": "Mulai tahap",
    "skip": "Lewati tahap",
    "finish": "Selesaikan tahap",
    "await": "Tunggu pihak lain",
    "repair": "Perbaiki",
    "choose_procedure": "Pilih prosedur",
    "none": "Tidak ada",
}

# A stage that is open holds the agreement; a settled one has let it go.
OPEN_STATUSES = ("running", "waiting", "returned")
SETTLED_STATUSES = ("finished", "skipped")

HOLDERS = {
    "bagian": "Bagian Kerja Sama",
    "tkksd": "TKKSD",
    "unit": "Perangkat daerah",
    "mitra": "Mitra",
    "dprd": "DPRD",
    "gubernur": "Gubernur",
    "menteri": "Menteri",
    "pimpinan": "Pimpinan",
}

PARTNER_KINDS = {
    "daerah": "Daerah lain",
    "pemerintah_pusat": "Pemerintah Pusat",
    "badan_usaha": "Badan usaha",
    "ormas": "Organisasi kemasyarakatan",
    "perguruan_tinggi": "Perguruan tinggi",
    "perseorangan": "Perseorangan",
    "pemda_luar_negeri": "Pemerintah daerah di luar negeri",
    "lembaga_luar_negeri": "Lembaga di luar negeri",
    "lainnya": "Lainnya",
}

UNIT_TYPES = {
    "perangkat_daerah": "Perangkat daerah",
    "bagian": "Bagian",
    "kecamatan": "Kecamatan",
    "bumd": "BUMD/Perumda",
    "lainnya": "Lainnya",
}

UNIT_ROLES = {"pemrakarsa": "Pemrakarsa", "pelaksana": "Pelaksana", "terkait": "Terkait"}

RENEWAL_DECISIONS = {
    "undecided": "Belum diputuskan",
    "preparing": "Disiapkan",
    "with_partner": "Di mitra",
    "renewed": "Diperpanjang",
    "not_renewed": "Tidak diperpanjang",
}

LINK_KINDS = {
    "implements": "Melaksanakan",
    "amends": "Mengubah",
    "renews": "Memperpanjang",
    "follows": "Menindaklanjuti",
}

SECTOR_CLUSTERS = {
    "wajib_dasar": "Wajib, pelayanan dasar",
    "wajib_nondasar": "Wajib, bukan pelayanan dasar",
    "pilihan": "Pilihan",
}

REGULATION_CHECKS = {
    "diperiksa": "Naskah sudah dibaca",
    "judul": "Baru judulnya yang diketahui",
    "ingatan": "Belum diperiksa",
}

HOLIDAY_KINDS = {"nasional": "Libur nasional", "cuti_bersama": "Cuti bersama", "daerah": "Libur daerah"}

ROLES = {
    "admin": "Administrator",
    "staff": "Staf Bagian Kerja Sama",
    "supervisor": "Pimpinan",
    "unit": "Perangkat daerah",
    "auditor": "Auditor",
}

# The eight kinds of cooperation by the codes of the law data, short enough for a list.
PROCEDURES = {
    "ksdd_wajib": "KSDD wajib",
    "ksdd_sukarela": "KSDD sukarela",
    "ksdpk_prakarsa_daerah": "KSDPK prakarsa daerah",
    "ksdpk_prakarsa_pihak_ketiga": "KSDPK prakarsa pihak ketiga",
    "sinergi": "Sinergi",
    "ksdpl": "KSDPL",
    "ksdll_penerusan": "KSDLL penerusan",
    "ksdll_lainnya": "KSDLL lainnya",
}

# The stages a clerk may write down before the statutory engine exists: key -> name. Any other name makes its own key.
STAGE_NAMES = {
    "persiapan": "Persiapan",
    "penawaran": "Penawaran",
    "penyusunan_kb": "Penyusunan Kesepakatan Bersama",
    "penandatanganan_kb": "Penandatanganan Kesepakatan Bersama",
    "persetujuan_dprd": "Persetujuan DPRD",
    "penyusunan_pks": "Penyusunan Perjanjian Kerja Sama",
    "penandatanganan_pks": "Penandatanganan Perjanjian Kerja Sama",
    "pembahasan": "Pembahasan",
    "penandatanganan": "Penandatanganan",
    "pelaksanaan": "Pelaksanaan",
    "penatausahaan": "Penatausahaan",
    "pelaporan": "Pelaporan",
}
SIGNED_STAGE = ("ditandatangani", "Ditandatangani")
UNDERWAY_STAGE = ("pelaksanaan", "Pelaksanaan")

ATTACHMENT_KINDS = {
    "surat_penawaran": "Surat penawaran",
    "kak": "Kerangka acuan kerja",
    "studi_kelayakan": "Studi kelayakan",
    "rancangan": "Rancangan naskah",
    "naskah_final": "Naskah bertanda tangan",
    "surat_kuasa": "Surat kuasa",
    "berita_acara": "Berita acara",
    "persetujuan": "Surat persetujuan",
    "laporan": "Laporan",
    "lainnya": "Lainnya",
}
VERDICTS = {"accepted": "Diterima", "refused": "Ditolak"}

# What the audit trail tells: the code, what a list calls it.
AUDIT_ACTIONS = {
    "create": "Dicatat",
    "update": "Diubah",
    "delete": "Dihapus",
    "bin": "Dibuang ke keranjang",
    "restore": "Dikembalikan",
    "role": "Peran diubah",
    "password": "Kata sandi diubah",
    "sign_in": "Masuk",
    "sign_in_failed": "Gagal masuk",
    "sign_out": "Keluar",
    "download": "Diunduh",
    "preview": "Dilihat",
    "export": "Diekspor",
}
# Actions by which somebody came to know what a record holds.
SEEN_ACTIONS = ("download", "preview", "export")
