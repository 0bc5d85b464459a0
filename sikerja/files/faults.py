"""What can be wrong with an upload, and the sentence that tells a person what to do about it."""

UNREADABLE = "unreadable"

# Code -> sentence. `{ending}` is the ending of the uploaded name, `{size}` and `{limit}` are megabytes, `{found}` a detail.
SENTENCES = {
    "empty": "Berkas ini kosong. Pilih berkas yang benar, lalu unggah lagi.",
    "kind": "Jenis berkas ini tidak diterima. Gunakan PDF, DOCX, XLSX, PPTX, ODT, ODS, JPEG, PNG, atau TIFF.",
    "size": "Berkas {size} MB, paling besar {limit} MB.",
    "path": "Nama berkas memuat tanda garis miring. Ganti namanya, lalu unggah lagi.",
    "device": "Nama berkas {found} dipakai oleh sistem. Ganti namanya, lalu unggah lagi.",
    "two_endings": "Nama berkas memuat akhiran .{found} di tengah. Ganti namanya, lalu unggah lagi.",
    "content": "Isi berkas tidak sesuai dengan akhiran .{ending}.",
    "mixed": "Berkas memuat data lain di luar isi .{ending}. Simpan ulang dari aplikasinya, lalu unggah lagi.",
    "encrypted": "Berkas ini dikunci atau dibatasi dengan kata sandi. Simpan tanpa kata sandi, lalu unggah lagi.",
    "macro": "Berkas ini memuat makro. Simpan tanpa makro, atau simpan sebagai PDF, lalu unggah lagi.",
    "program": "Berkas ini memuat program ({found}). Hapus lampirannya dari dokumen, lalu unggah lagi.",
    "external": "Berkas ini mengambil isi dari tempat lain. Sisipkan isinya ke dalam dokumen, lalu unggah lagi.",
    "entities": "Berkas ini memuat definisi XML yang tidak diterima. Simpan ulang dari aplikasinya, lalu unggah lagi.",
    "active": "PDF ini memuat bagian yang dapat berjalan sendiri ({found}). Cetak ulang ke PDF, lalu unggah lagi.",
    "bomb": "Isi berkas ini terlalu besar setelah dibuka. Perkecil atau bagi menjadi beberapa berkas.",
    "pages": "Berkas ini memuat terlalu banyak halaman. Bagi menjadi beberapa berkas.",
    "pixels": "Gambar ini terlalu besar. Perkecil ukurannya, lalu unggah lagi.",
    UNREADABLE: "Berkas tidak dapat dibaca. Periksa berkasnya, lalu unggah lagi.",
    "busy": "Banyak berkas sedang diperiksa. Tunggu sebentar, lalu unggah lagi.",
}
# What an active PDF may hold, in words.
ACTIVE = {
    "script": "skrip",
    "launch": "menjalankan program",
    "on_open": "tindakan saat dibuka",
    "on_event": "tindakan otomatis",
    "embedded": "berkas sisipan",
    "media": "media",
    "xfa": "formulir XFA",
    "send": "pengiriman data",
}


class Unfit(Exception):  # noqa: N818 - it is an answer, not an error
    """The file is refused for this reason; `found` names what was found, where that helps."""

    def __init__(self, code: str, found: str = "") -> None:
        super().__init__(code, found)
        self.code, self.found = code, found
