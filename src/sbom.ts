// The bill of materials of a build (CycloneDX 1.6, JSON), read from the lock file: what is installed is what it says (npm ci). Written beside every build; the same lock gives the same bytes.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

interface Locked {
	readonly version?: string;
	readonly integrity?: string;
	readonly license?: string;
	readonly dev?: boolean;
	readonly optional?: boolean;
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly optionalDependencies?: Readonly<Record<string, string>>;
	readonly devDependencies?: Readonly<Record<string, string>>;
}
type Packages = Readonly<Record<string, Locked>>;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
/** Package URL: the scope's @ is escaped. */
const purl = (path: string, { version }: Locked): string => `pkg:npm/${nameOf(path).replace('@', '%40')}@${version}`;

/** Where a package finds another, as Node does: its own node_modules, then those above it. */
function found(packages: Packages, from: string, name: string): string | null {
	for (let above = from && `${from}/`; ; above = above.slice(0, above.lastIndexOf('node_modules/'))) {
		const path = `${above}node_modules/${name}`;
		if (packages[path]) return path;
		if (!above) return null; // optional, and not of any platform here
	}
}

/** Packages that a package asks for and gets, as package URLs, sorted. */
function dependsOn(packages: Packages, path: string): string[] {
	const { dependencies, optionalDependencies, devDependencies } = packages[path]!;
	const names = Object.keys({ ...dependencies, ...optionalDependencies, ...(path ? {} : devDependencies) });
	const paths = names.map((name) => found(packages, path, name)).filter((at) => at !== null);
	return [...new Set(paths.map((at) => purl(at, packages[at]!)))].sort();
}

function component(path: string, locked: Locked) {
	const { version, integrity, license, dev, optional } = locked;
	const [algorithm, digest] = (integrity?.split(' ')[0] ?? '').split(/-(.*)/s);
	return {
		type: 'library',
		'bom-ref': purl(path, locked),
		name: nameOf(path),
		version,
		scope: optional ? 'optional' : 'required',
		...(algorithm === 'sha512' && digest ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(digest, 'base64').toString('hex') }] } : {}),
		...(license ? { licenses: [license.startsWith('SEE ') ? { license: { name: license } } : { expression: license }] } : {}),
		purl: purl(path, locked),
		...(dev ? { properties: [{ name: 'cdx:npm:package:development', value: 'true' }] } : {})
	};
}

/** The bill of materials of a lock file of version 3. */
export function billOfMaterials(lock: { readonly name: string; readonly version: string; readonly packages: Packages }) {
	const { name, version, packages } = lock;
	const root = `pkg:npm/${name}@${version}`;
	const all = new Map(Object.entries(packages).filter(([path]) => path).map(([path, locked]) => [purl(path, locked), path]));
	const edges = new Map<string, Set<string>>([[root, new Set(dependsOn(packages, ''))]]);
	for (const [path, locked] of Object.entries(packages)) {
		if (!path) continue;
		const known = edges.get(purl(path, locked)) ?? new Set();
		for (const to of dependsOn(packages, path)) known.add(to);
		edges.set(purl(path, locked), known); // one that is there twice may find others at each place
	}
	return {
		$schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		version: 1,
		metadata: { component: { type: 'application', 'bom-ref': root, name, version, purl: root } },
		components: [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => component(path, packages[path]!)),
		dependencies: [...edges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([ref, to]) => ({ ref, dependsOn: [...to] }))
	};
}

/** Writes it for the lock file of the working directory. */
export function writeBillOfMaterials(file: string): void {
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, `${JSON.stringify(billOfMaterials(JSON.parse(readFileSync('package-lock.json', 'utf8')) as Parameters<typeof billOfMaterials>[0]), null, '\t')}\n`);
}
