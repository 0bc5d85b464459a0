"""The tables of the register, a module a matter; `models` is the list of their names."""
