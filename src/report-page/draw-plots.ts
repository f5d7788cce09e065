import type { RunPlots } from './plot-data.ts';

/** As much of the browser and of uPlot as is used here: the types of the DOM are not those of Node. */
interface Element {
  clientWidth: number;
  textContent: string;
  dataset: Record<string, string | undefined>;
  replaceChildren: () => void;
}
interface Query {
  matches: boolean;
  addEventListener: (type: 'change', listener: () => void) => void;
}
interface Plot {
  ctx: {
    fillStyle: string;
    fillRect: (left: number, top: number, width: number, height: number) => void;
  };
  series: { mark?: string }[];
  bbox: { left: number; top: number; width: number; height: number };
  valToPos: (value: number, scale: string, isCanvas: boolean) => number;
}
interface Browser {
  uPlot: {
    new (options: object, data: object, target: Element): Plot;
    paths: { stepped: (options: { align: 1 }) => unknown };
  };
  document: {
    getElementById: (id: string) => Element;
    querySelectorAll: (selector: string) => Iterable<Element>;
  };
  matchMedia: (query: string) => Query;
  addEventListener: (type: string, listener: () => void) => void;
  requestAnimationFrame: (draw: () => void) => number;
  cancelAnimationFrame: (request: number) => void;
}

/** Colours that the colour-blind can tell apart, after https://jfly.uni-koeln.de/color/. */
const COLOURS = {
  light: {
    text: '#1c2733',
    grid: '#dde3e9',
    assign: '#0067a8',
    under: '#0067a822',
    rollback: '#b84a00',
    wait: '#5a647038',
  },
  dark: {
    text: '#d6dee6',
    grid: '#37424d',
    assign: '#62bdf0',
    under: '#62bdf022',
    rollback: '#f0a73a',
    wait: '#bec8d438',
  },
};
type Colours = (typeof COLOURS)['light'];
/** As wide as the text on a sheet of paper, in CSS pixels. */
const PAPER_WIDTH = 660;

function getBrowser(): Browser {
  // It runs in the page, whose types Node.js does not have.
  return globalThis as unknown as Browser;
}

function formatNumber(value: number | null): string {
  return value === null ? '' : value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}

function planAxis(label: string, { text, grid }: Colours): object {
  const font = '12px system-ui, sans-serif';
  const line = { stroke: grid, width: 1 };
  const values = (_: Plot, ticks: (number | null)[]) => ticks.map(formatNumber);
  return {
    label,
    stroke: text,
    font,
    labelFont: `600 ${font}`,
    labelSize: 24,
    grid: line,
    ticks: line,
    values,
  };
}

function planSeries({ unit, progress, batches }: RunPlots, kind: string | undefined, colours: Colours) {
  const value = (_: Plot, each: number | null) => formatNumber(each);
  const time = { label: `${unit} since the start`, value };
  if (kind === 'progress') {
    const paths = getBrowser().uPlot.paths.stepped({ align: 1 });
    const look = { stroke: colours.assign, fill: colours.under, width: 2, paths, points: { show: false } };
    return {
      series: [time, { label: 'rows changed and not rolled back', value, mark: colours.assign, ...look }],
      data: [progress.x, progress.rows],
    };
  }
  const dots = (label: string, stroke: string, fill: string) => {
    return {
      label,
      value,
      stroke,
      mark: fill,
      paths: () => null,
      points: { show: true, size: 6, width: 1.25, stroke, fill },
    };
  };
  const assigned = dots('batches of step 2', colours.assign, colours.assign);
  const rolledBack = dots('batches rolled back (hollow)', colours.rollback, 'transparent');
  return {
    series: [time, assigned, ...(batches.rollback ? [rolledBack] : [])],
    data: [batches.x, batches.assign, ...(batches.rollback ? [batches.rollback] : [])],
  };
}

function shadeWaits({ ctx, bbox, valToPos }: Plot, waits: RunPlots['waits'], colour: string): void {
  ctx.fillStyle = colour;
  for (const [from, until] of waits) {
    const left = valToPos(from, 'x', true);
    ctx.fillRect(left, bbox.top, Math.max(2, valToPos(until, 'x', true) - left), bbox.height);
  }
}

function drawPlot(target: Element, plots: RunPlots, look: { width: number; colours: Colours }): void {
  const { width, colours } = look;
  const kind = target.dataset.plot;
  const { series, data } = planSeries(plots, kind, colours);
  const end = Math.max(...plots.progress.x, ...plots.batches.x) || 1;
  const widest = (ticks: string[] | null) => Math.max(3, ...(ticks ?? []).map(({ length }) => length));
  const options = {
    width,
    height: width < 500 ? 250 : 290,
    padding: [12, 16, 0, 4],
    scales: {
      x: { time: false, range: () => [0, end] },
      y: { range: (_: Plot, __: number, most: number) => [0, most > 0 ? most * 1.08 : 1] },
    },
    axes: [
      { ...planAxis(`${plots.unit} since the start of the run`, colours), space: 60, size: 34 },
      {
        ...planAxis(kind === 'progress' ? 'rows' : 'seconds a batch', colours),
        size: (_: Plot, ticks: string[] | null) => 16 + 7 * widest(ticks),
      },
    ],
    series,
    cursor: { drag: { x: false, y: false } },
    legend: { markers: { fill: (plot: Plot, i: number) => plot.series[i]?.mark } },
    hooks: { drawClear: [(plot: Plot) => shadeWaits(plot, plots.waits, colours.wait)] },
  };
  target.replaceChildren();
  new (getBrowser().uPlot)(options, data, target);
}

/** Draws every plot of the page, and again when its width, the colour scheme or the medium changes. */
function drawPlots(): void {
  const browser = getBrowser();
  const runs = JSON.parse(browser.document.getElementById('plot-data').textContent) as RunPlots[];
  const print = browser.matchMedia('print');
  const dark = browser.matchMedia('(prefers-color-scheme: dark)');
  let isPrinting = false;
  let request = 0;
  const drawAll = () => {
    const onPaper = isPrinting || print.matches;
    const colours = dark.matches && !onPaper ? COLOURS.dark : COLOURS.light;
    for (const target of browser.document.querySelectorAll('[data-plot]')) {
      const plots = runs.find(({ run }) => run === target.dataset.run);
      const width = onPaper ? PAPER_WIDTH : target.clientWidth;
      if (plots && width > 0) drawPlot(target, plots, { width, colours });
    }
  };
  const drawForPaper = (on: boolean) => {
    isPrinting = on;
    drawAll();
  };
  browser.addEventListener('resize', () => {
    browser.cancelAnimationFrame(request);
    request = browser.requestAnimationFrame(drawAll);
  });
  browser.addEventListener('beforeprint', () => drawForPaper(true));
  browser.addEventListener('afterprint', () => drawForPaper(false));
  for (const query of [print, dark]) query.addEventListener('change', drawAll);
  drawAll();
}

const CONSTANTS = { COLOURS, PAPER_WIDTH };
const FUNCTIONS = [getBrowser, formatNumber, planAxis, planSeries, shadeWaits, drawPlot, drawPlots];

/** The functions above as one script for the page. What they use of this file must be in one of the two lists. */
export const DRAW_PLOTS = [
  '(() => {',
  ...Object.entries(CONSTANTS).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`),
  ...FUNCTIONS.map(String),
  'drawPlots();',
  '})();',
].join('\n');
