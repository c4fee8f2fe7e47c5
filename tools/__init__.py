"""Programs that build and check the repository; none of them is part of the product."""
