import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { renderPage } from '../src/report-page/render-page.ts';
import type { ReportAnswer } from '../src/report-page/report-data.ts';
import { readPlotLibrary } from '../src/report-page/uplot.ts';
import { BROWSER_MISSING, launchBrowser, type Look, readTable, withPage } from './helpers/browser.ts';
import type { TestDatabase } from './helpers/database.ts';
import { runInProcess } from './helpers/in-process.ts';
import { createNotebook } from './helpers/notebook.ts';
import { BAD_NAME, describeAnswer, describeRun, listBatches } from './helpers/report-answer.ts';
import { ROLLBACK, runCommand, STEP_2 } from './helpers/processes.ts';

/** A number as the page has it: with separators. */
const shown = (count: number | null | undefined) => count?.toLocaleString('en-US') ?? '–';

/** How much of each plot is drawn: the pixels that are not transparent, and how many colours are opaque. */
function readCanvases(
  page: Page,
): Promise<{ plot: string; drawn: number; colours: number; width: number }[]> {
  return page.evaluate(`[...document.querySelectorAll('[data-plot]')].map((target) => {
    const canvas = target.querySelector('canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    let drawn = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0) {
      drawn += 1;
      if (data[i + 3] === 255) colours.add(data[i] + ',' + data[i + 1] + ',' + data[i + 2]);
    }
    return { plot: target.dataset.plot, drawn, colours: colours.size, width: canvas.getBoundingClientRect().width };
  })`);
}

/** Whether every plot has this colour: it says with which palette it was drawn. */
function hasColour(page: Page, colour: string): Promise<boolean> {
  return page.evaluate(`[...document.querySelectorAll('[data-plot] canvas')].every((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4)
      if (data[i] + ',' + data[i + 1] + ',' + data[i + 2] === '${colour}' && data[i + 3] === 255) return true;
    return false;
  })`);
}

/** The browser tells of a new width or scheme before its next frame. */
function waitForFrames(page: Page): Promise<unknown> {
  return page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

const LIGHT = '0,103,168';
const DARK = '98,189,240';

describe('the report in a browser', { skip: BROWSER_MISSING }, () => {
  let browser: Browser;
  let database: TestDatabase;
  let file: string;
  let answer: ReportAnswer;

  const type = async (...words: string[]) => {
    const { folder, url } = database;
    const done = await runInProcess(words, { cwd: folder, env: { DATABASE_URL: url } });
    assert.equal(done.code, 0, done.stderr);
    return done.stdout;
  };
  const look = async <T>(options: Look, work: (page: Page) => Promise<T>): Promise<T> => {
    const { result, complaints } = await withPage(browser, file, { look: options, work });
    assert.deepEqual(complaints, []);
    return result;
  };

  before(async () => {
    browser = await launchBrowser();
    database = await createNotebook('SQLite', { notes: 3000, noteTags: 400 });
    assert.equal((await runCommand(database, ...STEP_2)).code, 0);
    assert.equal((await runCommand(database, ...ROLLBACK)).code, 0);
    assert.equal((await runCommand(database, ...STEP_2, '--exclude=NoteTag')).code, 0);
    await type('report');
    answer = JSON.parse(await type('report', '--json'));
    file = join(database.folder, 'migration-report.html');
  });
  after(async () => {
    await browser?.close();
    await database?.drop();
  });

  it('draws every plot, asks for nothing, and complains of nothing', () =>
    look({}, async (page) => {
      const canvases = await readCanvases(page);
      assert.deepEqual(
        canvases.map(({ plot }) => plot),
        ['progress', 'batches', 'progress', 'batches'],
      );
      for (const { drawn, colours } of canvases) assert.ok(drawn > 2000 && colours > 3, `${drawn} pixels`);
    }));

  it('has axes with units, and a legend', () =>
    look({}, async (page) => {
      const legends = await page.locator('.u-legend').allTextContents();
      assert.match(legends.join('\n'), /rows changed and not rolled back/);
      assert.match(legends.join('\n'), /batches of step 2[\s\S]*batches rolled back \(hollow\)/);
    }));

  it('holds the numbers of --json in its tables', () =>
    look({}, async (page) => {
      const rows = await readTable(page, 'Rows by owner, before and now');
      const expected = answer.rows.flatMap(({ model, before: was, now }) =>
        [was, now].map((counts, i) => [
          ...(i === 0 ? [model, 'before'] : ['now']),
          ...[
            counts?.rows,
            counts?.unowned,
            counts?.ownedByUser,
            counts?.ownedByOthers,
            counts?.orphaned,
          ].map(shown),
          '',
        ]),
      );
      assert.deepEqual(rows.slice(0, expected.length), expected);
      assert.equal(answer.runs.length, 2);
      for (const run of answer.runs) {
        assert.deepEqual(
          await readTable(page, `Rows of run ${run.id}`),
          run.models.map((each) => [
            each.model,
            each.status,
            ...[each.toAssign, each.assigned, each.batches, each.reverted].map(shown),
          ]),
        );
        const progress = await readTable(page, `Progress of run ${run.id}`);
        assert.deepEqual(
          progress.map((cells) => cells.at(-1)),
          run.progress.points.map((point) => shown(point.rows)),
        );
        const batches = await readTable(page, `Batch times of run ${run.id}`);
        assert.deepEqual(
          batches.map((cells) => cells.slice(-3)),
          run.batches.points.map(({ model, rows: each, seconds }) => [
            model,
            shown(each),
            seconds.toFixed(3),
          ]),
        );
        const summaries = await readTable(page, `Batches of run ${run.id}`);
        assert.deepEqual(
          summaries.map((cells) => cells.slice(1, 4)),
          run.summaries.map((each) => [each.batches, each.rows, each.rowsPerSecond].map(shown)),
        );
        assert.deepEqual(
          (await readTable(page, `Log of run ${run.id}`)).map(([, what]) => what),
          run.events.map(({ what }) => what),
        );
      }
      const models = await readTable(page, 'Models, and why they take part or not');
      assert.deepEqual(
        models,
        answer.settings.models?.map((each) => [
          each.model,
          each.class,
          each.ownerColumn ?? '–',
          each.table,
          each.reason,
        ]),
      );
      const states = await page.locator('#checklist .lines .badge').count();
      assert.equal(states, answer.checklist?.length);
      assert.equal(
        (await page.locator('#findings li b').allTextContents()).join(', ').split(', ').length,
        answer.findings.filter(({ model }) => model !== null).length,
      );
    }));

  it('draws what it says: the last point of the curve is the last row of its table', () =>
    look({}, async (page) => {
      const data = JSON.parse((await page.locator('#plot-data').textContent()) ?? '');
      for (const [i, run] of answer.runs.entries()) {
        assert.equal(data[i].run, run.id);
        assert.deepEqual(
          data[i].progress.rows,
          run.progress.points.map(({ rows }) => rows),
        );
        assert.equal(data[i].batches.x.length, run.batches.points.length);
      }
    }));

  it('follows the colour scheme, also when it changes, and paper is always light', () =>
    look({ scheme: 'dark' }, async (page) => {
      const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
      assert.equal(await hasColour(page, DARK), true);
      assert.equal(await background(), 'rgb(18, 23, 29)');
      await page.emulateMedia({ colorScheme: 'light' });
      await waitForFrames(page);
      assert.equal(await hasColour(page, LIGHT), true);
      assert.equal(await background(), 'rgb(255, 255, 255)');
      await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
      await waitForFrames(page);
      assert.equal(await hasColour(page, LIGHT), true);
      assert.equal(await background(), 'rgb(255, 255, 255)');
    }));

  it('fits 360 and 1600 pixels, and is drawn again when the width changes', () =>
    look({ width: 1600 }, async (page) => {
      for (const width of [1600, 360, 800]) {
        await page.setViewportSize({ width, height: 900 });
        await waitForFrames(page);
        const [scrolled, inner] = (await page.evaluate(
          '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
        )) as [number, number];
        assert.ok(scrolled <= inner, `${scrolled} of ${inner} at ${width}`);
        const widths = (await readCanvases(page)).map((each) => each.width);
        const room = (await page.evaluate(`document.querySelector('[data-plot]').clientWidth`)) as number;
        assert.deepEqual(
          widths,
          widths.map(() => room),
        );
      }
    }));

  it('is printed with its plots in light colours, also from a dark screen', () =>
    look({ scheme: 'dark' }, async (page) => {
      await page.evaluate(`addEventListener('beforeprint', () => {
        const { data } = document.querySelector('[data-plot] canvas').getContext('2d').getImageData(0, 0, 2000, 800);
        window.printed = [];
        for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) printed.push(data[i] + ',' + data[i + 1] + ',' + data[i + 2]);
      })`);
      const pdf = await page.pdf({ format: 'A4' });
      assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
      assert.ok(pdf.length > 20_000, `${pdf.length} bytes`);
      assert.equal(await page.evaluate(`printed.includes('${LIGHT}') && !printed.includes('${DARK}')`), true);
      assert.equal(await hasColour(page, DARK), true);
    }));

  it('says everything without scripts: each plot has its table', () =>
    look({ withoutScripts: true }, async (page) => {
      assert.equal(await page.locator('canvas').count(), 0);
      const [run] = answer.runs;
      const details = page.locator('.plot details');
      assert.equal(await details.count(), 4);
      await details.first().locator('summary').click();
      const table = details.first().locator('table');
      assert.equal(await table.isVisible(), true);
      assert.equal(await table.locator('tbody tr').count(), run?.progress.points.length);
      assert.equal(await page.locator('#checklist .lines > li').count(), answer.checklist?.length);
    }));

  it('has one heading of the first rank, landmarks, and heads of tables with their scope', () =>
    look({}, async (page) => {
      assert.equal(await page.locator('h1').count(), 1);
      for (const landmark of ['header', 'nav[aria-label]', 'main', 'footer'])
        assert.equal(await page.locator(`body > ${landmark}`).count(), 1, landmark);
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      assert.equal(await page.locator('th:not([scope], .canvas *)').count(), 0);
      assert.equal(await page.locator('table:not(:has(caption), .canvas *)').count(), 0);
      const broken = await page.evaluate(
        `[...document.querySelectorAll('a[href^="#"]')].filter((a) => !document.querySelector(a.getAttribute('href'))).length`,
      );
      assert.equal(broken, 0);
    }));

  it('has enough contrast in both colour schemes', async () => {
    for (const scheme of ['light', 'dark'] as const)
      await look({ scheme }, async (page) => {
        const script = readFileSync(join(__dirname, 'helpers', 'contrast.js'), 'utf8');
        const weak = (await page.evaluate(script)) as string[];
        assert.deepEqual(weak, [], scheme);
      });
  });

  it('runs nothing of what a database or a person says, and draws 100,000 batches', async () => {
    const evil = join(database.folder, 'evil.html');
    const run = { ...describeRun(listBatches(100_000, 0.4)), id: '</script><script>alert(2)</script>' };
    writeFileSync(evil, renderPage(describeAnswer([run]), readPlotLibrary()));
    const { result, complaints } = await withPage(browser, evil, {
      work: async (page) => {
        assert.match((await page.locator('h1').textContent()) ?? '', /alert\(1\)/);
        assert.equal((await page.locator('h1').textContent())?.endsWith(BAD_NAME), true);
        return readCanvases(page);
      },
    });
    assert.deepEqual(complaints, []);
    assert.equal(result.length, 2);
    for (const { drawn } of result) assert.ok(drawn > 2000, `${drawn} pixels`);
  });
});
