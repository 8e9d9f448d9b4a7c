// Builds the page into a folder, for the .NET build: `node build.mjs <folder>`. Packages are installed only when
// package-lock.json has changed, the page is built only when its sources have. One at a time: two builds of the .NET
// project may run at once, and they share node_modules. Says nothing unless it fails.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

const here = import.meta.dirname;
const out = path.resolve(process.argv[2]);
const lock = `${out}.lock`;

function fail(message) {
    console.log(message);
    process.exit(1);
}

function digest(files) {
    const hash = createHash("sha256");
    for (const file of files.sort()) hash.update(file).update("\0").update(fs.readFileSync(file)).update("\0");
    return hash.digest("hex");
}

function filesBelow(folder) {
    return fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== "api.d.ts")
        .map((entry) => path.join(entry.parentPath, entry.name));
}

function read(file) {
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : null;
}

const env = { ...process.env, NO_COLOR: "1" };

function npm(...args) {
    const result = spawnSync("npm", args, { cwd: here, encoding: "utf8", env, shell: process.platform === "win32" });
    if (result.error) fail("npm cannot be started; it comes with Node.js (Debian: apt-get install npm).");
    if (result.status !== 0) fail(`npm ${args.join(" ")} failed:\n${result.stdout}${result.stderr}`);
}

function isAlive(process_) {
    try {
        process.kill(process_, 0);
        return true;
    } catch (error) {
        return error.code === "EPERM";
    }
}

// The file holds who has the lock; one whose process is gone is nobody's.
async function acquire() {
    for (;;) {
        try {
            fs.writeFileSync(lock, `${process.pid}`, { flag: "wx" });
            process.on("exit", () => fs.rmSync(lock, { force: true }));
            return;
        } catch (error) {
            if (error.code !== "EEXIST") throw error;
        }
        const owner = Number(read(lock));
        if (owner && !isAlive(owner)) fs.rmSync(lock, { force: true });
        else await setTimeout(200);
    }
}

// What Vite runs on.
const [major, minor] = process.versions.node.split(".").map(Number);
if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22))
    fail(`The dashboard is built by Node.js 20.19 or a newer 20, or 22.12 or newer; this is ${process.versions.node}.`);

fs.mkdirSync(path.dirname(out), { recursive: true });
await acquire();

const packages = digest([path.join(here, "package-lock.json")]);
const installed = `${out}.packages`;
if (read(installed) !== packages || !fs.existsSync(path.join(here, "node_modules"))) {
    fs.rmSync(installed, { force: true });
    npm("ci", "--no-audit", "--no-fund");
    fs.writeFileSync(installed, packages);
}

const names = ["index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts"];
const sources = digest([...names.map((name) => path.join(here, name)), ...filesBelow(path.join(here, "src"))]);
const built = `${out}.sources`;
if (read(built) !== sources || !fs.existsSync(path.join(out, "index.html"))) {
    // Beside, then in its place: whoever reads finds a whole page or none.
    const next = `${out}.next`;
    npm("run", "build", "--", "--outDir", next);
    fs.rmSync(out, { recursive: true, force: true });
    fs.renameSync(next, out);
    fs.writeFileSync(built, sources);
}

// What MSBuild compares with the times of the sources.
fs.writeFileSync(`${out}.stamp`, "");
