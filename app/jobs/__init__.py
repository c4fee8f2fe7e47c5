"""What runs in the background (后台做什么)."""
