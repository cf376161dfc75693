// For the evidence file: the identification procedure in force when the envelope was sent, who chose the levels and sent it, the warning on excluded acts (SIGN-17).

import type { WorkerContext } from '../context.ts';
import type { Sheet } from '../evidence/author.ts';
import { actsWarning, type ActsWarning } from '../legal/excluded-acts.ts';
import { textDigest, textOf } from '../legal/texts.ts';

export interface LegalFrame {
	/** Null for an envelope sent before the product recorded it. */
	readonly procedure: { readonly version: string; /** Of the words in French, hexadecimal. */ readonly sha256: string; readonly words: string } | null;
	/** Who prepared the envelope, and so chose each signer's level; names as members of the client. */
	readonly preparedBy: string;
	readonly sentBy: string | null;
	/** Null: it was sent without the warning being shown. */
	readonly acts: (ActsWarning & { readonly by: string; readonly at: string }) | null;
}

interface Row {
	readonly procedure: string | null;
	readonly preparedBy: string;
	readonly sentBy: string | null;
	readonly acts: string | null;
	readonly actsBy: string | null;
	readonly actsAt: Date | null;
}

export async function legalFrame(ctx: WorkerContext, envelope: string): Promise<LegalFrame> {
	return ctx.tx(async (tx) => {
		const [row] = await tx<[Row]>`
			select e.procedure_version as procedure, p.name as "preparedBy", s.name as "sentBy", e.acts_version as acts, a.name as "actsBy", e.acts_at as "actsAt" from envelope e
			join person p on p.id = e.created_by left join person s on s.id = e.sent_by left join person a on a.id = e.acts_by where e.id = ${envelope}`;
		const { procedure, acts, actsBy, actsAt, ...people } = row;
		const text = procedure === null ? null : await textOf(tx, 'identification-procedure', procedure);
		if (procedure !== null && !text) throw new Error(`no identification procedure of version ${procedure}`);
		return {
			...people,
			procedure: text && { version: text.version, sha256: textDigest(ctx.primitives, text.fr), words: text.fr },
			acts: acts !== null && actsBy !== null && actsAt !== null ? { ...actsWarning(acts, 'fr'), by: actsBy, at: actsAt.toISOString() } : null
		};
	});
}

/** Rows of the whole envelope. `levels`: of those who sign, in order. */
export const legalRows = ({ procedure, preparedBy, sentBy, acts }: LegalFrame, levels: readonly (0 | 1 | 2)[]): Sheet['rows'] => [
	...(procedure ? [['Procédure d’identification du demandeur / the sender’s identification procedure', `version ${procedure.version}, SHA-256 ${procedure.sha256}`] as const] : []),
	['Niveaux choisis, dans l’ordre des signataires / levels chosen', `${levels.map((level) => (level === 0 ? 'sans code / no code' : level)).join(', ')}, par / by ${preparedBy}${sentBy ? ` ; envoyée par / sent by ${sentBy}` : ''}`],
	['Actes exclus / excluded acts', acts ? `avertissement ${acts.version} confirmé par / warning confirmed by ${acts.by}, ${acts.at.slice(0, 19).replace('T', ' ')} UTC` : 'avertissement non présenté à l’envoi / warning not shown when sent']
];
