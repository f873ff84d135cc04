// Validates models and prints, for each, what the Khronos validator of glTF says of it: one line of JSON.
// Usage: node validate.mjs FILE.glb [FILE.glb …]

import { readFileSync } from "node:fs";
import validator from "gltf-validator";

for (const file of process.argv.slice(2)) {
  const { issues, info } = await validator.validateBytes(new Uint8Array(readFileSync(file)));
  const said = issues.messages.map(({ code, pointer }) => `${code} ${pointer ?? ""}`);
  console.log(JSON.stringify({ errors: issues.numErrors, warnings: issues.numWarnings, hints: issues.numHints, said, images: info.resources }));
}
