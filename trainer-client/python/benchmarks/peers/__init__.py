"""The contenders, one a file: `source(job)` is a context that yields a `Source` of batches.

`prepare(job)`, where there is one, makes files that are kept, and is not timed.
"""
