"""Which kind of file a document of the law most likely is: a guess for the upload form, which the clerk may change."""

from rules.text import fold

# The first word that a document's name holds decides.
_WORDS = (
    ("surat kuasa", "surat_kuasa"),
    ("bertanda tangan", "naskah_final"),
    ("penawaran", "surat_penawaran"),
    ("rancangan", "rancangan"),
    ("studi kelayakan", "studi_kelayakan"),
    ("kerangka acuan", "kak"),
    ("kak", "kak"),
    ("persetujuan", "persetujuan"),
    ("berita acara", "berita_acara"),
    ("notula", "berita_acara"),
    ("risalah", "berita_acara"),
    ("laporan", "laporan"),
)


def guess(document: str) -> str:
    """The code of the kind; "lainnya" where no word tells."""
    name = fold(document)
    return next((kind for words, kind in _WORDS if words in name), "lainnya")
