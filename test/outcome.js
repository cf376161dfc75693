// What npm test counts and tells. Plain JavaScript: it is there before anything is installed.

/**
 * What a machine that is asked for everything (CI=true) lacks.
 * @param {{ ci: boolean, missing: readonly string[], corpora: boolean }} machine `missing`: Debian packages
 * @returns {string[]} one line each; none where nothing is lacking, or where it is not asked
 */
export const lacking = ({ ci, missing, corpora }) => (ci ? [...missing.map((name) => `not installed: ${name}`), ...(corpora ? [] : ['../shared/corpora is not there'])].map((what) => `CI needs it: ${what}`) : []);

/**
 * Tests of Vitest's JSON report that were not run, each with why where it is not in its name.
 * @param {any} report
 * @returns {string[]}
 */
export const skippedByVitest = (report) =>
	(report?.testResults ?? [])
		.flatMap((/** @type {any} */ file) => file.assertionResults)
		.filter((/** @type {any} */ test) => ['skipped', 'pending', 'todo'].includes(test.status))
		.map((/** @type {any} */ { fullName, meta }) => (meta?.needs ? `${fullName} (skipped: ${meta.needs} is not installed)` : fullName));

/**
 * The same of Playwright's.
 * @param {any} report
 * @returns {string[]}
 */
export function skippedByPlaywright(report) {
	/** @type {(suite: any, path: readonly string[]) => string[]} */
	const walk = (suite, path) => [
		...(suite.suites ?? []).flatMap((/** @type {any} */ s) => walk(s, [...path, s.title])),
		...(suite.specs ?? []).filter((/** @type {any} */ spec) => spec.tests.every((/** @type {any} */ t) => t.status === 'skipped')).map((/** @type {any} */ spec) => [...path, spec.title].join(' › '))
	];
	return walk(report ?? {}, []);
}
