/** The viewer of models. It never fetches from anywhere: our models need no decoder, and their light is the neutral one. */

import '@google/model-viewer'
