import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/** The floors of the house, lowest first: a folder imports from those before it, through their index alone. */
const floors = [
  'units',
  'sim',
  'store',
  'kube',
  'scheduler',
  'autoscaler',
  'azure',
  'nodepools',
  'world',
  'toolkit',
  'servers',
  'cli',
];

const importRules = (folder) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...floors.slice(floors.indexOf(folder) + 1).map((above) => ({
            regex: `^(\\.\\./)+${above}/`,
            message: `src/${folder} is a floor below src/${above} and must not import it.`,
          })),
          {
            regex: `^(\\.\\./)+(${floors.filter((other) => other !== folder).join('|')})/(?!index\\.js$)`,
            message: "Import another folder through its index.js: the rest is that folder's own.",
          },
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/'] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  ...floors.map(importRules),
  { files: ['scripts/*.mjs'], languageOptions: { globals: { console: 'readonly', process: 'readonly' } } },
  {
    files: ['src/{units,sim,store,kube,scheduler,autoscaler,azure,nodepools,world,toolkit}/**/*.ts'],
    ignores: ['src/sim/wall-clock.ts', 'src/store/sqlite-journal.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({
          name,
          message: "The engine's time comes from the Clock.",
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: "The engine's time comes from the Clock." },
        { object: 'Math', property: 'random', message: 'The engine draws from the Seed.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Use the Clock.' },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-dynamic-delete': 'off',
    },
  },
);
