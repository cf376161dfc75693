// For the evidence file: by whose key a signature was made, as recorded when it was, whatever is configured since.

import { wayOf, type WayOfSigning } from '#lib/i18n/way.ts';
import { readCertificate, serialNumberHex } from '#crypto/x509/certificate.ts';
import type { WorkerContext } from '../context.ts';

interface Row {
	readonly level: 1 | 2;
	readonly advanced: boolean;
	readonly serial: string | null;
	readonly remote: { readonly name: string; readonly listed: string | null } | null;
	readonly der: Uint8Array | null;
}

/** Null while the signer's signature is not in the document. */
export async function madeBy(ctx: Pick<WorkerContext, 'tx'>, signer: string): Promise<(WayOfSigning & { readonly certificate: string | null }) | null> {
	const [row] = await ctx.tx(
		(tx) => tx<Row[]>`
			select s.level, s.advanced, o.serial, case when r.id is not null then jsonb_build_object('name', r.service, 'listed', r.listed) end as remote, r.der
			from signer s join signing_intent i on i.signer = s.id and i.state = 'released'
			left join one_time_certificate o on o.intent = i.id and o.kept_at is not null left join remote_certificate r on r.intent = i.id and r.kept_at is not null where s.id = ${signer}`
	);
	return row ? { ...wayOf(row, row.remote), certificate: row.serial ?? (row.der && serialNumberHex(readCertificate(row.der))) } : null;
}
