import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { egress, EgressRefused, purposes } from './client.ts';
import { isPublic } from './public.ts';

const inside = [
	'0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.8', '192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255',
	'::', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1', '2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', 'fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '5f00::1', '4000::1', 'localhost', ''
];
test.each(inside)('%s is no public address', (address) => expect(isPublic(address)).toBe(false));
test.each(['8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.1', '172.15.255.255', '172.32.0.1', '192.167.255.255', '223.255.255.255', '2606:4700::1111', '2a00:1450:4007::1', '2001:4860:4860::8888'])('%s is a public address', (address) => expect(isPublic(address)).toBe(true));

async function server(answer: RequestListener): Promise<{ port: number; asked: string[] }> {
	const asked: string[] = [];
	const http = createServer((request, response) => {
		asked.push(request.headers.host ?? '');
		answer(request, response);
	});
	await new Promise<void>((ok) => http.listen(0, '127.0.0.1', ok));
	afterAll(() => {
		http.closeAllConnections();
		http.close();
	});
	return { port: (http.address() as AddressInfo).port, asked };
}
const ocsp = { purpose: 'ocsp' } as const;
const honest = await server((request, response) => {
	const parts: Buffer[] = [];
	request.on('data', (part: Buffer) => parts.push(part));
	request.on('end', () => response.end(`${request.method} ${Buffer.concat(parts).toString()}`));
});
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test('a host that is allowed inside is asked; its name is the one in the request', async () => {
	const client = egress(['127.0.0.1', 'Crl.Intranet'], async () => ['127.0.0.1']);
	expect(text(await client.fetch(`http://127.0.0.1:${honest.port}/`, ocsp))).toBe('GET ');
	expect(text(await client.fetch(`http://crl.intranet:${honest.port}/`, { ...ocsp, body: { type: 'application/ocsp-request', bytes: Buffer.from('q') } }))).toBe('POST q');
	expect(honest.asked.at(-1)).toBe(`crl.intranet:${honest.port}`);
});

test.each([
	'http://127.0.0.1', 'http://localhost', 'http://[::1]', 'http://[::ffff:127.0.0.1]', 'http://2130706433', 'http://0x7f.1', 'http://017700000001', 'http://169.254.169.254', 'http://[fe80::1]', 'http://0.0.0.0', 'http://127.1'
])('%s is refused before anything is sent', async (base) => {
	const before = honest.asked.length;
	await expect(egress([]).fetch(`${base}:${honest.port}/`, ocsp)).rejects.toThrow('private or special');
	expect(honest.asked.length).toBe(before);
});

test.each(['file:///etc/passwd', 'ftp://example.com/', 'ldap://example.com/', 'gopher://example.com', 'not an address'])('%s is refused: neither HTTP nor HTTPS', async (address) => {
	await expect(egress([]).fetch(address, ocsp)).rejects.toThrow('neither HTTP nor HTTPS');
});

test('credentials in an address are refused', async () => {
	await expect(egress(['127.0.0.1']).fetch(`http://a:b@127.0.0.1:${honest.port}/`, ocsp)).rejects.toThrow('credentials');
});

test('a name that leads inside is refused, and so is one that leads inside and outside', async () => {
	for (const found of [['10.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::1', '2606:4700::1111']]) {
		await expect(egress([], async () => found).fetch('http://evil.example/', ocsp)).rejects.toThrow('private or special');
	}
});

test('rebinding: the name is resolved once, and the address connected to is the one that was checked', async () => {
	const answers = [['192.0.2.255'], ['127.0.0.1']];
	let times = 0;
	const turning = async () => answers[times++] ?? [];
	await expect(egress([], turning).fetch(`http://turning.example:${honest.port}/`, ocsp)).rejects.toThrow('private or special');
	times = 0;
	answers[0] = ['127.0.0.1'];
	answers[1] = ['127.0.0.2'];
	expect(text(await egress(['turning.example'], turning).fetch(`http://turning.example:${honest.port}/`, ocsp))).toBe('GET ');
	expect(times).toBe(1);
});

test('a redirect is refused and not followed', async () => {
	const elsewhere = await server((_, response) => void response.writeHead(302, { location: `http://127.0.0.1:${honest.port}/` }).end());
	const before = honest.asked.length;
	await expect(egress(['127.0.0.1']).fetch(`http://127.0.0.1:${elsewhere.port}/`, ocsp)).rejects.toThrow('answered 302');
	expect(honest.asked.length).toBe(before);
});

test('an answer larger than its purpose allows is refused, one of exactly that size is not', async () => {
	let size = 0;
	const large = await server((_, response) => response.end(Buffer.alloc(size)));
	const fetched = (purpose: 'ocsp' | 'crl') => egress(['127.0.0.1']).fetch(`http://127.0.0.1:${large.port}/`, { purpose });
	size = purposes.ocsp.bytes;
	expect(await fetched('ocsp')).toHaveLength(size);
	size++;
	await expect(fetched('ocsp')).rejects.toThrow('more than');
	expect(await fetched('crl')).toHaveLength(size);
	size = purposes.crl.bytes + 1;
	await expect(fetched('crl')).rejects.toThrow('more than');
});

test('an answer that never ends, though it never stops either, is given up in time; one that is silent too', async () => {
	const dripping = await server((_, response) => {
		response.writeHead(200);
		const drip = setInterval(() => response.write('.'), 100);
		response.once('close', () => clearInterval(drip));
	});
	const silent = await server(() => {});
	const began = performance.now();
	await Promise.all([dripping, silent].map(({ port }) => expect(egress(['127.0.0.1']).fetch(`http://127.0.0.1:${port}/`, ocsp)).rejects.toThrow('no answer within 5 s')));
	expect(performance.now() - began).toBeLessThan(8_000);
}, 15_000);

test('a resolver that never answers is given up in time', async () => {
	await expect(egress([], () => new Promise(() => {})).fetch('http://slow.example/', ocsp)).rejects.toThrow('no answer within 5 s');
}, 15_000);

test('nobody there is unreachable', async () => {
	await expect(egress(['127.0.0.1']).fetch('http://127.0.0.1:9/', ocsp)).rejects.toBeInstanceOf(EgressRefused);
	await expect(egress([], async () => Promise.reject(new Error('ENOTFOUND'))).fetch('http://nowhere.example/', ocsp)).rejects.toThrow('no such name');
});
