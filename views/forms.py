"""Forms that belong to no screen: signing in, one's own password."""

from views.fields import Form, Line, Password


class SignInForm(Form):
    """E-mail and password."""

    email = Line("Surel", most=254)
    password = Password("Kata sandi")


class PasswordForm(Form):
    """A person's change of their own password."""

    current_password = Password("Kata sandi sekarang", required="Isi kata sandi sekarang.")
    new_password = Password(
        "Kata sandi baru", "Sedikitnya 12 karakter. Beberapa kata yang tidak berhubungan mudah diingat dan sukar ditebak.",
        required="Isi kata sandi baru.",
    )  # fmt: skip
    repeat_password = Password("Ulangi kata sandi baru", required="Ulangi kata sandi baru.")
