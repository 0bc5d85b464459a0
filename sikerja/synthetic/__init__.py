"""A register of any size that nobody has written: to measure with, never to work with.

`words` holds what its texts are made of, `rows` makes the rows, `filling` writes them.
"""
