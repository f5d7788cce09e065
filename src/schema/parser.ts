import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { get_datamodel as getDatamodel, validate } from '@prisma/prisma-schema-wasm';
import type { SchemaFile } from './normalise.ts';

/** The data model as JSON, Prisma's message, or why its parser came to no answer. */
export type ParserAnswer = { datamodel: string } | { error: string } | { gaveUp: string };

/**
 * What the parser is given at once, in lines times characters. It explains each error anew from the first line: 20,000
 * wrong lines take it minutes, and no thread can be stopped from within. So more than this is read in a second thread.
 */
const MAX_AT_ONCE = 20_000_000;
const TIMEOUT_MS = 10_000;
const PARSER = '@prisma/prisma-schema-wasm';
/** Set once this thread's parser ran out of stack: its memory is in no state to be used again. */
let isBroken = false;

/** Asks Prisma's parser, once, for the data model of a schema. Comes to an end with any text. */
export function askParser(files: readonly SchemaFile[]): ParserAnswer {
  const characters = files.reduce((total, [, text]) => total + text.length, 0);
  const lines = files.reduce((total, [, text]) => total + text.split('\n').length, 0);
  const request = JSON.stringify({ prismaSchema: files, noColor: true });
  if (isBroken || characters * lines > MAX_AT_ONCE) return askInThread(request);
  try {
    validate(request);
    return { datamodel: getDatamodel(request) };
  } catch (error) {
    const answer = explain(error as Error);
    isBroken = 'gaveUp' in answer;
    return answer;
  }
}

/** A parser of WebAssembly that runs out of stack, on brackets in brackets, says so in a RangeError or RuntimeError. */
function explain({ name, message }: { name: string; message: string }): ParserAnswer {
  return name === 'Error' ? { error: message } : { gaveUp: `it ended with "${message}"` };
}

function askInThread(request: string): ParserAnswer {
  const { port1, port2 } = new MessageChannel();
  const ended = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { request, parser: require.resolve(PARSER), ended, port: port2 };
  const worker = new Worker(`(${parseInThread})(require('node:worker_threads'), require)`, {
    eval: true,
    execArgv: [],
    workerData,
    transferList: [port2],
  });
  worker.unref();
  const outcome = Atomics.wait(ended, 0, 0, TIMEOUT_MS);
  const answer = receiveMessageOnPort(port1)?.message as { datamodel: string } | Error | undefined;
  port1.close();
  void worker.terminate();
  if (outcome === 'timed-out' || !answer)
    return { gaveUp: `it came to no end within ${TIMEOUT_MS / 1000} seconds` };
  return 'datamodel' in answer ? answer : explain(answer);
}

/** The thread's code: it is handed over as text, so it uses nothing from outside of itself. */
function parseInThread(threads: typeof import('node:worker_threads'), load: NodeJS.Require): void {
  const { request, parser, ended, port } = threads.workerData as {
    request: string;
    parser: string;
    ended: Int32Array;
    port: import('node:worker_threads').MessagePort;
  };
  try {
    const wasm = load(parser) as typeof import('@prisma/prisma-schema-wasm');
    wasm.validate(request);
    port.postMessage({ datamodel: wasm.get_datamodel(request) });
  } catch (error) {
    const { name, message } = error as Error;
    port.postMessage({ name, message });
  }
  Atomics.store(ended, 0, 1);
  Atomics.notify(ended, 0);
}
