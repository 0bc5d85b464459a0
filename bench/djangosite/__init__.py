"""Django's side of the benchmark: an app with models over the register's tables and their admin."""
