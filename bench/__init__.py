"""The benchmark: Sikerja beside its rivals and beside plain SQL, over the same rows, in one interleaved run.

    make bench SIZES="10000 100000 1000000" ENGINES="sqlite postgresql"
    .venv-bench/bin/python -m bench.profile three_filters   # where Sikerja's time goes on one page
    .venv-bench/bin/python -m bench.start                   # from the start of the process to the first page

Nothing of the application imports this. Registers are filled once and kept in `bench/data/`; what was measured lies in
`bench/results/`.
"""
