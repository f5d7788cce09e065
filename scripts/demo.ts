import { createPainter, formatDuration } from '../src/report/text.ts';
import { runCommand } from './demo/command.ts';
import { STEPS, type Step, SUMMARY, withSeparator } from './demo/steps.ts';
import { type Workspace, withWorkspace } from './demo/workspace.ts';

const INTRODUCTION = `The checklist, end to end, on throw-away copies of the sample app. They are removed at the end; the
repository's own prisma/ folder and database are not touched.`;

const STRICT_NPM = 12;
const ABOUT_STRICT_NPM = `npm ${STRICT_NPM} and later refuse flags that they do not know, so "--" stands before them.`;

const STOPPED = 'Stopped. The copies are removed; nothing else was changed.';
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, EPIPE: 141 };
type StopReason = keyof typeof EXIT_CODES;

/** A step did not do what it should. */
class StepFailure extends Error {}

/** All that a step works with. */
interface Stage {
  workspace: Workspace;
  print: (line: string) => void;
  signal: AbortSignal;
  isStrictNpm: boolean;
}

/** Shows the steps one after the other; throws when one did not do what it should, and as soon as it is stopped. */
async function demo(signal: AbortSignal): Promise<void> {
  const started = performance.now();
  const paint = createPainter(process.stdout, process.env);
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  print(INTRODUCTION);
  await withWorkspace(async (workspace) => {
    const isStrictNpm = (await readNpmVersion(workspace, signal)) >= STRICT_NPM;
    if (isStrictNpm) print(ABOUT_STRICT_NPM);
    for (const [index, step] of STEPS.entries()) {
      const place = `${index + 1} of ${STEPS.length}`;
      print(`\n${paint.bold(`${place}: ${step.title}`)}`);
      const problem = await show(step, { workspace, print, signal, isStrictNpm });
      signal.throwIfAborted();
      if (problem !== null) throw new StepFailure(`step ${place}, "${step.title}", failed: ${problem}`);
    }
  });
  print(`\n${paint.bold(`Shown in ${formatDuration(performance.now() - started)}`)}\n${SUMMARY}`);
}

/** Returns what is not as it should be after the step, or null. */
async function show({ act, project, checks }: Step, stage: Stage): Promise<string | null> {
  const { workspace, print, signal } = stage;
  const { temporary, [project]: copy } = workspace;
  let output: string;
  if (typeof act === 'string') {
    const command = stage.isStrictNpm ? withSeparator(act) : act;
    print(`$ ${command}`);
    const ended = await runCommand(command, { folder: copy.folder, temporary, print, signal });
    if (ended.code !== 0) return `the command ended with exit code ${ended.code} instead of 0.`;
    output = ended.output;
  } else {
    output = act(workspace);
    print(output);
  }
  return checks.map((check) => check(output, copy)).find((wrong) => wrong !== null) ?? null;
}

/** The major version of the npm that the commands will find. */
async function readNpmVersion({ first, temporary }: Workspace, signal: AbortSignal): Promise<number> {
  const print = () => undefined;
  const { output } = await runCommand('npm --version', { folder: first.folder, temporary, print, signal });
  return Number.parseInt(output, 10);
}

/** Ctrl-C and its kind, or a reader that went away (`npm run demo | head`), with the reason in the signal. */
function listenForStop(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort(name));
  process.stdout.on('error', () => stop.abort('EPIPE'));
  return stop.signal;
}

const signal = listenForStop();
demo(signal).catch((error: unknown) => {
  process.exitCode = signal.aborted ? EXIT_CODES[signal.reason as StopReason] : 1;
  process.stderr.write(`\n${signal.aborted ? STOPPED : explain(error)}\n`);
});

function explain(error: unknown): string {
  if (!(error instanceof StepFailure)) return String((error as Error).stack);
  return `error: ${error.message}\nIts output is above. The copies are removed; nothing else was changed.`;
}
