"""Speed and memory of the platform, as ratios to the bare libraries doing the same work."""
