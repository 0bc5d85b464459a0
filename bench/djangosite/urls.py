"""The addresses: the admin alone, with the view that the settings name."""

from django.conf import settings
from django.contrib import admin
from django.urls import path

from bench.djangosite.admin import AgreementAdmin, LeanAdmin
from bench.djangosite.models import Agreement, Partner, Unit

admin.site.register(Agreement, LeanAdmin if settings.BENCH_VARIANT == "lean" else AgreementAdmin)
admin.site.register(Partner)
admin.site.register(Unit)

urlpatterns = [path("admin/", admin.site.urls)]
