"""Tests. A package, so that two folders may each have a module of the same name."""
