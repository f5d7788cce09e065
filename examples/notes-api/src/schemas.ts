/** The parts that several routes take, as JSON schemas. */
export const ID = { type: 'string', minLength: 1, maxLength: 100 } as const;
export const IDS = { type: 'array', items: ID, maxItems: 100, uniqueItems: true } as const;
export const NAME = { type: 'string', minLength: 1, maxLength: 200 } as const;
export const TEXT = { type: 'string', maxLength: 100_000 } as const;

export const BY_ID = {
  type: 'object',
  properties: { id: ID },
  required: ['id'],
} as const;
