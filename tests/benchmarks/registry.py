"""Which modules make up which benchmark; each yields rows of its table by `measure(ground)`."""

BENCHMARKS = {
    "comments": (
        "tests.benchmarks.thread_pages",
        "tests.benchmarks.live_readers",
        "tests.benchmarks.search",
    ),
    "drafts": ("tests.benchmarks.drafts", "tests.benchmarks.carrying"),
    "reports": (
        "tests.benchmarks.themes",
        "tests.benchmarks.exports",
        "tests.benchmarks.opinions",
        "tests.benchmarks.campaigns",
        "tests.benchmarks.posting_work",
        "tests.benchmarks.whole_reports",
    ),
}
