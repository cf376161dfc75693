// Every route and act of src/routes, read from the files: `GET /(app)/dashboard`, `POST /(app)/settings/members?/invite`.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const read = (file: string) => readFileSync(join('src/routes', file), 'utf8');

function acts(file: string): string[] {
	const route = `/${dirname(file)}`.replace(/^\/\.$/, '/');
	if (file.endsWith('+page.svelte')) return [`GET ${route}`];
	if (file.endsWith('+server.ts') && !file.endsWith('+page.server.ts') && !file.endsWith('+layout.server.ts')) {
		return [...read(file).matchAll(/^export (?:const|async function|function) (GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|fallback)\b/gm)].map((m) => `${m[1]} ${route}`);
	}
	if (!file.endsWith('+page.server.ts')) return [];
	const body = /^export const actions\b[^{]*\{\n([\s\S]*?)^\}/m.exec(read(file))?.[1] ?? '';
	return [...body.matchAll(/^\t(?:async )?(\w+)(?::|\()/gm)].map((m) => `POST ${route}${m[1] === 'default' ? '' : `?/${m[1]}`}`);
}

/** All of them, sorted. */
export const routes = (): string[] => readdirSync('src/routes', { recursive: true, encoding: 'utf8' }).flatMap(acts).sort();
