// probant COMMAND …: what Node makes of each module is kept, by its content, so that the next call need not make it again: two thirds of its work.

import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url))); // where it cannot be written, nothing is kept
await import('./command.ts');
