import { expect, test } from 'vitest';
import { StatusError } from '../../kube/index.js';
import { deleteOptions } from './query.js';

test.each([
  ['a policy that there is not', { propagationPolicy: 'Sideways' }],
  ['a policy that is no text', { propagationPolicy: { toString: 1 } }],
  ['a dry run that there is not', { dryRun: ['Some'] }],
  ['a dry run that is no text', { dryRun: [{ toString: 1 }] }],
])('a deletion with %s is refused', (_, body) => {
  const attempt = () => deleteOptions(new URLSearchParams(), body);
  expect(attempt).toThrow(StatusError);
  expect(attempt).toThrow(expect.objectContaining({ code: 400 }));
});

test.each([
  ['its query', 'propagationPolicy=Orphan&gracePeriodSeconds=5&dryRun=All', undefined],
  ['its body', '', { propagationPolicy: 'Orphan', gracePeriodSeconds: 5, dryRun: ['All'] }],
  [
    'its body before its query',
    'propagationPolicy=Background&gracePeriodSeconds=9',
    { propagationPolicy: 'Orphan', gracePeriodSeconds: 5, dryRun: ['All'] },
  ],
])('the options of a deletion are read from %s', (_, query, body) =>
  expect(deleteOptions(new URLSearchParams(query), body)).toEqual({
    propagationPolicy: 'Orphan',
    gracePeriodSeconds: 5,
    dryRun: true,
  }),
);
