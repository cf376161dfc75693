// Which database role may enqueue which task. jobs.enqueue refuses every other pair; a migration run writes the list.

export const tasks = ['evidence.timestamp', 'evidence.receipt', 'messages.send', 'envelopes.attempt', 'envelopes.sign', 'envelopes.complete', 'envelopes.expire', 'envelopes.warn', 'envelopes.evidence', 'identity.read', 'identity.erase', 'documents.destroy', 'log.heads', 'log.witness'] as const;
export type Task = (typeof tasks)[number];

export const allowedTasks: Readonly<Record<'web' | 'worker', readonly Task[]>> = {
	web: ['evidence.timestamp', 'messages.send', 'envelopes.attempt', 'identity.read', 'identity.erase', 'documents.destroy'],
	worker: tasks
};
