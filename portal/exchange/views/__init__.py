"""Pages of imports, and the lists that go out."""
