// Which database role may enqueue which task. jobs.enqueue refuses every other pair; a migration run writes the list.

export const tasks = ['evidence.timestamp', 'evidence.receipt', 'messages.send', 'messages.delivery', 'envelopes.attempt', 'envelopes.sign', 'envelopes.advance', 'envelopes.complete', 'envelopes.expire', 'envelopes.remind', 'envelopes.warn', 'envelopes.evidence', 'bulks.send', 'envelopes.first-page', 'signed-copies.attempt', 'signed-copies.attest', 'withdrawals.acknowledge', 'identity.read', 'identity.erase', 'evidence.renew', 'evidence.records', 'documents.convert', 'documents.destroy', 'log.heads', 'log.witness', 'instance.look'] as const;
export type Task = (typeof tasks)[number];

export const allowedTasks: Readonly<Record<'web' | 'worker', readonly Task[]>> = {
	web: ['evidence.timestamp', 'messages.send', 'envelopes.attempt', 'envelopes.complete', 'bulks.send', 'envelopes.first-page', 'signed-copies.attempt', 'withdrawals.acknowledge', 'identity.read', 'identity.erase', 'documents.convert', 'documents.destroy'],
	worker: tasks
};

/** Of several jobs that wait, the one of the lowest number runs first: what someone holding a phone waits for, then what becomes proof, last what is drawn of it, and what is sent by the hundred. */
export const priority = (task: Task): number => ({ 'envelopes.attempt': -20, 'signed-copies.attempt': -20, 'envelopes.sign': -20, 'messages.send': -10, 'bulks.send': 5, 'evidence.receipt': 10, 'envelopes.evidence': 20, 'evidence.renew': 30, 'evidence.records': 40 } as Partial<Record<Task, number>>)[task] ?? 0;
