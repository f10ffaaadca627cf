import type { OpenApiObject } from '../object.js'

/** The schemas of all errors (RFC 9457, section 3.1), by the names of their components. */
export const problemSchemas = {
  Problem: {
    title: 'Problem',
    description: 'An error, RFC 9457.',
    type: 'object',
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: {
        description: 'Identifies the kind of error; resolves to its explanation.',
        type: 'string',
        format: 'uri-reference',
      },
      title: { description: 'Names the kind of error.', type: 'string' },
      status: { description: 'HTTP status.', type: 'integer', minimum: 400, maximum: 599 },
      detail: { description: 'What was wrong with this request and what to do.', type: 'string' },
      instance: { description: 'Identifies this occurrence.', type: 'string', format: 'uri-reference' },
      traceId: { description: 'Of the trace that the request belongs to.', type: 'string' },
      code: { description: 'Stable code of the kind of error, for programs.', type: 'string' },
      errors: {
        description: 'Every violation that was found.',
        type: 'array',
        items: { $ref: '#/components/schemas/ProblemError' },
      },
    },
  },
  ProblemError: {
    title: 'Problem error',
    description: 'One violation.',
    type: 'object',
    required: ['pointer', 'detail'],
    properties: {
      pointer: {
        description: 'JSON pointer into the body, or `path/name`, `query/name`, `header/name`.',
        type: 'string',
      },
      detail: { description: 'What was expected there.', type: 'string' },
    },
  },
} as const satisfies Readonly<Record<string, OpenApiObject>>
