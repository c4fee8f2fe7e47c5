"""What comes in and goes out (怎么进出): templates, imports, exports, packages."""
