"""Schema to C++: view models, and the spelling of names, types and values."""
