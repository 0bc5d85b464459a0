"""What the law and the house prescribe, as data and pure functions: no database, no Flask."""
