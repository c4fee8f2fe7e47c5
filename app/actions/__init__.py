"""What people do (怎么办): one function is one transaction; the only room that writes."""
