"""Schema to Python: modules that hand out the compiled classes, and their type stubs."""
