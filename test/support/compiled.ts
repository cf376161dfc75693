// Where a process that a test starts keeps what Node makes of each module, as `npm run up` has it: most of a start.

import { resolve } from 'node:path';

export const compiled = { NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled') } as const;
