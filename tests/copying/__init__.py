"""Small techniques that keep a source map, for the tests of all that reads one."""
