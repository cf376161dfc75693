// The matrix: what each kind of asker is answered, route by route, by area. Add the rows of your routes to the area's file.

import type { Rows } from './row.ts';
import { accountRows } from './rows/account.ts';
import { clientRows } from './rows/client.ts';
import { documentRows } from './rows/documents.ts';
import { envelopeRows } from './rows/envelopes.ts';
import { identityRows } from './rows/identity.ts';
import { publicRows } from './rows/public.ts';

export const matrix: Rows = { ...publicRows, ...documentRows, ...envelopeRows, ...identityRows, ...clientRows, ...accountRows };
