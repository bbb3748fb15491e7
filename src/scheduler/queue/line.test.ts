import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Line } from './line.js';
import type { InLine } from './line.js';

class Person implements InLine<Person> {
  line: Line<Person> | undefined;
  ahead: Person | undefined;
  behind: Person | undefined;
}

const step = fc.record({
  do: fc.constantFrom('join', 'leave', 'move all'),
  who: fc.nat(5),
  line: fc.constantFrom(0, 1),
});

test('two lines are as two lists after any moves between them', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const people = Array.from({ length: 6 }, () => new Person());
      const lines = [new Line<Person>(), new Line<Person>()] as const;
      let lists: [Person[], Person[]] = [[], []];
      for (const { do: what, who, line } of steps) {
        const one = people[who] as Person;
        if (what === 'move all') {
          for (const each of lines[line]) lines[1 - line]?.join(each);
          const all = [...(lists[1 - line] as Person[]), ...(lists[line] as Person[])];
          lists = line === 0 ? [[], all] : [all, []];
          continue;
        }
        if (what === 'leave') one.line?.leave(one);
        else lines[line].join(one);
        lists = [lists[0].filter((other) => other !== one), lists[1].filter((other) => other !== one)];
        if (what === 'join') lists[line].push(one);
      }
      for (const at of [0, 1] as const) {
        expect([...lines[at]].map((one) => people.indexOf(one))).toEqual(
          lists[at].map((one) => people.indexOf(one)),
        );
        expect(lines[at].size).toBe(lists[at].length);
        expect(lines[at].first === lists[at][0]).toBe(true);
      }
    }),
  );
});
