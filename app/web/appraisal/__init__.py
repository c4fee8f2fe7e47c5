"""Pages of the yearly appraisal."""
