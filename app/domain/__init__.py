"""What the regulation says (规章怎么说): statuses, steps, periods; standard library only."""
