"""A creative studio in which every picture remembers what it was made from.

`from palimpsest import studio` brings the verbs. This module itself loads nothing, so that help comes at once.
"""
