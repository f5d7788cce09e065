import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PATH = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Why nothing can be looked at in a browser, or false. */
export const BROWSER_MISSING = existsSync(PATH)
  ? false
  : `there is no ${PATH}: install Debian's chromium, or set CHROMIUM_PATH`;

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, args: ARGS });
}

/** How a page is looked at. */
export interface Look {
  width?: number;
  scheme?: 'light' | 'dark';
  withoutScripts?: boolean;
}

/** Opens a file for `work`, and says what it asked for beside itself, and what it had to complain of. */
export async function withPage<T>(
  browser: Browser,
  file: string,
  { look = {}, work }: { look?: Look; work: (page: Page) => Promise<T> },
): Promise<{ result: T; complaints: string[] }> {
  const { width = 1280, scheme = 'light', withoutScripts = false } = look;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    javaScriptEnabled: !withoutScripts,
  });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    const own = `file://${file}`;
    page.on('request', (request) => request.url() === own || complaints.push(`request: ${request.url()}`));
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      return dialog.dismiss();
    });
    await page.goto(own);
    return { result: await work(page), complaints };
  } finally {
    await context.close();
  }
}

/** A table of the page by its caption: the texts of its cells, row by row, without its head. Works without scripts in the page. */
export async function readTable(page: Page, caption: string): Promise<string[][]> {
  const table = page.locator('table', { has: page.locator('caption', { hasText: caption }) }).first();
  const rows = await table.locator('tbody tr').all();
  return Promise.all(
    rows.map(async (row) =>
      (await row.locator('th, td').allTextContents()).map((text) => text.replace(/\s+/g, ' ').trim()),
    ),
  );
}
