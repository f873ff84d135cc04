"""A creative studio in which every picture remembers what it was made from.

`from palimpsest import studio` brings the verbs. This module itself loads nothing, so that help comes at once.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
"""onnxruntime reports its use to its makers over the network unless it reads this before it starts; we open no connection."""
