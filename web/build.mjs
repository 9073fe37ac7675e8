// Bundles what the pages load into one folder, each file named by the hash of its content, with a manifest of the names.
//   node build.mjs FOLDER
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const target = resolve(process.argv[2] ?? join(here, "../api/pages/assets"));
mkdirSync(dirname(target), { recursive: true });
const workshop = mkdtempSync(join(dirname(target), ".assets-"));

const names = {};

function put(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10).toUpperCase();
  const suffix = extname(name);
  names[name] = `${basename(name, suffix)}-${hash}${suffix}`;
  writeFileSync(join(workshop, names[name]), content);
}

const scripts = {
  absWorkingDir: here,
  outdir: workshop,
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
};
const site = await build({ ...scripts, entryPoints: { site: "scripts/site.js" } });
// By itself: what both use is small, and every page would have to ask for it as a file of its own.
const editor = await build({ ...scripts, entryPoints: { editor: "scripts/editor.js" }, splitting: true });
const styles = await build({
  absWorkingDir: here,
  entryPoints: { site: "styles/site.css", editor: "styles/editor.css" },
  outdir: workshop,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  target: ["chrome109", "firefox115", "safari16"],
  loader: { ".woff2": "file" },
  legalComments: "linked",
  metafile: true,
  logLevel: "warning",
});
for (const { outputs } of [site.metafile, editor.metafile, styles.metafile]) {
  for (const path of Object.keys(outputs)) {
    const name = basename(path);
    const plain = name.replace(/-[0-9A-Z]{8}(?=\.)/, "");
    if (!name.endsWith(".LEGAL.txt") && !plain.startsWith("part.")) names[plain] = name;
  }
}

// One sprite of the icons that are named in icons.json: a page refers to a part of it, the browser loads it once.
const icons = JSON.parse(readFileSync(join(here, "icons.json"), "utf8"));
const symbols = icons.map((name) => {
  const drawn = readFileSync(join(here, "node_modules/lucide-static/icons", `${name}.svg`), "utf8");
  const parts = drawn.slice(drawn.indexOf(">", drawn.indexOf("<svg")) + 1, drawn.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${parts.replace(/\s+/g, " ").replace(/> </g, "><").trim()}</symbol>`;
});
put("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
put("mark.svg", readFileSync(join(here, "images/mark.svg")));

const licences = ["lucide-static", "@fontsource-variable/public-sans"].map(
  (name) => `${name}\n\n${readFileSync(join(here, "node_modules", name, "LICENSE"), "utf8")}`,
);
writeFileSync(join(workshop, "LICENSES.txt"), licences.join("\n\n----\n\n"));
writeFileSync(join(workshop, "manifest.json"), JSON.stringify(names, Object.keys(names).sort(), 1) + "\n");

chmodSync(workshop, 0o755);
rmSync(target, { recursive: true, force: true });
try {
  renameSync(workshop, target);
} catch {
  cpSync(workshop, target, { recursive: true });
  rmSync(workshop, { recursive: true, force: true });
}
