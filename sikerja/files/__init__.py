"""Files: where they lie (`store`), what is let in (`inspection`), how they are shown (`rendering`).

Nothing here knows the database or the web, but `place`, which knows the application's settings. Whatever came from outside
is parsed in a short-lived process of its own (`child`), which runs `pdf`, `pdfpages`, `office` and `picture`; those import
nothing of ours but `faults`.
"""
