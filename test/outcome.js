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
 * What failed in the same report: tests, and files that could not be run at all.
 * @param {any} report
 * @returns {string[]} one line each: where, and the first line of why
 */
export const failedByVitest = (report) =>
	(report?.testResults ?? []).flatMap((/** @type {any} */ file) => {
		const failed = file.assertionResults.filter((/** @type {any} */ test) => test.status === 'failed').map((/** @type {any} */ test) => told([file.name, test.fullName], test.failureMessages[0]));
		return failed.length || file.status !== 'failed' ? failed : [told([file.name], file.message)];
	});

/** @type {(path: readonly string[], why: string | undefined) => string} */
const told = (path, why) => `${path.join(' › ')}: ${(why ?? '').split('\n', 1)[0]}`;

/** Every test of Playwright's JSON report, with the titles above it. @type {(suite: any, path?: readonly string[]) => { path: string[], spec: any }[]} */
const specs = (suite, path = []) => [
	...(suite?.suites ?? []).flatMap((/** @type {any} */ s) => specs(s, [...path, s.title])),
	...(suite?.specs ?? []).map((/** @type {any} */ spec) => ({ path: [...path, spec.title], spec }))
];

/**
 * What was not run, of Playwright's report.
 * @param {any} report
 * @returns {string[]}
 */
export const skippedByPlaywright = (report) =>
	specs(report)
		.filter(({ spec }) => spec.tests.every((/** @type {any} */ t) => t.status === 'skipped'))
		.map(({ path }) => path.join(' › '));

/**
 * What failed, or passed only when tried again, of Playwright's report.
 * @param {any} report
 * @returns {string[]} one line each: where, and the first line of why
 */
export const failedByPlaywright = (report) =>
	specs(report).flatMap(({ path, spec }) => {
		const bad = spec.tests.find((/** @type {any} */ t) => ['unexpected', 'flaky'].includes(t.status));
		return bad ? [told(path, bad.results.find((/** @type {any} */ r) => r.error)?.error.message)] : [];
	});
