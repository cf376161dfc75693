// Which database role may enqueue which task. jobs.enqueue refuses every other pair; a migration run writes the list.

export const tasks = ['evidence.timestamp', 'evidence.receipt', 'messages.send', 'messages.delivery', 'envelopes.attempt', 'envelopes.sign', 'envelopes.advance', 'envelopes.complete', 'envelopes.expire', 'envelopes.remind', 'envelopes.warn', 'envelopes.evidence', 'bulks.send', 'envelopes.first-page', 'signed-copies.attempt', 'signed-copies.attest', 'withdrawals.acknowledge', 'identity.read', 'identity.erase', 'evidence.renew', 'evidence.records', 'documents.convert', 'documents.destroy', 'log.heads', 'log.witness', 'instance.look'] as const;
export type Task = (typeof tasks)[number];

export const allowedTasks: Readonly<Record<'web' | 'worker', readonly Task[]>> = {
	web: ['evidence.timestamp', 'messages.send', 'envelopes.attempt', 'envelopes.complete', 'bulks.send', 'envelopes.first-page', 'signed-copies.attempt', 'withdrawals.acknowledge', 'identity.read', 'identity.erase', 'documents.convert', 'documents.destroy'],
	worker: tasks
};

/** Jobs of one lane wait for each other, and for no other's: what someone holding a phone waits for, what waits for others' servers, what fills a processor by itself (in the sandbox), and everything else. */
export type Lane = 'signing' | 'messages' | 'sandbox' | 'proof';

/** How many of a lane run at once in one worker. */
export const lanes: Readonly<Record<Lane, number>> = { signing: 8, messages: 8, sandbox: 2, proof: 4 };

const laneOf: Partial<Record<Task, Lane>> = {
	'envelopes.attempt': 'signing',
	'signed-copies.attempt': 'signing',
	'envelopes.sign': 'signing',
	'messages.send': 'messages',
	'messages.delivery': 'messages',
	'log.witness': 'messages',
	'instance.look': 'messages',
	'identity.read': 'sandbox',
	'documents.convert': 'sandbox',
	'envelopes.first-page': 'sandbox'
};
export const lane = (task: Task): Lane => laneOf[task] ?? 'proof';

/** Of several jobs of a lane that wait, the one of the lowest number runs first: what someone holding a phone waits for, then what becomes proof, last what is drawn of it, and what is sent by the hundred. */
export const priority = (task: Task): number => ({ 'envelopes.attempt': -20, 'signed-copies.attempt': -20, 'envelopes.sign': -20, 'messages.send': -10, 'bulks.send': 5, 'evidence.receipt': 10, 'envelopes.evidence': 20, 'evidence.renew': 30, 'evidence.records': 40 } as Partial<Record<Task, number>>)[task] ?? 0;
