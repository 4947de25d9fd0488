"""The contenders, one a file: `source(job)` is a context that yields a `Source` of batches."""
