"""What studies draw with: noise, paper, brush lines, light on relief, distances to shapes, and whole compositions.

Here belongs what computes a picture, or a part of one, from numbers alone and serves more than one technique or is too long for
the technique's own file. It is numpy and scipy: no engines, no works, no parameters of a technique, no disk. Lengths are in
units of the picture's shorter side, so that a picture is the same at every size.
"""
