import { expect, test } from 'vitest';
import { fold, type Check } from './report.ts';

const check = (outcome: Check['outcome'], rest: Partial<Check> = {}): Check => ({
	name: 'message-digest',
	clause: '5.2.7',
	outcome,
	...rest
});

test('LOG-5 a failure outweighs an indeterminate, which outweighs a pass, in any order', () => {
	const failed = check('failed', { sub: 'HASH_FAILURE' });
	const unknown = check('indeterminate', { sub: 'TRY_LATER' });
	for (const checks of [
		[check('passed'), unknown, failed],
		[failed, unknown, check('passed')]
	]) {
		expect(fold(checks)).toEqual({ indication: 'TOTAL-FAILED', subIndication: 'HASH_FAILURE' });
	}
	expect(fold([check('passed'), unknown])).toEqual({ indication: 'INDETERMINATE', subIndication: 'TRY_LATER' });
	expect(fold([check('passed'), check('not-checked')])).toEqual({ indication: 'TOTAL-PASSED', subIndication: null });
});

test('LOG-5 where nothing was checked nothing passed', () => {
	expect(fold([]).indication).toBe('INDETERMINATE');
	expect(fold([check('not-checked')]).indication).toBe('INDETERMINATE');
});

test('LOG-5 a failed check that only takes away proof leads to INDETERMINATE', () => {
	const untrusted = check('failed', { leads: 'INDETERMINATE', sub: 'NO_CERTIFICATE_CHAIN_FOUND' });
	expect(fold([check('passed'), untrusted])).toEqual({ indication: 'INDETERMINATE', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' });
});
