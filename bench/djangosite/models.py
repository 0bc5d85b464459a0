"""Models over the tables that are there already; Django neither makes nor changes them."""

from django.db import models

from rules import codes


class Partner(models.Model):
    """The other side."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=400)

    class Meta:
        managed = False
        db_table = "partner"
        ordering = ["name_key"]

    def __str__(self) -> str:
        return str(self.name)


class Unit(models.Model):
    """A unit of the city."""

    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=400)

    class Meta:
        managed = False
        db_table = "unit"
        ordering = ["name_key"]

    def __str__(self) -> str:
        return str(self.name)


class Agreement(models.Model):
    """The columns that a list, a file and a form of the same use need."""

    register_no = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=500)
    group = models.CharField(max_length=20, choices=list(codes.GROUPS.items()))
    instrument = models.CharField(max_length=30, choices=list(codes.INSTRUMENTS.items()))
    lead_partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True)
    lead_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    scope = models.TextField(blank=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        managed = False
        db_table = "agreement"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.register_no} {self.title}"


class Register:
    """Sends these models to the register; accounts and sessions of Django lie in a database of their own."""

    def db_for_read(self, model: type[models.Model], **_hints: object) -> str:
        """The database of a model."""
        return "register" if model._meta.app_label == "djangosite" else "default"

    db_for_write = db_for_read
