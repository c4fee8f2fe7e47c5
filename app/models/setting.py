"""Settings the platform keeps about itself, by name."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.database import TABLE_OPTIONS, Base

# Raised by every change of rights; processes drop what they remember of them.
PERMISSION_VERSION = "permission_version"
# Another one whenever the college publishes a rule or switches one off.
RULE_VERSION = "rule_version"


class Setting(Base):
    """One named value."""

    __tablename__ = "sd_setting"
    __table_args__ = (TABLE_OPTIONS,)

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(String(1000))
