"""The way of an agreement through the stages of the law: laid out, moved by verbs, explained.

`case` reads all that is known, `guards` says what stands in the way, `verbs` does it, `explaining` tells it.
"""
