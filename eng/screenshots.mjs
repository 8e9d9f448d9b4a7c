// Called by eng/screenshots: PLAYWRIGHT ADDRESS OUTPUT, and the admin key in KEY. The demo has just begun and its Redis stalls soon.
import { createRequire } from "node:module";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withPalette } from "./palette.mjs";

const [playwright, address, output] = process.argv.slice(2);
const { chromium } = createRequire(import.meta.url)(playwright);
const patience = 120_000;

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(patience);
  await context.addInitScript((key) => sessionStorage.setItem("monitoring.key", key), process.env.KEY);
  const page = await context.newPage();

  await show("");
  await page.locator("article[data-alert^='circuit-state']").first().waitFor();
  await picture("overview-outage");
  await page.emulateMedia({ colorScheme: "dark" });
  await picture("overview-outage-dark");
  await page.emulateMedia({ colorScheme: "light" });

  // Afterwards, with some minutes to draw.
  await page.waitForFunction(() => document.querySelectorAll("[data-alert]").length === 0);
  await page.waitForTimeout(60_000);
  for (const path of ["", "webhooks", "redis", "queue", "requests", "system", "alerts", "history"]) {
    await show(path);
    await picture(path || "overview");
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await show("redis");
  await picture("redis-dark");

  async function show(path) {
    await page.goto(`${address}#/${path}`);
    await page.getByTestId("feed").getByText("Live", { exact: true }).waitFor();
  }

  async function picture(name) {
    // Charts have drawn what they were given.
    await page.waitForTimeout(2000);
    await writeFile(join(output, `${name}.png`), withPalette(await page.screenshot()));
    console.log(join(output, `${name}.png`));
  }
} finally {
  await browser.close();
}
