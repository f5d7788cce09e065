import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The library that draws the plots, as it is installed, with its licence: https://github.com/leeoniya/uPlot */
export interface PlotLibrary {
  script: string;
  styles: string;
}

/** Reads the library from its package, so that nothing of it is copied into ours. Its licence asks that its notice stays with it. */
export function readPlotLibrary(): PlotLibrary {
  const script = require.resolve('uplot/dist/uPlot.iife.min.js');
  const folder = dirname(script);
  const licence = readFileSync(join(folder, '..', 'LICENSE'), 'utf8').trim();
  return {
    script: `/*!\nuPlot, under this licence:\n\n${licence}\n*/\n${readFileSync(script, 'utf8').trim()}`,
    styles: readFileSync(join(folder, 'uPlot.min.css'), 'utf8').trim(),
  };
}
