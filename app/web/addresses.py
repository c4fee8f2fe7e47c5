"""What the addresses of pages and of the API have in common."""

# An id in an address. This is the largest one that a database keeps; what is beyond is nothing.
NUMBER = "<int(max=9223372036854775807):number>"
# A calendar year in an address.
YEAR = "<int(max=9999):year>"
