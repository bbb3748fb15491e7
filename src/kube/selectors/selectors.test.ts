import { describe, expect, test } from 'vitest';
import { StatusError } from '../api/status-error.js';
import {
  compileFieldSelector,
  compileLabelSelector,
  labelSelectorText,
  parseFieldSelector,
  parseLabelSelector,
} from './index.js';

const labels = { app: 'web', tier: 'front', weight: '7', empty: '' };

describe('a label selector in a query', () => {
  test.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web', true],
    ['app=api', false],
    ['app!=api', true],
    ['none!=api', true],
    ['app', true],
    ['none', false],
    ['!none', true],
    ['!app', false],
    ['app in (web,api)', true],
    ['app in (api)', false],
    ['none in (api)', false],
    ['app notin (api)', true],
    ['app notin (web)', false],
    ['none notin (web)', true],
    ['empty=', true],
    ['app=', false],
    ['weight>6', true],
    ['weight<7', false],
    ['app>1', false],
    ['app=web,tier=front', true],
    ['app=web,tier=back', false],
    ['app in (web),!none,tier', true],
  ])('%s', (selector, matches) => expect(parseLabelSelector(selector)(labels)).toBe(matches));

  test.each(['app in web', 'app in (web', 'a,,b', '=b', 'a b', '-a=b', 'a>x', 'a in (b) c'])(
    '%s is refused',
    (selector) => expect(() => parseLabelSelector(selector)).toThrow(StatusError),
  );
});

describe("an object's selector", () => {
  const rule = (operator: string, key: string, ...values: string[]) => ({
    matchExpressions: [{ key, operator, values }],
  });
  test.each([
    [undefined, false],
    [{}, true],
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'api' } }, false],
    [rule('In', 'app', 'web', 'api'), true],
    [rule('NotIn', 'app', 'web'), false],
    [rule('NotIn', 'none', 'web'), true],
    [rule('Exists', 'tier'), true],
    [rule('DoesNotExist', 'tier'), false],
    [{ matchLabels: { app: 'web' }, ...rule('Exists', 'none') }, false],
  ])('%j', (selector, matches) => expect(compileLabelSelector(selector)(labels)).toBe(matches));

  test('has a text that selects the same', () => {
    const selector = { matchLabels: { tier: 'front', app: 'web' }, ...rule('In', 'weight', '9', '7') };
    expect(labelSelectorText(selector)).toBe('app=web,tier=front,weight in (7,9)');
    expect(parseLabelSelector(labelSelectorText(selector))(labels)).toBe(true);
  });
});

describe('a field selector', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'n', uid: 'u', creationTimestamp: 't' },
    spec: { nodeName: 'n1' },
    status: { phase: 'Running' },
  };
  const refusal = (field: string) => StatusError.badRequest(field);
  const select = (text: string) =>
    compileFieldSelector(
      parseFieldSelector(text),
      ['spec.nodeName', 'status.phase', 'spec.hostNetwork'],
      refusal,
    )(pod);
  test.each([
    ['', true],
    ['metadata.name=p', true],
    ['metadata.namespace==n', true],
    ['spec.nodeName=n1,status.phase!=Failed,status.phase!=Succeeded', true],
    ['spec.nodeName=n2', false],
    ['spec.nodeName!=n1', false],
    ['spec.hostNetwork=false', true],
    ['metadata.name=a\\,b', false],
  ])('%s', (text, matches) => expect(select(text)).toBe(matches));
  test.each(['spec.image=x', 'nonsense'])('%s is refused', (text) =>
    expect(() => select(text)).toThrow(StatusError),
  );
});
