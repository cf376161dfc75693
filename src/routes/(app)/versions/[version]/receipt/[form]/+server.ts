import { error } from '@sveltejs/kit';
import { download } from '#lib/server/download.ts';
import { receiptOf } from '#lib/server/evidence/receipt.ts';
import { recordOf } from '#lib/server/evidence/record.ts';
import type { RequestHandler } from './$types';

const types = { json: 'application/json', pdf: 'application/pdf' } as const;

export const GET: RequestHandler = async ({ locals: { ctx }, params }) => {
	const { version, form } = params;
	if (form === 'ers') {
		const record = await recordOf(ctx, version);
		return download(record, { name: `preuve-${version}.ers`, type: 'application/octet-stream', size: record.length }); // RFC 4998 registers no media type
	}
	if (form !== 'json' && form !== 'pdf') error(404);
	const bytes = await receiptOf(ctx, version, form);
	return download(bytes, { name: `recu-${version}.${form}`, type: types[form], size: bytes.length });
};
