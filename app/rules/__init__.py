"""What makes data acceptable (怎样算合格): coercion and quality rules over data frames."""
