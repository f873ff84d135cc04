"""The compositions that the studies are painted from: invented places, in units of the shorter side."""
