import { createPainter, formatDuration } from '../src/report/text.ts';
import { type RunOptions, runCommand } from './demo/command.ts';
import { STEPS, type Step, SUMMARY, spell } from './demo/steps.ts';
import { type Projects, withProjects } from './demo/workspace.ts';

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, EPIPE: 141 };
type Reason = keyof typeof EXIT_CODES;

const INTRODUCTION = `The checklist, end to end, on throw-away copies of the sample app: they are removed at the end,
and the repository's own prisma/ folder and database are not touched.`;

/** What stops the demo: a step that did not do what it should. */
class StepFailure extends Error {}

/** A signal, or a reader that went away (`npm run demo | head`), ends the command that runs and then the demo. */
function listenForStop(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort(name));
  process.stdout.on('error', () => stop.abort('EPIPE'));
  return stop.signal;
}

/** Shows the steps one after the other on fresh copies, up to the first that fails or to a stop. */
async function demo(signal: AbortSignal): Promise<void> {
  const started = performance.now();
  const paint = createPainter(process.stdout, process.env);
  const print = (text: string) => process.stdout.write(`${text}\n`);
  await withProjects(async (projects) => {
    const run = (command: string, options: Omit<RunOptions, 'temporary' | 'signal'>) =>
      runCommand(command, { ...options, temporary: projects.temporary, signal });
    const npm = await run('npm --version', { folder: projects.folder, print: () => undefined });
    const isStrict = Number.parseInt(npm.output, 10) >= 12;
    print(INTRODUCTION);
    if (isStrict)
      print('npm 12 and later refuse flags that they do not know, so "--" stands before them here.');
    for (const [index, step] of STEPS.entries()) {
      if (signal.aborted) return;
      print(`\n${paint.bold(`${index + 1} of ${STEPS.length}: ${step.title}`)}`);
      const problem =
        'work' in step ? show(step.work(projects)) : await runStep(spell(step.command, isStrict), step);
      if (signal.aborted) return;
      if (problem !== null) throw new StepFailure(`step ${index + 1}, "${step.title}": ${problem}`);
    }
    print(`\n${paint.bold(`Shown in ${formatDuration(performance.now() - started)}`)}\n${SUMMARY}`);

    async function runStep(command: string, { project, checks }: Extract<Step, { command: string }>) {
      print(`$ ${command}`);
      const { folder } = projects[project];
      const { code, output } = await run(command, { folder, print });
      if (code !== 0) return `the command ended with exit code ${code} instead of 0.`;
      return checks.map((check) => check(output, projects)).find((wrong) => wrong !== null) ?? null;
    }

    function show({ text, problem }: ReturnType<Extract<Step, { work: unknown }>['work']>) {
      print(text);
      return problem;
    }
  });
}
