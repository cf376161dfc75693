// The acknowledgement of a withdrawal: sealed and timestamped, with the declaration's event and its proof inside; a document of the safe beside the evidence file. Worker only.

import { base64, utf8 } from '#crypto/bytes.ts';
import { append } from '../audit/append.ts';
import { proofOf } from '../audit/proof.ts';
import { withActor, type WorkerContext } from '../context.ts';
import { addDocument } from '../documents/deposit.ts';
import { MadeMeanwhile } from '../envelopes/evidence.ts';
import { authorSheet, type Sheet } from '../evidence/author.ts';
import { NotCovered } from '../evidence/receipt.ts';
import { sealSheet } from '../evidence/seal.ts';
import { enqueue } from '../jobs/enqueue.ts';
import { instant } from './mail-text.ts';

interface Row {
	readonly client: string;
	readonly safe: string;
	readonly envelope: string;
	readonly signer: string;
	readonly position: number;
	readonly locale: 'fr' | 'en';
	readonly sender: string;
	readonly title: string;
	readonly reference: string;
	readonly name: string;
	readonly declared: string;
	readonly email: string;
	readonly statement: string;
	readonly lastDay: string | null;
	readonly at: Date;
	readonly last: string;
	readonly event: string;
	readonly now: Date;
}

async function find(ctx: WorkerContext, withdrawal: string): Promise<Row | null> {
	const [row] = await ctx.tx(
		(tx) => tx<Row[]>`
			select w.client, e.safe, e.id as envelope, w.signer, s.position, s.locale, c.name as sender, e.title, e.reference, s.name as declared, w.name, w.email, w.statement, w.last_day::text as "lastDay", w.at, encode(v.sha256, 'hex') as last, ev.id as event, app.now() as now
			from withdrawal w join signer s on s.id = w.signer join envelope e on e.id = s.envelope join client c on c.id = w.client join version v on v.id = e.current_version
			join event ev on ev.client = w.client and ev.at >= w.at - interval '1 minute' and convert_from(ev.body, 'UTF8')::jsonb ->> 'op' = 'signer.withdraw' and convert_from(ev.body, 'UTF8')::jsonb ->> 'obj' = w.id::text
			where w.id = ${withdrawal} and w.acknowledgement is null`
	);
	return row ?? null;
}

const labels = {
	fr: { title: (r: string) => `Accusé de réception d’une rétractation ${r}`, lead: (r: Row) => `${r.name} a renoncé, comme consommateur, au contrat conclu avec ${r.sender}.`, at: 'Reçue le', said: 'Déclaration', who: 'Nom déclaré', known: (sender: string) => `Signataire, identité déclarée par ${sender}`, what: 'Document', digest: 'Document signé, SHA-256', means: 'Accusé envoyé à', term: 'Dernier jour du délai', notBegun: 'le délai n’avait pas commencé', log: 'Rang dans le journal', foot: 'Accusé établi par la machine, scellé par le cachet de l’instance et horodaté. Il constate la déclaration, sa date et son heure ; il ne juge pas de ses effets, et ne change pas le document signé. withdrawal.json, joint à ce PDF, porte l’événement et sa preuve d’inclusion.' },
	en: { title: (r: string) => `Acknowledgement of a withdrawal ${r}`, lead: (r: Row) => `${r.name} has withdrawn, as a consumer, from the contract concluded with ${r.sender}.`, at: 'Received on', said: 'Declaration', who: 'Name declared', known: (sender: string) => `Signer, identity declared by ${sender}`, what: 'Document', digest: 'Signed document, SHA-256', means: 'Acknowledgement sent to', term: 'Last day of the term', notBegun: 'the term had not begun', log: 'Place in the log', foot: 'Acknowledgement made by the machine, sealed by the instance’s seal and timestamped. It states the declaration, its date and its time; it does not judge its effects, and does not change the signed document. withdrawal.json, attached to this PDF, carries the event and its inclusion proof.' }
} as const;

function sheet(row: Row, data: { readonly index: number; readonly json: unknown }): Sheet {
	const l = labels[row.locale];
	return {
		title: l.title(row.reference),
		lead: l.lead(row),
		rows: [
			[l.at, `${instant(row.locale, row.at)} (${row.at.toISOString()})`],
			[l.said, row.statement],
			[l.who, row.name],
			[l.known(row.sender), row.declared],
			[l.what, `${row.title}, ${row.reference}`],
			[l.digest, row.last],
			[l.means, row.email],
			[l.term, row.lastDay ?? l.notBegun],
			[l.log, String(data.index)]
		],
		foot: l.foot,
		language: row.locale,
		at: row.now,
		attachment: { name: 'withdrawal.json', type: 'application/json', content: utf8(`${JSON.stringify(data.json, null, '\t')}\n`), about: 'Withdrawal as data (probant/withdrawal/v1)' }
	};
}

/** The job. Does nothing when it is there. Throws NotCovered until a checkpoint covers the declaration, and what sealing throws: it comes back. */
export async function acknowledge(ctx: WorkerContext, payload: { readonly withdrawal: string }): Promise<void> {
	const row = await find(ctx, payload.withdrawal);
	if (!row) return;
	const own = withActor(ctx, { ...ctx.actor, client: row.client });
	const proof = await proofOf(own, row.event);
	if (!proof) throw new NotCovered('no checkpoint covers the withdrawal yet');
	const { name, declared, email, statement, lastDay, at, sender, title, reference, last, signer } = row;
	const openings = Object.fromEntries(Object.entries(proof.openings).map(([of, { key, value }]) => [of, { key: base64(key), value }]));
	const log = { verifier: proof.verifier, checkpoint: proof.checkpoint, index: proof.index, entry: base64(proof.entry), inclusion: proof.inclusion.map(base64), openings };
	const json = { kind: 'probant/withdrawal/v1', reference, title, sender, document: last, signer: { id: signer, name: declared }, name, email, statement, lastDay, at: at.toISOString(), log };
	const bytes = await sealSheet(ctx, await authorSheet(sheet(row, { index: proof.index, json }), ctx.settings.fonts), row.now.getTime());
	try {
		await addDocument(own, { client: row.client, safe: row.safe, name: `${reference} – rétractation ${row.position}.pdf`, kind: 'evidence', bytes }, async (tx, document) => {
			const { count } = await tx`update withdrawal set acknowledgement = ${document} where id = ${payload.withdrawal} and acknowledgement is null`;
			if (!count) throw new MadeMeanwhile();
			await append(tx, { op: 'signer.withdrawn', safe: row.safe, obj: signer, values: { document } });
			const waiting = await tx<{ id: string }[]>`select id from message where kind in ('withdrawal', 'withdrawal-notice') and subject = ${payload.withdrawal} and state = 'waiting'`;
			for (const { id } of waiting) await enqueue(tx, 'messages.send', { message: id });
			await tx`select pg_notify('hint', ${`${signer} ${row.envelope}`})`;
		});
	} catch (error) {
		if (!(error instanceof MadeMeanwhile)) throw error; // its bytes are left to the sweep
	}
}
