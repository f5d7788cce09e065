import { warning } from './findings.ts';

export const modelClosed = (model: string, reason: string) =>
  warning(
    'MODEL_CLOSED',
    model,
    `whose its rows are is not decided (${reason}), so a scoped client refuses it`,
    'Choose its owner column in ownership.config.json, or use the client that is not scoped for it',
  );
