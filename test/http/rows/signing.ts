// A signer's routes: theirs alone, by the session their link gave them.

import { consentVersion } from '#lib/server/envelopes/consent.ts';
import { noticeVersion } from '#lib/server/identity-check/capture.ts';

/** Who may come to a signer's page: its signer by the link's session, the same envelope's other signer, one of another client's, its sender's administrator, nobody. */
export const comers = ['signer', 'fellow', 'foreigner', 'owner', 'nobody'] as const;
export type Comer = (typeof comers)[number];

export interface SigningRow {
	readonly answers: readonly number[];
	readonly form?: Readonly<Record<string, string>>;
	/** Of the signer; 1 unless said. */
	readonly level?: 2;
}
const hers = (status: number) => [status, 401, 401, 401, 401] as const;
const level = 2;

export const signing: Readonly<Record<string, SigningRow>> = {
	'GET /(public)/signing/[signer]': { answers: hers(200) },
	'GET /(public)/signing/[signer] # level 2, nothing shown yet': { answers: hers(303), level },
	'GET /(public)/signing/[signer]/content': { answers: hers(200) },
	'GET /(public)/signing/[signer]/first-page': { answers: hers(400) }, // of no version
	'GET /(public)/signing/[signer]/events': { answers: hers(200) },
	'GET /(public)/signing/[signer]/texts': { answers: hers(200) },
	'POST /(public)/signing/[signer]/mandate': { answers: hers(403) }, // none is asked of her
	'GET /(public)/signing/[signer]/attestation': { answers: hers(404) }, // not signed yet
	'POST /(public)/signing/[signer]?/approve': { answers: hers(403), form: { sha256: '0'.repeat(64), pagesReached: '1' } }, // she is to sign
	'POST /(public)/signing/[signer]?/code': { answers: hers(409), form: { consent: consentVersion, pagesReached: '1', sha256: '0'.repeat(64), values: '{"name":"Zoë","drawing":null}' } }, // another document's hash
	'POST /(public)/signing/[signer]?/draw': { answers: hers(403), form: { consent: consentVersion, pagesReached: '1', sha256: '0'.repeat(64), values: '{"name":"Zoë","drawing":null}' } }, // hers takes a code
	'POST /(public)/signing/[signer]?/code # level 2, nothing shown yet': { answers: hers(303), level, form: { consent: consentVersion, pagesReached: '1', sha256: '0'.repeat(64), values: '{"name":"Zoë","drawing":null}' } },
	'GET /(public)/signing/[signer]/identity': { answers: hers(303) }, // of level 1: nothing is asked
	'GET /(public)/signing/[signer]/identity # level 2': { answers: hers(200), level },
	'GET /(public)/signing/[signer]/identity/events': { answers: hers(200) },
	'GET /(public)/signing/[signer]/identity/events # level 2': { answers: hers(200), level },
	'POST /(public)/signing/[signer]/identity?/begin': { answers: hers(303), form: { document: 'card', notice: noticeVersion } },
	'POST /(public)/signing/[signer]/identity?/begin # level 2': { answers: hers(200), level, form: { document: 'card', notice: noticeVersion } },
	'POST /(public)/signing/[signer]/identity?/image': { answers: hers(303), form: { side: 'front' } },
	'POST /(public)/signing/[signer]/identity?/image # level 2, no file': { answers: hers(400), level, form: { side: 'front' } },
	'POST /(public)/signing/[signer]/identity?/submit': { answers: hers(303) },
	'POST /(public)/signing/[signer]/identity?/submit # level 2, none begun': { answers: hers(409), level },
	'POST /(public)/signing/[signer]/identity?/reuse': { answers: hers(303) },
	'POST /(public)/signing/[signer]/identity?/reuse # level 2, none accepted': { answers: hers(410), level },
	'POST /(public)/signing/[signer]?/recap': { answers: hers(403), form: { recap: 'x' } }, // she is no consumer
	'POST /(public)/signing/[signer]?/delegate': { answers: hers(403), form: { name: 'Bob', email: 'bob@test.example', number: '', reason: '' } }, // not allowed
	'POST /(public)/signing/[signer]?/number': { answers: hers(403), form: { number: '06 98 76 54 32' } }, // the sender gave one
	'GET /(public)/signing/[signer]/help': { answers: hers(200) },
	'GET /(public)/signing/[signer]/help # level 2': { answers: hers(200), level },
	'POST /(public)/signing/[signer]/help?/paper': { answers: hers(200), form: { words: '12 rue des Lilas' } },
	'POST /(public)/signing/[signer]/help?/question': { answers: hers(200), form: { words: 'Le loyer ?' } },
	'POST /(public)/signing/[signer]/help?/question # without words': { answers: hers(400), form: { words: ' ' } },
	'POST /(public)/signing/[signer]/help?/reminders': { answers: hers(200), form: { scope: 'client' } },
	'POST /(public)/signing/[signer]/help?/report': { answers: hers(200), form: { reason: 'deception', words: '' } },
	'POST /(public)/signing/[signer]/help?/report # without a reason': { answers: hers(400), form: { words: 'x' } },
	'POST /(public)/signing/[signer]?/decline': { answers: hers(200), form: { reason: 'no' } },
	'POST /(public)/signing/[signer]?/sign': { answers: hers(410), form: { code: '000000' } } // none was asked for
};
