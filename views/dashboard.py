"""The start page: a greeting and the ways in."""

from typing import Any

from flask_admin import AdminIndexView, expose
from flask_login import current_user


class DashboardView(AdminIndexView):
    """What one sees after signing in."""

    def __init__(self) -> None:
        super().__init__(name="Beranda", endpoint="dashboard", url="/admin")

    def create_blueprint(self, admin: Any) -> Any:
        """The same without Flask-Admin's own assets: our pages use none of them, so no address gives them out."""
        blueprint = super().create_blueprint(admin)
        blueprint.static_folder = None
        return blueprint

    def is_accessible(self) -> bool:
        return bool(current_user.is_authenticated and current_user.may("dashboard:read"))

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)

    @expose("/")
    def index_view(self) -> Any:
        return self.render("sikerja/dashboard.html", title="Beranda")

    # Flask-Admin names the start page's function `index`; one name for all screens keeps the access table plain.
    index = None
