import palimpsest as palimpsest  # before anything loads onnxruntime, so that it makes no connection
