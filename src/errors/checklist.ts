import { commands, refusal, type ToolkitError } from './toolkit-error.ts';

/** `command`: the tick with a note. */
export function noteMissing(line: string, command: string): ToolkitError {
  return refusal(
    'NOTE_MISSING',
    `--tick=${line} has no note: a tick says that a person has seen to it, and the note is what proves it.`,
    commands('With a note in words of your own:', command),
  );
}

export function tickNotWritable(obstacle: string): ToolkitError {
  return refusal(
    'TICK_NOT_WRITABLE',
    `a tick is kept in the journal, which cannot be written: ${obstacle}.`,
    'Use a role and a server in DATABASE_URL that can write, and can keep the journal.',
  );
}
