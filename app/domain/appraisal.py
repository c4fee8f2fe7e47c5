"""The yearly appraisal of the departments (第十七条): its words.

The arithmetic is in ``app.domain.scoring``, what is counted in
``app.domain.metric``; which items there are, with which weights, is the
scheme's to say (``app.catalogue.appraisal``).
"""

from enum import StrEnum


class AppraisalStatus(StrEnum):
    """Where the appraisal of a year stands."""

    DRAFT = "draft"
    PUBLISHED = "published"


class AppraisalVerb(StrEnum):
    """What can be done with an appraisal; names the permission and the audit tag."""

    DRAFT = "draft"
    APPRAISE = "appraise"
    PUBLISH = "publish"


class ItemMode(StrEnum):
    """Who settles an item: the platform, the quality office, or the office on top."""

    AUTO = "auto"
    MANUAL = "manual"
    MIXED = "mixed"


class Metric(StrEnum):
    """What an item may count.

    A scheme may name any of them. Those for which the platform records nothing
    yet have no entry in ``app.domain.metric.METRICS``; the quality office then
    settles the item by hand.
    """

    CONFIRMATION_LAG = "confirmation_lag"
    STEWARD_STABILITY = "steward_stability"
    MOBILISATION_MEETING = "mobilisation_meeting"
    TRAINING_ATTENDANCE = "training_attendance"
    FIRST_REPORT_DELAY = "first_report_delay"
    CORRECTION_IN_TIME = "correction_in_time"
    ANALYSIS_REPORT_DELAY = "analysis_report_delay"
    FILLED_CELLS = "filled_cells"
    EXPECTED_RECORDS = "expected_records"
    ACCURACY_ERRORS = "accuracy_errors"
    ADOPTED_RETURNS = "adopted_returns"
    SPOT_CHECK_MISMATCH = "spot_check_mismatch"
    UNFOUNDED_DELEGATION = "unfounded_delegation"
    CONFORMITY_ERRORS = "conformity_errors"
    ANALYSIS_REPORT_QUALITY = "analysis_report_quality"
    COOPERATION_IN_TIME = "cooperation_in_time"
    COOPERATION_RATING = "cooperation_rating"
    COOPERATION_OVERRULED = "cooperation_overruled"


class Case(StrEnum):
    """A circumstance that a scheme may give a fixed score whatever was counted."""

    APPOINTED_LATE = "appointed_late"
    NEVER_APPOINTED = "never_appointed"
    FABRICATED = "fabricated"
