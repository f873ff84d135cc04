"""The documentation: pages written by hand, and pages written by `python -m docs.build`."""
