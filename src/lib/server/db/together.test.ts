import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../../test/support/database.ts';
import type { Tx } from './pool.ts';
import { together } from './together.ts';

const db = await createTestDatabase();
const [sql, other] = [db.connect('owner'), db.connect('owner')];
await sql`create table written (id int primary key)`;
const write = (tx: Tx, id: number) => tx`insert into written values (${id})`;

/** Answers on another connection: in as much time the transaction is over, once one of its statements has failed. */
const turns = async (many: number) => {
	for (let turn = 0; turn < many; turn++) await other`select 1`;
};

/** A statement, and after its answer and whatever else is due another one, as an event is written. */
const twoSteps = async (tx: Tx, id: number) => {
	await tx`select 1`;
	await turns(20);
	await write(tx, id);
};

test('what does not wait for each other’s answers is answered in its order', async () => {
	expect(await sql.begin((tx) => together([tx`select 1 as a`, twoSteps(tx, 1), tx`select 2 as a`]))).toEqual([[{ a: 1 }], undefined, [{ a: 2 }]]);
	expect(await sql`select id from written`).toEqual([{ id: 1 }]);
});

test('LOG-1 when one fails nothing that another still had to write is written outside the transaction, and the first fault is the one told', async () => {
	const fails = () => sql.begin((tx) => together([twoSteps(tx, 2), twoSteps(tx, 3), write(tx, 1), twoSteps(tx, 4)]));
	await expect(fails()).rejects.toMatchObject({ code: '23505' });
	await turns(100);
	expect(await sql`select id from written`).toEqual([{ id: 1 }]);
});

test('an error of ours is told before what it left the others', async () => {
	await expect(sql.begin((tx) => together([tx`select 1`, Promise.reject(new Error('ours')), tx`select 2`]))).rejects.toThrow('ours');
});
