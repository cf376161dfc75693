// The import rule and the size budget of the design, asserted over every tracked or new source file.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const adapters = ['db', 'objects', 'keys', 'tsa', 'sms', 'mail', 'jobs', 'av', 'witness', 'sandbox', 'egress', 'time', 'signing-service'];
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'crypto', 'src', 'test'], { encoding: 'utf8' })
	.split('\n')
	.filter((file) => /\.(ts|js|svelte)$/.test(file) && !file.includes('testdata/') && existsSync(file));
const source = files.filter((file) => !file.startsWith('test/') && !file.endsWith('.test.ts'));

/** Which floor of the house a file of the project stands on. */
function floor(file: string): string {
	if (file.startsWith('crypto/')) return 'crypto';
	const [, place = '', noun = ''] = /^src\/lib\/(\w+)\/([\w-]+)/.exec(file) ?? [];
	if (place === 'server') {
		if (adapters.includes(noun)) return 'adapter';
		return noun === 'env' || noun === 'context' ? noun : 'domain';
	}
	if (place) return place;
	return file.startsWith('src/routes/') || file === 'src/hooks.server.ts' ? 'routes' : file.startsWith('src/cli/') ? 'cli' : 'process';
}

/** The specifiers of a file's imports, dynamic ones included; subpath and relative ones as paths from the root. */
function imports(file: string): string[] {
	const text = readFileSync(file, 'utf8');
	const found = [...text.matchAll(/(?:^|[\s;])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|import\s*\(?\s*['"]([^'"]+)['"]/g)];
	return found
		.map((m) => m[1] ?? m[2] ?? '')
		.map((to) => to.replace(/^#crypto\//, 'crypto/').replace(/^#lib\//, 'src/lib/'))
		.map((to) => (to.startsWith('.') ? normalize(join(dirname(file), to)) : to).replace(/\?\w+$/, ''));
}

const inside = (to: string) => /^(crypto|src|test)\//.test(to);

/** Why `file` may not import `to`; null when it may. */
function broken(file: string, to: string): string | null {
	const from = floor(file);
	const target = inside(to) ? floor(to) : null;
	if (from === 'crypto') {
		return target === 'crypto' || to.startsWith('@noble/') ? null : 'crypto imports crypto and @noble only';
	}
	if (to.startsWith('test/')) return 'the product imports no test';
	if (target === 'env' && !['context', 'env', 'cli', 'process'].includes(from)) return 'settings are read by the composition root';
	if (from === 'adapter' && target && !['adapter', 'crypto'].includes(target)) return 'adapters import crypto';
	if (from === 'domain' && target && ['routes', 'components', 'client', 'process', 'cli'].includes(target))
		return 'the domain imports downwards';
	if (['routes', 'components', 'client', 'i18n'].includes(from)) {
		if (target === 'adapter' || to === 'postgres') return 'routes and components import no adapter';
	}
	if (from === 'components' && target === 'domain') return 'components are given their data';
	if (from === 'client' && target === 'domain') return 'the browser has no server code';
	return null;
}

describe('architecture', () => {
	test('LOG-1 acts of one transaction are awaited by `together`, which leaves none under way when it ends', () => {
		const inTransaction = /Promise\.all\(\s*\[[^\]]*\btx(?:<[^`]*>)?(?:`|[,)])/;
		expect(inTransaction.test('await Promise.all([\n\tappend(tx, event), tx`select 1`\n])')).toBe(true);
		expect(source.filter((file) => inTransaction.test(readFileSync(file, 'utf8')))).toEqual([]);
	});

	test('every import goes the way the design allows', () => {
		const wrong = source.flatMap((file) =>
			imports(file).flatMap((to) => {
				const why = broken(file, to);
				return why ? [`${file} → ${to}: ${why}`] : [];
			})
		);
		expect(wrong).toEqual([]);
	});

	test('the rule itself catches what it forbids', () => {
		expect(broken('crypto/tlog/merkle.ts', 'node:crypto')).not.toBeNull();
		expect(broken('crypto/tlog/merkle.ts', 'src/lib/server/db/pool.ts')).not.toBeNull();
		expect(broken('src/routes/login/+page.server.ts', 'postgres')).not.toBeNull();
		expect(broken('src/lib/components/Hash.svelte', 'src/lib/server/objects/file.ts')).not.toBeNull();
		expect(broken('src/lib/server/objects/file.ts', 'src/lib/server/safes.ts')).not.toBeNull();
		expect(broken('src/lib/server/safes.ts', 'src/lib/server/env.ts')).not.toBeNull();
		expect(broken('src/lib/server/safes.ts', 'src/lib/server/audit/append.ts')).toBeNull();
	});

	test('no cycle of imports', () => {
		const edges = new Map(source.map((file) => [file, imports(file).filter((to) => source.includes(to))]));
		const done = new Set<string>();
		const cycles: string[] = [];
		const visit = (file: string, path: readonly string[]): void => {
			if (path.includes(file)) {
				cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
				return;
			}
			if (done.has(file)) return;
			for (const to of edges.get(file) ?? []) visit(to, [...path, file]);
			done.add(file);
		};
		for (const file of source) visit(file, []);
		expect(cycles).toEqual([]);
	});

	test('no room for what has no name', () => {
		expect(files.filter((file) => /\/(utils?|helpers?|services?|types|common|managers?)(\/|\.ts$)/.test(file))).toEqual([]);
	});

	test('files are short: median ≤ 100 lines, p95 ≤ 300, none over 450', () => {
		const sizes = files
			.map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
			.sort((a, b) => a.lines - b.lines);
		const at = (share: number) => sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))]!.lines;
		expect(sizes.filter(({ lines }) => lines > 450)).toEqual([]);
		expect(at(0.5)).toBeLessThanOrEqual(100);
		expect(at(0.95)).toBeLessThanOrEqual(300);
	});
});
