"""Which modules make up which benchmark; each yields rows of its table by `measure(ground)`."""

BENCHMARKS = {
    "comments": ("tests.benchmarks.thread_pages",),
    "drafts": ("tests.benchmarks.drafts",),
}
