"""The socket of a report's page: told whenever the report goes forward."""

import uuid
from collections.abc import Sequence

from comments.consumers import LiveSocket
from comments.live import report_topic
from consult.reports.access import report_to_read


class ReportSocket(LiveSocket):
    """Heard by those who may read the report."""

    def topics(self, **address: str) -> Sequence[str]:
        report = report_to_read(self.scope["user"], public_id=uuid.UUID(str(address["public_id"])))
        return [report_topic(report.public_id)]
