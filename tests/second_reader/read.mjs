// Reads the credentials of files and prints, for each, what the library says of it: one line of JSON.
// Usage: node read.mjs ROOT.pem|- MEDIA_TYPE FILE [MEDIA_TYPE FILE …]

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as c2pa from "@contentauth/c2pa-wasm";

const files = createRequire(import.meta.url);
c2pa.initSync({ module: readFileSync(files.resolve("@contentauth/c2pa-wasm/c2pa.wasm")) });

const [root, ...named] = process.argv.slice(2);
const settings = JSON.stringify({
  core: { allowed_network_hosts: [] },
  verify: { remote_manifest_fetch: false, ocsp_fetch: false },
  ...(root === "-" ? {} : { trust: { user_anchors: readFileSync(root, "utf8") } }),
});

for (let place = 0; place < named.length; place += 2) {
  try {
    const reader = await c2pa.WasmReader.fromBytes(named[place], readFileSync(named[place + 1]), settings);
    const store = JSON.parse(reader.json());
    const active = store.manifests[store.active_manifest];
    console.log(JSON.stringify({ state: store.validation_state, title: active.title, ingredients: (active.ingredients ?? []).length }));
    reader.free();
  } catch (fault) {
    console.log(JSON.stringify({ state: "Unreadable", detail: String(fault) }));
  }
}
