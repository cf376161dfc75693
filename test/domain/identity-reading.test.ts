import { describe, expect, test } from 'vitest';
import { agrees } from '#lib/server/identity-check/mrz.ts';
import { canRead, readDocument } from '#lib/server/identity-check/reading.ts';
import { missing, photograph, specimens, spoilt } from '../support/identity-document.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const why = canRead(world.worker) ? missing.map((file) => `${file} missing`).join(', ') : 'no sandbox, or no GraphicsMagick';
const drawn = (name: string, act: () => Promise<void>) => (why ? test.skip(`${name} (skipped: ${why})`) : test(name, act, 120_000));

const read = (...images: Uint8Array[]) => readDocument(world.worker, images);
const right = { TD3: 'ERIKSSON, ANNA MARIA, L898902C3', TD2: 'ERIKSSON, ANNA MARIA, D23145890', TD1: 'ERIKSSON, ANNA MARIA, D23145890', 'FR-ID': 'BERTHIER, CORINNE, 880692310285' };
type Format = keyof typeof specimens;
const formats = Object.keys(specimens) as Format[];

describe.each(['straight', 'tilted by 5°', 'tilted by -10°', 'slightly blurred', 'with glare beside the zone'] as const)('a photograph %s', (how) => {
	for (const format of formats) {
		drawn(`SIGN-3 ${format} is read, every check agrees`, async () => {
			const { mrz, quality } = await read(photograph(specimens[format], spoilt[how]));
			expect(mrz && `${mrz.surname}, ${mrz.givenNames}, ${mrz.documentNumber}`).toBe(right[format]);
			expect(mrz).toMatchObject({ format });
			expect(agrees(mrz!)).toBe(true);
			expect(quality).toMatchObject([how === 'with glare beside the zone' ? { ok: false, reason: 'glare' } : { ok: true, reason: null }]);
		});
	}
});

describe.each(['upside down', 'sideways'] as const)('a photograph %s', (how) => {
	drawn('SIGN-3 is read as well', async () => expect((await read(photograph(specimens.TD1, spoilt[how]))).mrz).toMatchObject({ surname: 'ERIKSSON', format: 'TD1' }));
});

describe.each([
	['blurred', 'blurred'],
	['with glare over the zone', 'glare'],
	['dark', 'dark'],
	['small', 'small']
] as const)('a photograph %s', (how, reason) => {
	drawn(`SIGN-3 is said to be that, and nothing is guessed`, async () => {
		for (const format of ['TD3', 'TD1'] as const) {
			const { mrz, quality } = await read(photograph(specimens[format], spoilt[how]));
			expect(quality).toMatchObject([{ image: 0, ok: false, reason }]);
			if (how === 'blurred' || how === 'with glare over the zone') expect(mrz).toBeNull();
			else if (mrz) expect(`${mrz.surname}, ${mrz.givenNames}, ${mrz.documentNumber}`).toBe(right[format]);
		}
	});
});

drawn('SIGN-3 a forged digit is read as it stands, and its check says so', async () => {
	const [first, second] = specimens.TD3;
	const { mrz } = await read(photograph([first, second.replace('L898902C36', 'L898902C46')]));
	expect(mrz).toMatchObject({ documentNumber: 'L898902C4', surname: 'ERIKSSON' });
	expect(mrz!.checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['document-number', 'composite']);
});

drawn('SIGN-3 of several images the one with a zone is read; a document without one has none', async () => {
	const front = photograph(['', ''].map(() => ' '.repeat(30)));
	const { mrz, quality } = await read(front, photograph(specimens.TD1));
	expect(mrz).toMatchObject({ format: 'TD1', surname: 'ERIKSSON' });
	expect(quality.map(({ image, ok }) => ({ image, ok }))).toEqual([{ image: 0, ok: true }, { image: 1, ok: true }]); // prettier-ignore
	expect((await read(front)).mrz).toBeNull();
});

drawn('SIGN-3 what is no image is an error, not an empty reading', async () => {
	await expect(read(Buffer.from('%PDF-1.7'))).rejects.toMatchObject({ kind: 'invalid', reason: 'image-type' });
	await expect(read(photograph(specimens.TD1).subarray(0, 300))).rejects.toMatchObject({ kind: 'invalid', reason: 'image-damaged' });
	await expect(read(Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(1000, 7)]))).rejects.toMatchObject({ kind: 'invalid', reason: 'image-damaged' });
});

test('SIGN-3 without a sandbox reading is off, and says so', async () => {
	const off = { ...world.worker, sandbox: null };
	expect(canRead(off)).toBe(false);
	await expect(readDocument(off, [new Uint8Array([0xff, 0xd8])])).rejects.toMatchObject({ kind: 'unavailable', reason: 'reading-off' });
});
