"""The verbs of the register: one room a concern, functions over the models."""
